import { expect, test } from 'vitest';
import type { Rows } from '../../stark/air/check.ts';
import { P } from '../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { digestProgram } from '../../test/support/digest-forgeries.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { stepped } from '../../test/support/step.ts';
import { type Block, blockForgeries, blockNeverAlone } from '../../test/support/word-block-forgeries.ts';
import { bytesTable } from '../../vm/chips/bytes/air.ts';
import { philoxAir as air } from './air.ts';
import { MULTIPLIERS, ROUNDS } from './constants.ts';
import { PHILOX_INSTRUCTIONS } from './execute.ts';
import { multiply, roundKey } from './semantics.ts';
import { philoxChip, type RoundValues, writeRounds } from './trace.ts';

const [COUNTER_AT, KEY_AT] = [0x0002_0000, 0x0002_0100];
const COUNTER = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
const KEY = [0xa409_3822, 0x299f_31d0] as const;
const BLOCKS: readonly Block[] = [
  { name: 'counter', words: 4, pointer: 'rs1' },
  { name: 'key', words: 2, pointer: 'rs2' },
];
const BYTES = { bytes: (tuple: readonly number[]) => bytesTable.provider.positionOf(tuple) !== undefined };

const words = (address: number, values: readonly number[]): Record<number, number> =>
  Object.fromEntries(values.map((value, i) => [address / 4 + i, value]));
const rowOf = (counter: readonly number[], key: readonly number[]): Rows =>
  stepped(
    PHILOX_INSTRUCTIONS,
    [philoxChip],
    [
      {
        mnemonic: 'philox',
        fields: { rs1: 1, rs2: 2 },
        registers: { 1: COUNTER_AT, 2: KEY_AT },
        ram: { ...words(COUNTER_AT, counter), ...words(KEY_AT, key) },
      },
    ],
  ).trace(philoxChip);
const honest = rowOf(COUNTER, KEY);

/** The row with other values in its rounds, all that follows from them recomputed. */
function told(changes: Partial<RoundValues>, key: readonly [number, number] = KEY): Rows {
  const row = Uint32Array.from(honest.main[0]!);
  writeRounds(row, 0, COUNTER, key, changes);
  return { main: [Array.from(row)] };
}
const forge = (claim: string, changes: Partial<RoundValues>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest,
  forged: told(changes),
  rejectedBy,
});

const limbsOf = ({ high, low }: { high: number; low: number }): number[] => [
  low & 0xffff,
  low >>> 16,
  high & 0xffff,
  high >>> 16,
];
const wordsOf = ([a, b, c, d]: readonly number[]) => ({ low: a! + b! * 2 ** 16, high: c! + d! * 2 ** 16 });
/** 2^-16 = -0x7f00 mod p: a limb is off by one, the next one pays for it, and the carry between is no carry. */
const BORROW = (P - 1) / 2 ** 16;
const traded = (limbs: readonly number[], i: number): number[] => {
  const up = limbs[i]! < 0xffff && limbs[i + 1]! + BORROW < 2 ** 16;
  const out = [...limbs];
  out[i] = limbs[i]! + (up ? 1 : -1);
  out[i + 1] = limbs[i + 1]! + (up ? BORROW : -BORROW);
  if (out.some((limb) => limb < 0 || limb >= 2 ** 16)) throw new RangeError('limbs: expected room for a trade');
  return out;
};

const rounds = [...Array(ROUNDS).keys()];
const forgeries: Forgery[] = [
  ...blockForgeries({ air, honest, blocks: BLOCKS }),
  ...rounds.flatMap((r) =>
    ([0, 1] as const).flatMap((k): Forgery[] => {
      const into = k === 0 ? 1 : 0;
      const at = `product ${k} of round ${r}`;
      const product = (change: (limbs: number[]) => number[]): Partial<RoundValues> => ({
        product: (round, word, factor) => {
          const value = multiply(MULTIPLIERS[word], factor);
          return round === r && word === k ? wordsOf(change(limbsOf(value))) : value;
        },
      });
      const and = (withKey: boolean, i: number): Partial<RoundValues> => ({
        and: (round, word, isKey, x, y) => {
          const value = (x & y) >>> 0;
          if (round !== r || word !== into || isKey !== withKey) return value;
          const xor = ((x ^ y) >>> (8 * i)) & 0xff;
          return value + (xor >= 2 ? 1 : -1) * 2 ** (8 * i);
        },
      });
      return [
        ...[0, 1, 2].map((i) =>
          forge(
            `limbs ${i} and ${i + 1} of ${at} trade 1 for 0x7f00`,
            product((limbs) => traded(limbs, i)),
            `limb ${i} of ${at} has a carry`,
          ),
        ),
        forge(
          `another top limb of ${at}`,
          product(([a, b, c, d]) => [a!, b!, c!, d! ^ 1]),
          `limb 3 of ${at} adds up`,
        ),
        ...[0, 1, 2, 3].flatMap((i) => [
          forge(
            `byte ${i} of ${at} has another AND`,
            and(false, i),
            `byte ${i} of ${at} and the other word have this AND`,
          ),
          forge(
            `byte ${i} of the XOR after ${at} has another AND with the key`,
            and(true, i),
            `byte ${i} of their XOR, round ${r}, word ${2 * into}, and the key have this AND`,
          ),
        ]),
      ];
    }),
  ),
  ...([0, 1] as const).flatMap((k) =>
    [0, 1].flatMap((half): Forgery[] => {
      const step = 2 ** (16 * half);
      return [
        {
          claim: `limb ${half} of word ${k} of the key is another one`,
          honest,
          forged: told({}, k === 0 ? [KEY[0] + step, KEY[1]] : [KEY[0], KEY[1] + step]),
          rejectedBy: [`limb ${half} of key ${k} is made of bytes`],
        },
        ...rounds.slice(1).map((r) => {
          const value = roundKey(KEY[k], k, r);
          const [lo, hi] =
            half === 0 ? traded([value & 0xffff, value >>> 16], 0) : [value & 0xffff, (value >>> 16) ^ 1];
          const change = lo! + hi! * 2 ** 16 - value;
          return forge(
            `limb ${half} of word ${k} of the key of round ${r} is another one`,
            {
              key: (round, word) => {
                const honestKey = roundKey(KEY[word], word, round);
                return word === k && round >= r ? (honestKey + change) >>> 0 : honestKey;
              },
            },
            `limb ${half} of key ${k} of round ${r} adds up`,
          );
        }),
      ];
    }),
  ),
  ...[0, 1, 2, 3].map((i): Forgery => {
    const name = `factorLow[${i}]`;
    return {
      claim: `byte ${2 * (i % 2)} of word ${2 * (i >> 1)} of the counter takes 2^8 from the next one`,
      honest,
      forged: withCells(air, honest, 0, { [name]: cells(air, honest, name)[0]! + 2 ** 8 }),
      rejectedBy: [`${name} is below 2^8`],
    };
  }),
  ...[0, 1, 2, 3].map((i): Forgery => {
    const [k, half] = [i >> 1, i % 2];
    // The limb above, or the byte above with all that follows from it, pays for 2^16.
    const forged = told({
      product: (r, word, factor) => {
        const value = multiply(MULTIPLIERS[word], factor);
        return r === ROUNDS - 1 && word === k && half === 1 ? { low: value.low, high: value.high - 1 } : value;
      },
    });
    const [own, above] = [`lastLow[${i}]`, `lastLow[${i + 1}]`];
    return {
      claim: `limb ${half} of the last product ${k} takes 2^16 from the one above`,
      honest,
      forged: withCells(air, forged, 0, {
        [own]: cells(air, forged, own)[0]! + 2 ** 16,
        ...(half === 0 ? { [above]: cells(air, forged, above)[0]! - 1 } : {}),
      }),
      rejectedBy: [`${own} is below 2^16`],
    };
  }),
  bytesFromOutside(0, 0x3664_220b, 61, [27793, 37393, 26421, 11947]),
  bytesFromOutside(1, 0x72bf_0312, 38, [63774, 34486, 2223, 24102]),
  ...[0, 1].map(
    (k): Forgery => ({
      claim: `byte 2 of word ${2 * k} of the counter is one more, and byte 3 less by 1 / 256`,
      honest,
      forged: withCells(air, honest, 0, {
        [`factorLow[${2 * k + 1}]`]: cells(air, honest, `factorLow[${2 * k + 1}]`)[0]! + 1,
      }),
      rejectedBy: [
        `byte 3 of word ${2 * k} is a byte`,
        ...[1, 2].map((i) => `limb ${i} of product ${k} of round 0 has a carry`),
      ],
    }),
  ),
];

/**
 * Another byte 0 of a factor, and a byte 1 that is no byte: the word is the same, and a false product has carries that
 * are accepted, since (p - 1) / 256 is about 2^23. Word and byte were found by search.
 */
function bytesFromOutside(k: number, word: number, byte: number, product: readonly number[]): Forgery {
  const counter = COUNTER.with(2 * k, word);
  const row = rowOf(counter, KEY);
  const changed = Uint32Array.from(row.main[0]!);
  writeRounds(changed, 0, counter, KEY, {
    product: (r, word, factor) => (r === 0 && word === k ? wordsOf(product) : multiply(MULTIPLIERS[word], factor)),
  });
  return {
    claim: `word ${2 * k} of the counter has a byte that is none, and a false product`,
    honest: row,
    forged: withCells(air, { main: [Array.from(changed)] }, 0, { [`factorLow[${2 * k}]`]: byte }),
    rejectedBy: [`byte 1 of word ${2 * k} is a byte`],
  };
}

test('an honest row is what the trace writes', () => {
  expect(told({})).toEqual(honest);
});

test('no second result for the same counter and key', () => {
  const memory = BLOCKS.flatMap(({ name }) => [`${name}Limbs`, `${name}AgeLo`, `${name}AgeHi`]);
  const registers = ['rs1', 'rs2'].flatMap((name) => ['Address', 'Lo', 'Hi', 'Clk'].map((part) => name + part));
  const inputs = ['isReal', 'pc', 'clk', ...registers, ...memory];
  const query = { inputs, outputs: ['high', 'low', 'lastLow'], tables: BYTES, tries: 60 };
  for (const [counter, key] of [
    [COUNTER, KEY],
    [
      [0, 0, 0, 0],
      [0, 0],
    ],
  ] as const) {
    expect(findSecondWitness(air, { ...query, honest: rowOf(counter, key) })).toBeUndefined();
  }
});

describeForgeries(air, forgeries, {
  tables: { ...BYTES, ...digestProgram(air, honest) },
  neverAlone: {
    ...blockNeverAlone(BLOCKS),
    ...Object.fromEntries(
      [0, 2].map((word) => [
        `byte 3 of word ${word} is a byte`,
        'the top limb of the product has no carry, so that the false part of it, a difference of bytes times the top ' +
          'byte of the constant over 256, is a whole number: only 128 for an even one, which is no carry of limb 2',
      ]),
    ),
  },
});
