import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { P } from '../stark/field/koala-bear.ts';
import { CLAIM, rootFrom } from './claim.fixture.ts';
import { ProtocolError } from './protocol-error.ts';
import { ceilLog2, decodeStatement, encodeStatement, geometry, type LinearStatement } from './statement.ts';

const statement: LinearStatement = {
  ...CLAIM,
  rootX: rootFrom(100),
  rootW: rootFrom(200),
  rootY: rootFrom(300),
  rootBias: rootFrom(400),
  seed: Uint32Array.from({ length: 8 }, (_, i) => 0xfffffff0 + i),
};

describe('the linear statement', () => {
  it('has the documented words', () => {
    const words = encodeStatement(statement);
    expect(Array.from(words.slice(0, 8))).toEqual([0x4c504c55, 1, 0, 1, 256, 512, 512, 64]);
    expect(Buffer.from(words.slice(0, 1).buffer).toString()).toBe('ULPL');
    expect([words[8], words[17], words[26], words[35], words[44], words[51]]).toEqual([
      100, 200, 300, 400, 0xfffffff0, 0xfffffff7,
    ]);
    expect(words.length).toBe(52);
  });

  it('is read back as it was written, with and without a bias', () => {
    expect(decodeStatement(encodeStatement(statement))).toEqual(statement);
    const { rootBias: _, ...plain } = statement;
    expect(decodeStatement(encodeStatement(plain))).toEqual(plain);
  });

  it('has the side of its tiles among the flags', () => {
    const { rootBias: _, ...plain } = statement;
    const flags = (of: LinearStatement): number => encodeStatement(of)[3]!;
    for (const [tile, expected] of [
      [1, 0],
      [2, 2],
      [4, 4],
    ] as const) {
      expect([flags({ ...plain, tile }), flags({ ...statement, tile })]).toEqual([expected, expected + 1]);
      expect(decodeStatement(encodeStatement({ ...statement, tile }))).toEqual({ ...statement, tile });
    }
    expect(() => encodeStatement({ ...statement, tile: 3 as 4 })).toThrow('tile: expected 1, 2 or 4, got 3');
  });

  it('has one encoding: every accepted word sequence encodes to itself', () => {
    const good = encodeStatement(statement);
    const edge = fc.constantFrom(0, 1, 2, P - 1, P, 0xffffffff, 2 ** 24, 2 ** 20 + 1);
    fc.assert(
      fc.property(fc.nat(51), fc.oneof(edge, fc.nat(0xffffffff)), (at, value) => {
        const words = good.slice();
        words[at] = value;
        try {
          expect(encodeStatement(decodeStatement(words))).toEqual(words);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
          expect(error.code).toBe('statement');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [0, 0, 'magic: expected ULPL, this is no linear layer statement'],
    [1, 2, 'version: expected 1, got 2'],
    [2, 9, 'model: expected one of 0,1,2,3,4, got 9'],
    [3, 6, 'flags: expected less than 6, got 6'],
    [3, 0xffffffff, 'flags: expected less than 6, got 4294967295'],
    [3, 0, 'rootBias: expected 9 zeros without a bias'],
    [3, 4, 'rootBias: expected 9 zeros without a bias'],
    [4, 0, 'rows: expected an integer in [1, 16777216], got 0'],
    [5, 2 ** 24 + 1, 'columns: expected an integer in [1, 16777216], got 16777217'],
    [6, 2 ** 20 + 1, 'inner: expected an integer in [1, 1048576], got 1048577'],
    [7, 0, 'samples: expected an integer in [1, 1048576], got 0'],
    [8, P, `rootX: expected field elements below ${P}, got ${P}`],
    [34, P, `rootY: expected field elements below ${P}, got ${P}`],
  ])('is refused with word %i = %i', (at, value, message) => {
    const words = encodeStatement(statement);
    words[at] = value;
    expect(() => decodeStatement(words)).toThrow(new ProtocolError('statement', message));
  });

  it('is refused with a word missing or too many', () => {
    const words = encodeStatement(statement);
    expect(() => decodeStatement(words.slice(1))).toThrow('public input: expected 52 words, got 51');
  });

  it('is refused when Y has more leaves than a tree may have', () => {
    const words = encodeStatement({ ...statement, columns: 1 });
    words[4] = 2 ** 24;
    words[5] = 2 ** 24;
    expect(() => decodeStatement(words)).toThrow('rows x columns: expected at most 1073741824 leaves of Y');
  });

  it('derives block counts and depths', () => {
    expect(geometry(statement)).toEqual({
      dotBlocks: 32,
      rowBlocks: 33,
      leavesPerRowOfY: 11,
      depthX: 8,
      depthW: 9,
      depthY: 12,
      depthBias: 4,
    });
    expect(geometry({ rows: 1, columns: 1, inner: 53_248 })).toEqual({
      dotBlocks: 3328,
      rowBlocks: 3330,
      leavesPerRowOfY: 1,
      depthX: 0,
      depthW: 0,
      depthY: 0,
      depthBias: 0,
    });
    expect([1, 2, 3, 4, 5, 2 ** 30, 2 ** 30 + 1].map(ceilLog2)).toEqual([0, 1, 2, 2, 3, 30, 31]);
  });

  it('lets a guest divide by 48 with a multiplication', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), (n) => {
        expect(Number((BigInt(n) * 0xaaaaaaabn) >> 37n)).toBe(Math.floor(n / 48));
      }),
    );
  });
});
