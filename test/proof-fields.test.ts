/** A proof cut, extended or altered anywhere is rejected with a reason, and every message binds every later challenge. */
import { afterAll, describe, expect, test } from 'vitest';
import { P } from '../stark/field/koala-bear.ts';
import { createBackend } from '../stark/kernels/backend.ts';
import { FAST, type Parameters, STRONG } from '../stark/parameters.ts';
import { fixedRoots } from '../stark/prover/fixed.ts';
import { prove } from '../stark/prover/prove.ts';
import type { Relation } from '../stark/relation.ts';
import { verify } from '../stark/verifier/verify.ts';
import { toyRelation, toyResult, toyStatement, toyWitness } from './support/toy-relation.ts';
import { type Operation, replay, watch } from './support/transcript-log.ts';

const backend = createBackend({ threads: 1 });
afterAll(() => backend.close());

const roots = await fixedRoots(toyRelation());
const relation = toyRelation(roots);
const inputs = [3, 1, 4, 1, 5];
const statement = toyStatement(2, inputs, toyResult(2, inputs));
const provenWith = async (parameters: Parameters): Promise<Uint8Array> => {
  const randomness = { kind: 'test', insecureSeed: new Uint8Array(32).fill(7) } as const;
  return (await prove(relation, statement, toyWitness(2, inputs, 11), { parameters, backend, randomness })).proof;
};
const proofs = { fast: await provenWith(FAST), strong: await provenWith(STRONG) };
const proof = proofs.fast;

const codeOf = (bytes: Uint8Array, of: Relation = relation, claim = statement): string => {
  const verdict = verify(of, claim, bytes);
  return verdict.ok ? 'accepted' : verdict.why.code;
};
const flipped = (bytes: Uint8Array, at: number, mask = 1): Uint8Array => {
  const copy = bytes.slice();
  copy[at]! ^= mask;
  return copy;
};
const log = watch(() => verify(relation, statement, proof));
const reads = log.filter((operation): operation is Operation & { kind: 'read' } => operation.kind === 'read');
const fields = reads.filter(({ length }) => length > 0);

describe('an honest proof', () => {
  test.each(['fast', 'strong'] as const)('with %s parameters is accepted', (name) => {
    expect(codeOf(proofs[name])).toBe('accepted');
  });

  test('is read to its last byte', () => {
    const last = reads[reads.length - 1]!;
    expect(last.offset + last.length).toBe(proof.length);
  });
});

/** What rejects a proof in which one bit of this field is flipped. */
const EXPECTED: readonly [label: RegExp, codes: readonly string[]][] = [
  [/^header$/, ['malformed', 'proof-of-work', 'out-of-domain-mismatch', 'bus-unbalanced']],
  [/^heights$/, ['shape', 'malformed', 'bus-unbalanced']],
  [
    /root$|^terminals$|^values$|^work\/|^final polynomial$/,
    ['malformed', 'bus-unbalanced', 'out-of-domain-mismatch', 'proof-of-work'],
  ],
  [/rows$|groups$|salts$|siblings$/, ['merkle-path', 'malformed']],
];

describe('one bit of any field', () => {
  test.each(fields.map((field) => [field.label, field] as const))('of "%s" flipped is rejected', (label, field) => {
    const { offset, length } = field;
    const codes = EXPECTED.find(([pattern]) => pattern.test(label))![1];
    for (const at of new Set([offset, offset + (length >> 1), offset + length - 1])) {
      for (const mask of [1, 0x80]) expect(codes).toContain(codeOf(flipped(proof, at, mask)));
    }
  });
});

describe('length', () => {
  test('a proof cut anywhere is malformed', () => {
    for (const { offset, length } of fields.slice(2)) {
      for (const cut of [offset, offset + length - 1]) {
        expect(['malformed', 'shape']).toContain(codeOf(proof.slice(0, cut)));
      }
    }
    expect(codeOf(new Uint8Array(0))).toBe('malformed');
  });

  test('a proof with more bytes is malformed', () => {
    const longer = new Uint8Array(proof.length + 1);
    longer.set(proof);
    expect(codeOf(longer)).toBe('malformed');
  });

  test('bytes that are no proof are rejected and never throw', () => {
    let state = 1;
    for (let i = 0; i < 2000; i++) {
      const bytes = i % 2 === 0 ? new Uint8Array(i) : proof.slice();
      for (let k = 0; k < 20; k++) {
        state = (Math.imul(state, 1103515245) + 12345) >>> 0;
        if (bytes.length > 0) bytes[state % Math.min(bytes.length, 4000)] = state >>> 24;
      }
      expect(codeOf(bytes)).not.toBe('accepted');
    }
  }, 120_000);
});

describe('encoding', () => {
  test('a field element has one encoding: x + p is malformed', () => {
    for (const label of ['terminals', 'values', 'final polynomial', 'main rows']) {
      const { offset, length } = fields.find((field) => field.label === label)!;
      const copy = proof.slice();
      const view = new DataView(copy.buffer);
      const at = Array.from({ length: length / 4 }, (_, i) => offset + 4 * i).find(
        (i) => view.getUint32(i, true) + P < 2 ** 32,
      )!;
      view.setUint32(at, view.getUint32(at, true) + P, true);
      expect(codeOf(copy)).toBe('malformed');
    }
  });
});

describe('Fiat-Shamir', () => {
  const firstQuery = log.findIndex(({ kind, label }) => kind === 'squeeze' && label === 'query');
  const before = log.slice(0, firstQuery + 1);
  const honest = replay(before, proof);

  test('a replay draws the challenges that the verifier drew', () => {
    expect(honest).toEqual(before.flatMap((o) => (o.kind === 'squeeze' ? [o.bytes] : [])));
  });

  test('flipping any byte before the queries changes every later challenge and no earlier one', () => {
    before.forEach((operation, position) => {
      if (operation.kind !== 'read') return;
      const drawnBefore = before.slice(0, position).filter(({ kind }) => kind === 'squeeze').length;
      const step = operation.length <= 64 ? 1 : 61;
      for (let i = 0; i < operation.length; i += step) {
        const drawn = replay(before, flipped(proof, operation.offset + i));
        const changed = drawn.map((bytes, k) => bytes.some((byte, j) => byte !== honest[k]![j]));
        expect(changed).toEqual(honest.map((_, k) => k >= drawnBefore));
      }
    });
  });

  test('the messages that are absorbed are these, in this order', () => {
    const labels = before.map(({ kind, label }) => `${kind} ${label}`).filter((text, i, all) => text !== all[i - 1]);
    expect(labels).toMatchInlineSnapshot(`
      [
        "read header",
        "absorb protocol",
        "absorb relation",
        "absorb statement",
        "read heights",
        "read main root",
        "squeeze lookup/0",
        "read aux root",
        "read terminals",
        "squeeze constraints/0",
        "read quotient root",
        "squeeze out-of-domain/0",
        "read values",
        "squeeze batching/0",
        "read fri 0 root",
        "squeeze fold 0/0",
        "read final polynomial",
        "read work/query",
        "squeeze query",
      ]
    `);
  });

  test('a changed relation, parameter set or statement is another stream of challenges', () => {
    const other: Relation = {
      ...relation,
      airs: relation.airs.map((air, i) => (i === 0 ? { ...air, name: 'other' } : air)),
    };
    for (const run of [
      () => verify(other, { ...statement }, proof),
      () => verify(relation, { ...statement, bytes: flipped(statement.bytes, 0) }, proof),
      () => verify({ ...relation, fixedRoots: { ...roots, fast: roots['strong']! } }, statement, proof),
    ]) {
      const drawn = watch(run).filter(({ kind }) => kind === 'squeeze');
      const first = log.find(({ kind }) => kind === 'squeeze');
      expect(drawn[0]).not.toEqual(first);
    }
  });
});

describe('a proof of another statement', () => {
  const cases: readonly [string, () => string][] = [
    ['another result', () => codeOf(proof, relation, toyStatement(2, inputs, toyResult(2, inputs) + 1))],
    ['another start', () => codeOf(proof, relation, toyStatement(3, inputs, toyResult(2, inputs)))],
    ['another input', () => codeOf(proof, relation, toyStatement(2, [3, 1, 4, 1, 6], toyResult(2, inputs)))],
    ['fewer inputs', () => codeOf(proof, relation, toyStatement(2, inputs.slice(1), toyResult(2, inputs)))],
  ];
  test.each(cases)('%s is rejected', (_, code) => {
    expect(['bus-unbalanced', 'out-of-domain-mismatch', 'proof-of-work']).toContain(code());
  });
});
