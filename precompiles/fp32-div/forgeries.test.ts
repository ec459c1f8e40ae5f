import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Rows } from '../../stark/air/check.ts';
import { P } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { settled } from '../../test/support/forgery-search.ts';
import { drawWord, randomOf, served } from '../../test/support/fp32.ts';
import {
  ANSWERS,
  SERVICE_TABLES,
  serviceAir,
  serviceForgeries,
  weightForgery,
} from '../../test/support/fp32-search.ts';
import { significandOf } from '../fp32-add/semantics.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialOutcome } from '../fp32-special/semantics.ts';
import { fp32DivAir } from './air.ts';
import { recordDivision } from './execute.ts';
import { fp32DivChip } from './trace.ts';

const REQUEST = 'the division was asked for';
const INPUTS = ['mode', 'aLo', 'aHi', 'bLo', 'bHi'];
const OUTPUTS = ['outLo', 'outHi', 'flags'];

const rowOf = (mode: number, a: number, b: number): Rows =>
  served([fp32DivChip], (machine) => recordDivision(machine, mode, a, b)).get('fp32-div')!;
const bases = [
  { name: '1.5 / 3', honest: rowOf(0, 0x3fc0_0000, 0x4040_0000) },
  { name: '1.1 / pi', honest: rowOf(1, 0x3f8c_cccd, 0x4049_0fdb) },
  { name: '1.0005 / -1, down', honest: rowOf(2, 0x3f80_1234, 0xbf80_0000) },
  { name: '2^-149 / 2^23, up', honest: rowOf(3, 1, 0x4b00_0123) },
  { name: '2^-80 / 2^-149', honest: rowOf(4, 0x178c_cccd, 1) },
  { name: '2^127 / 2^127', honest: rowOf(0, 0x7f00_0000, 0x7f00_0001) },
];

/** What a row claims: quotient, remainder, and by how many limbs a is moved up (the selectors, where they are others). */
interface Claim {
  readonly q: bigint;
  readonly r: bigint;
  readonly limbs?: number;
  readonly selectors?: readonly [number, number];
}

/** The row with another quotient and remainder, the best that a prover can make of it: carries and inverses mod p. */
function claiming(honest: Rows, { q, r, limbs = 2, selectors }: Claim, more: Record<string, number> = {}): Rows {
  const divisor = cells(fp32DivAir, honest, 'bUpper')[0]! * 2 ** 16 + cells(fp32DivAir, honest, 'bLo')[0]!;
  const gap = BigInt(divisor) - 1n - r;
  const byte = (i: number): number => Number(i === 4 ? q >> 32n : (q >> BigInt(8 * i)) & 0xffn);
  const [one, two] = selectors ?? [limbs === 1 ? 1 : 0, limbs === 2 ? 1 : 0];
  const rows = withCells(fp32DivAir, honest, 0, {
    'limbs[0]': one,
    'limbs[1]': two,
    ...Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`quotient[${i}]`, byte(i)])),
    remainderLo: Number(r & 0xffffn),
    remainderHi: Number(r >> 16n),
    gapLo: Number(gap & 0xffffn),
    gapHi: Number(gap >> 16n),
    sticky: r === 0n ? 0 : 1,
    stickyInverse: 0,
    ...more,
  });
  const steps = [
    ['limb 0 of the product with the quotient adds up', 'carry[0]'],
    ['limb 1 of the product with the quotient adds up', 'carry[1]'],
    ['limb 2 of the product with the quotient adds up', 'carry[2]'],
    ...(q >> 24n === 0n ? [] : [['the quotient has 25 bits', 'quotientInverse'] as const]),
    ...(r === 0n ? [] : [['with sticky something is left', 'stickyInverse'] as const]),
    ['fp32-round'],
  ] as const;
  return settled(air, rows, steps, ANSWERS);
}

/** Quotient and remainder of integers. */
const divided = (dividend: bigint, divisor: bigint): { q: bigint; r: bigint } => ({
  q: dividend / divisor,
  r: dividend % divisor,
});

const air = serviceAir(fp32DivAir);
const [ordinary, dense] = [bases[0]!.honest, bases[1]!.honest];
const [A, B] = [0x8c_cccdn, 0xc9_0fdbn];
/** 3 * 2^-149 / 1.1, and both subnormal: significands of one limb. */
const subnormal = rowOf(0, 3, 0x3f8c_cccd);
const small = rowOf(0, 0x7001, 0x7fff);
/** 1 + 2^-7 + 2^-15 + 2^-23, by 1. */
const sparse = rowOf(0, 0x3f81_0101, 0x3f80_0000);
const SPARSE = 0x81_0101n << 32n;
const smaller = rowOf(0, 0xb5, 0x7fff);
const [SMALL_A, SMALL_B] = [0x7001n, 0x7fffn];
const lie = (claim: string, honest: Rows, forged: Rows, ...rejectedBy: string[]): Forgery => ({
  ...{ claim, honest, forged, rejectedBy },
});
/** The row of a division by 2^-149, asked for one by 0. */
const byZero = (a: number): Rows => withCells(fp32DivAir, rowOf(0, a, 1), 0, { bLo: 0, bLowest: 0 });
const LEAST_DIVIDED = byZero(5);
const ZERO_DIVIDED = withCells(fp32DivAir, LEAST_DIVIDED, 0, { aLo: 0 });
const smallQuotient = divided(SMALL_A << 32n, SMALL_B);

const byHand: Forgery[] = [
  lie('another division than was asked for', ordinary, dense, REQUEST),
  weightForgery(
    air,
    small,
    cellsOf(
      claiming(small, { ...divided(SMALL_A * (2n ** 16n + 2n ** 32n), SMALL_B), selectors: [1, 1] }, { isReal: 2 }),
      { gapLo: -1 },
    ),
  ),
  ...[0, 1, 2].map((i) =>
    lie(
      `the dividend is larger by 2^${16 * i} p`,
      dense,
      claiming(dense, divided((A << 32n) + (BigInt(P) << BigInt(16 * i)), B)),
      `carry[${i}] is below 2^10`,
    ),
  ),
  lie(
    'a is moved up by -1 + 2 limbs and by 3',
    subnormal,
    claiming(subnormal, { ...divided(3n * (2n ** 48n + 2n ** 32n - 2n ** 16n), 0x8c_cccdn), selectors: [-1, 1] }),
    'limbs[0] is a bit',
  ),
  lie(
    'a is moved up by 1 - 2 limbs and by 3',
    subnormal,
    claiming(subnormal, { ...divided(3n * (2n ** 48n - 2n ** 32n + 2n ** 16n), 0x8c_cccdn), selectors: [1, -1] }),
    'limbs[1] is a bit',
  ),
  lie(
    'a without its upper limb, moved up by 3 limbs',
    bases[2]!.honest,
    claiming(bases[2]!.honest, { ...divided(0x1234n << 48n, 0x80_0000n), limbs: 3 }),
    'a moved up by 3 limbs has one',
  ),
  lie(
    'a quotient of 41 bits',
    smaller,
    claiming(smaller, { ...divided(0xb5n << 48n, SMALL_B), limbs: 3 }),
    'quotient[4] is below 2^8',
  ),
  lie(
    'a quotient of 16 bits and a remainder',
    dense,
    claiming(dense, { ...divided(A << 16n, B), limbs: 1 }),
    'the quotient has 25 bits',
  ),
  lie(
    'the quotient is one more, the remainder negative',
    small,
    claiming(small, { q: smallQuotient.q + 1n, r: smallQuotient.r - SMALL_B }),
    'remainderHi is below 2^8',
  ),
  lie(
    'the quotient is one less, the remainder larger than the divisor',
    small,
    claiming(small, { q: smallQuotient.q - 1n, r: smallQuotient.r + SMALL_B }),
    'gapHi is below 2^8',
  ),
  // Any quotient times 0 is 0: that nothing left is less than the divisor is all that refuses it.
  ...(
    [
      ['0 / 0 is 3: the gap is -1 = 0x7f00 * 2^16 mod p', ZERO_DIVIDED, 0n],
      ['5 * 2^-149 / 0 is 3: 5 is what is left of it', LEAST_DIVIDED, 5n << 16n],
    ] as const
  ).map(([claim, row, r]): Forgery => {
    const forged = claiming(row, { q: 3n << 24n, r, limbs: 1 }, { gapLo: 0, gapHi: 0x7f00 - Number(r >> 16n) });
    return { claim, honest: forged, forged, rejectedBy: ['gapHi is below 2^8'] };
  }),
  ...[0, 1, 2, 3].map((i) =>
    lie(
      `byte ${i} of the quotient takes one of the next`,
      sparse,
      claiming(sparse, divided(SPARSE, 0x80_0000n), {
        [`quotient[${i}]`]: Number(((SPARSE / 0x80_0000n) >> BigInt(8 * i)) & 0xffn) + 256,
        [`quotient[${i + 1}]`]: (Number((SPARSE / 0x80_0000n) >> BigInt(8 * i + 8)) % 256) - 1,
      }),
      `quotient[${i}] is below 2^8`,
    ),
  ),
];

/** All cells by name, with changes added. */
function cellsOf(rows: Rows, changes: Record<string, number>): Record<string, number> {
  const all = Object.fromEntries(fp32DivAir.main.map(({ name }) => [name, cells(fp32DivAir, rows, name)[0]!]));
  for (const [name, by] of Object.entries(changes)) all[name]! += by;
  return all;
}

const query = { air: fp32DivAir, request: REQUEST, inputs: INPUTS, bases };
describeForgeries(air, serviceForgeries(query, byHand), {
  pastRanges: ['bLowest is below 2^8', 'remainderLo is below 2^16'],
  tables: SERVICE_TABLES,
});

test('every quotient that can be claimed rounds to the same', () => {
  const random = randomOf(5);
  let accepted = 0;
  for (let i = 0; i < 60; i++) {
    const [a, b] = [drawWord(random), drawWord(random)];
    if (specialOutcome(OPERATION.div, 0, a, b, 0) !== undefined) continue;
    const honest = rowOf(i % 5, a, b);
    const [dividend, divisor] = [BigInt(significandOf(a)), BigInt(significandOf(b))];
    for (const limbs of [1, 2, 3]) {
      const { q, r } = divided(dividend << BigInt(16 * limbs), divisor);
      for (const by of [-1n, 0n, 1n]) {
        if (q + by < 0n) continue;
        const row = claiming(honest, { q: q + by, r: r - by * divisor, limbs });
        if (objections(air, row, honest, SERVICE_TABLES).length > 0) continue;
        accepted += 1;
        for (const name of OUTPUTS) expect(cells(air, row, name)).toEqual(cells(air, honest, name));
      }
    }
  }
  expect(accepted).toBeGreaterThan(30);
});

test('the search for a second result finds none', () => {
  for (const [seed, { name, honest }] of bases.entries()) {
    const query = { honest, inputs: INPUTS, outputs: OUTPUTS, tables: SERVICE_TABLES, seed, tries: 60 };
    expect(findSecondWitness(air, query), name).toBeUndefined();
  }
});
