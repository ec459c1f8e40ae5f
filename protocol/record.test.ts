import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLAIM, rootFrom } from './claim.fixture.ts';
import { challenge } from './linear.ts';
import { ProtocolError } from './protocol-error.ts';
import { formatRecord, hexOf, type LinearRecord, linearRecord, parseRecord, recordStatement } from './record.ts';
import { encodeStatement } from './statement.ts';
import { canonicalJson } from './strict-json.ts';

const digests = { program: 'aa'.repeat(32), key: 'bb'.repeat(32), proof: 'cc'.repeat(32) };
const { statement, mode } = challenge(CLAIM);
const record = linearRecord(statement, mode, digests);
const text = formatRecord(record);

describe('the record of a linear layer', () => {
  it('is canonical JSON with the escape probabilities of its samples', () => {
    expect(text).toBe(`${canonicalJson(JSON.parse(text))}\n`);
    expect(JSON.parse(text)).toMatchObject({
      version: 1,
      kind: 'linear',
      model: 'hopper',
      shape: { rows: 256, columns: 512, inner: 512 },
      samples: 64,
      roots: { x: '010000000200000003000000040000000500000006000000070000000800000009000000' },
      challenge: { mode: 'fiat-shamir', seed: hexOf(statement.seed) },
      ...digests,
    });
    expect(record.assurance.escape[0]).toEqual({ fraction: 0.5, probability: 2 ** -64 });
  });

  it('gives back its statement, with a bias and a seed of the verifier too', () => {
    expect(parseRecord(text)).toEqual(record);
    expect(encodeStatement(recordStatement(record))).toEqual(encodeStatement(statement));
    const other = challenge({ ...CLAIM, rootBias: rootFrom(31) }, new Uint8Array(32).fill(255));
    const written = linearRecord(other.statement, other.mode, digests);
    expect(written.challenge).toEqual({ mode: 'verifier', seed: 'ff'.repeat(32) });
    expect(recordStatement(parseRecord(formatRecord(written)))).toEqual(other.statement);
  });

  it('names its tiles, if there are some', () => {
    expect(JSON.parse(text)).not.toHaveProperty('tile');
    const tiled = challenge({ ...CLAIM, tile: 4 });
    const written = linearRecord(tiled.statement, tiled.mode, digests);
    expect(JSON.parse(formatRecord(written))).toMatchObject({ samples: 64, tile: 4 });
    expect(recordStatement(parseRecord(formatRecord(written)))).toEqual(tiled.statement);
    const without = formatRecord(written).replace(',"tile":4', '');
    expect(() => parseRecord(without)).toThrow('challenge.seed: expected the hash of the statement');
  });

  it.each<[string, (r: LinearRecord) => unknown, string]>([
    ['another version', (r) => ({ ...r, version: 2 }), 'version: expected 1'],
    ['another kind', (r) => ({ ...r, kind: 'norm' }), 'kind: expected "linear"'],
    [
      'an unknown model',
      (r) => ({ ...r, model: 'toString' }),
      'model: expected one of hopper, ampere, blackwell, amx, fma',
    ],
    ['no shape', (r) => ({ ...r, shape: undefined }), 'shape: expected an object'],
    ['rows as text', (r) => ({ ...r, shape: { ...r.shape, rows: '256' } }), 'shape.rows: expected a number'],
    [
      'no rows at all',
      (r) => ({ ...r, shape: { ...r.shape, rows: 0 } }),
      'rows: expected an integer in [1, 16777216], got 0',
    ],
    ['half a sample', (r) => ({ ...r, samples: 0.5 }), 'samples: expected an integer in [1, 1048576], got 0.5'],
    ['tiles of three', (r) => ({ ...r, tile: 3 }), 'tile: expected 1, 2 or 4, got 3'],
    ['tiles as text', (r) => ({ ...r, tile: '2' }), 'tile: expected a number'],
    ['tiles of one', (r) => ({ ...r, tile: 1 }), 'record: expected canonical JSON without other members'],
    ['tiles under the same seed', (r) => ({ ...r, tile: 2 }), 'challenge.seed: expected the hash of the statement'],
    ['a short root', (r) => ({ ...r, roots: { ...r.roots, y: '00' } }), 'roots.y: expected 36 bytes in lower-case hex'],
    [
      'a root that is no residue',
      (r) => ({ ...r, roots: { ...r.roots, w: 'ff'.repeat(36) } }),
      'rootW: expected field elements below 2130706433, got 4294967295',
    ],
    [
      'an unknown mode',
      (r) => ({ ...r, challenge: { ...r.challenge, mode: 'none' } }),
      'challenge.mode: expected "fiat-shamir" or "verifier"',
    ],
    [
      'a Fiat-Shamir seed of its own',
      (r) => ({ ...r, challenge: { mode: 'fiat-shamir', seed: '00'.repeat(32) } }),
      'challenge.seed: expected the hash of the statement',
    ],
    [
      'another k under the same seed',
      (r) => ({ ...r, samples: 65 }),
      'challenge.seed: expected the hash of the statement',
    ],
    ['upper-case hex', (r) => ({ ...r, key: 'BB'.repeat(32) }), 'key: expected 32 bytes in lower-case hex'],
    ['no proof digest', (r) => ({ ...r, proof: undefined }), 'proof: expected 32 bytes in lower-case hex'],
    [
      'an assurance that promises more',
      (r) => ({ ...r, assurance: { kind: 'sampled', escape: [] } }),
      'assurance: expected the table of 64 samples',
    ],
    ['another member', (r) => ({ ...r, note: 'x' }), 'record: expected canonical JSON without other members'],
  ])('is refused with %s', (_, change, message) => {
    const changed = `${canonicalJson(change(JSON.parse(text)))}\n`;
    expect(() => parseRecord(changed)).toThrow(expect.objectContaining({ code: 'record', message }));
  });

  it('is refused in another spelling', () => {
    const message = 'record: expected canonical JSON without other members';
    for (const spelled of [
      text.trim(),
      ` ${text}`,
      JSON.stringify(JSON.parse(text), null, 2),
      text.replace('256', '2.56e2'),
    ]) {
      expect(() => parseRecord(spelled)).toThrow(expect.objectContaining({ code: 'record', message }));
    }
    expect(() => parseRecord('{"a":1,"a":2}')).toThrow(expect.objectContaining({ code: 'record' }));
  });

  it('never causes anything but a ProtocolError, whatever characters are changed', () => {
    const change = fc.tuple(fc.nat(text.length - 1), fc.constantFrom(...'{}[]",:0159aeE.-ntf '));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const characters = text.split('');
        for (const [at, character] of changes) characters[at] = character;
        try {
          expect(formatRecord(parseRecord(characters.join('')))).toBe(characters.join(''));
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          expect(error.code).toBe('record');
        }
      }),
      { numRuns: 1000 },
    );
  });
});
