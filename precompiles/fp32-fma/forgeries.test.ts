import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Rows } from '../../stark/air/check.ts';
import { centred, type Felt, mul, P } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { settled } from '../../test/support/forgery-search.ts';
import { drawAddend, drawWord, randomOf, served } from '../../test/support/fp32.ts';
import {
  ANSWERS,
  SERVICE_TABLES,
  serviceAir,
  serviceForgeries,
  weightForgery,
} from '../../test/support/fp32-search.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialOutcome } from '../fp32-special/semantics.ts';
import { fp32FmaAir } from './air.ts';
import { recordFused } from './execute.ts';
import { fp32FmaChip } from './trace.ts';

const REQUEST = 'the fused sum was asked for';
const INPUTS = ['mode', 'negateProduct', 'negateAddend', 'aLo', 'aHi', 'bLo', 'bHi', 'cLo', 'cHi'];
const OUTPUTS = ['outLo', 'outHi', 'flags'];

const rowOf = (mode: number, negations: number, a: number, b: number, c: number): Rows =>
  served([fp32FmaChip], (machine) => recordFused(machine, mode, negations, a, b, c)).get('fp32-fma')!;
const [ONE, MINUS_ONE] = [0x3f80_0000, 0xbf80_0000];
const bases = [
  { name: '1.5 * 3 + 1', honest: rowOf(0, 0, 0x3fc0_0000, 0x4040_0000, ONE) },
  { name: '1.1 * pi - 1.1', honest: rowOf(1, 2, 0x3f8c_cccd, 0x4049_0fdb, 0x3f8c_cccd) },
  { name: '-1.0005 + 0, down', honest: rowOf(2, 0, 0x3f80_1234, MINUS_ONE, 0) },
  { name: '2^-149 * 2^23 + 2^127, up', honest: rowOf(3, 0, 1, 0x4b00_0123, 0x7f12_3456) },
  { name: '1.1 * 1.003 + 1.009', honest: rowOf(4, 0, 0x3f8c_cccd, 0x3f80_8000, 0x3f81_2345) },
  { name: '1 - 1', honest: rowOf(0, 0, ONE, ONE, MINUS_ONE) },
  { name: '2^126 + 2^-95', honest: rowOf(1, 0, 0x7f00_0000, 0x3f00_0001, 0x1000_0001) },
];
const air = serviceAir(fp32FmaAir);

const cell = (rows: Rows, name: string): number => cells(fp32FmaAir, rows, name)[0]!;
const signed = (value: number): bigint => BigInt(centred(value));
const significand = (rows: Rows, name: string): bigint =>
  BigInt(cell(rows, `${name}Upper`) * 2 ** 16 + cell(rows, `${name}Lo`));

/** The sum that the cells of the addend's place say, in units of the chip: positive in the direction of the product. */
function sumOf(rows: Rows): bigint {
  const [power, upper] = [BigInt(cell(rows, 'power')), BigInt(cell(rows, 'cUpper'))];
  const moved = signed(cell(rows, 'stayedLow')) * power + ((signed(cell(rows, 'movedLow')) + upper * power) << 16n);
  let addend = 0n;
  for (let i = 0; i < 6; i++) addend += signed(cell(rows, `limbs[${i}]`)) * (moved << BigInt(16 * i));
  const product = significand(rows, 'a') * significand(rows, 'b');
  return (product << 32n) + (cell(rows, 'opposed') === 1 ? -addend : addend);
}

interface Lies {
  /** Added to the sum. */
  readonly deviation?: bigint;
  /** Limbs below W; default as few as possible. */
  readonly drop?: number;
  readonly isReversed?: number;
  readonly isZero?: number;
  readonly sticky?: number;
}

/** The row with these cells, the sum that they say and other lies about it: carries and inverses mod p. */
function claiming(honest: Rows, before: Record<string, number>, lies: Lies = {}, after: Record<string, number> = {}) {
  const changed = withCells(fp32FmaAir, honest, 0, before);
  const total = sumOf(changed) + (lies.deviation ?? 0n);
  const magnitude = total < 0n ? -total : total;
  let drop = lies.drop ?? 0;
  if (lies.drop === undefined) while (magnitude >> BigInt(64 + 16 * drop) > 0n && drop < 3) drop += 1;
  const digit = (i: number, last: boolean): number =>
    Number(last ? magnitude >> BigInt(16 * i) : (magnitude >> BigInt(16 * i)) & 0xffffn);
  const digits = [0, 1, 2, 3].map((i) => digit(drop + i, i === 3));
  const dropped = [0, 1, 2].map((i) => (i < drop ? digit(i, false) : 0));
  const below = dropped.reduce((sum, x) => sum + x, 0);
  const lead = digits[3]! + (drop === 0 ? digits[0]! + digits[1]! + digits[2]! : 0);
  const isZero = lies.isZero ?? (magnitude === 0n ? 1 : 0);
  const sticky = lies.sticky ?? (below > 0 ? 1 : 0);
  const rows = withCells(fp32FmaAir, changed, 0, {
    ...Object.fromEntries(digits.map((x, i) => [`w[${i}]`, x])),
    ...Object.fromEntries(dropped.map((x, i) => [`dropped[${i}]`, x])),
    ...Object.fromEntries([0, 1, 2, 3].map((i) => [`drop[${i}]`, i === drop ? 1 : 0])),
    isReversed: lies.isReversed ?? (total < 0n ? 1 : 0),
    isZero,
    sticky,
    stickyInverse: 0,
    leadInverse: 0,
    ...after,
  });
  return finished(rows, below > 0 && sticky === 1, lead > 0 && isZero === 0, isZero === 1);
}

function finished(rows: Rows, hasSticky: boolean, hasLead: boolean, isZero: boolean): Rows {
  const steps = [
    ['limb 0 of the sum adds up', 'borrow'],
    ...[1, 2, 3, 4, 5].map((i) => [`limb ${i} of the sum adds up`, `carry[${i - 1}]`] as const),
    ['the sum has the sign of the larger term', 'negative'],
    ['the exponent is that of W', 'exponent'],
    ...(hasSticky ? [['something is below W if sticky', 'stickyInverse'] as const] : []),
    ...(hasLead ? [['any other has its highest limb, or drops none', 'leadInverse'] as const] : []),
    ['fp32-round'],
  ] as const;
  const done = settled(air, rows, steps, ANSWERS);
  if (!isZero) return done;
  return withCells(air, done, 0, { outLo: 0, outHi: cell(done, 'isDown') * 2 ** 15, flags: 0 });
}

const lie = (claim: string, honest: Rows, forged: Rows, ...rejectedBy: string[]): Forgery => ({
  ...{ claim, honest, forged, rejectedBy },
});
const [ordinary, dense] = [bases[0]!.honest, bases[1]!.honest];
/** Products of the significands 3 and 5; 2^8 and 2^8; 2^16 - 1 and 1; 2^16 + 1 and 1; nothing added. */
const few = rowOf(0, 0, 3, 5, 0);
const [squared, below16, above16] = [rowOf(0, 0, 256, 256, 0), rowOf(0, 0, 0xffff, 1, 0), rowOf(0, 0, 0x1_0001, 1, 0)];
/** The addend is at place 50 = 3 * 16 + 2, at place 48, far below. */
const at50 = rowOf(0, 0, 0x4100_4321, 0x4080_1357, ONE + 0xd235);
const at48 = rowOf(0, 0, 0x4180_4321, 0x4100_1357, ONE + 0x1235);
const tail = rowOf(0, 0, ONE, ONE, 1);
/** The sum is 2^64. */
const above64 = rowOf(0, 0, 0x200, ONE, 0);

/** Dropped limb 1 keeps its carry: the next one is less by one. */
const keeping = bases.map(({ honest }) => honest).find((rows) => cell(rows, 'dropped[2]') > 0)!;
const kept = withCells(air, keeping, 0, {
  'dropped[1]': cell(keeping, 'dropped[1]') + 2 ** 16,
  'dropped[2]': cell(keeping, 'dropped[2]') - 1,
  'carry[0]': cell(keeping, 'carry[0]') - 1,
});

const byHand: Forgery[] = [
  lie(
    'a dropped limb keeps its carry',
    keeping,
    settled(air, kept, [['something is below W if sticky', 'stickyInverse']], ANSWERS),
    'dropped[1] is below 2^16',
  ),
  lie('another sum than was asked for', ordinary, dense, REQUEST),
  weightForgery(air, few, weightCells()),
  ...[0, 1, 2, 3, 4, 5].map((i) =>
    lie(
      `the sum is larger by 2^${16 * i} p`,
      dense,
      claiming(dense, {}, { deviation: BigInt(P) << BigInt(16 * i) }),
      i === 0 ? 'the first carry is -1, 0 or 1' : `carry ${i} has ten bits`,
    ),
  ),
  lie(
    'the low limb of c has other upper bits',
    at50,
    claiming(at50, { stayedLow: cell(at50, 'stayedLow') - 1 }),
    'the low limb of c is split',
  ),
  lie(
    'the low limb of c is one more, and p is less',
    at48,
    claiming(at48, { stayedLow: cell(at48, 'stayedLow') + 1, movedLow: (P - 1) / 2 ** 16 }),
    'the low limb of c gives its `zeros` upper bits',
  ),
  lie(
    'the low limb of c keeps a bit that moves',
    at50,
    claiming(at50, {
      stayedLow: cell(at50, 'stayedLow') + 2 ** 14,
      movedLow: cell(at50, 'movedLow') - 1,
    }),
    'the low limb of c keeps the others',
  ),
  lie(
    'c is moved up by -1 limbs, 1 and 2',
    at48,
    claiming(at48, { 'limbs[0]': -1, 'limbs[1]': 1, 'limbs[2]': 1, 'limbs[3]': 0 }),
    'limbs[0] is a bit',
  ),
  lie(
    'the product is moved down instead of c',
    at50,
    claiming(at50, {
      ...{ isHuge: -1, excess: 82 - 50, 'limbs[3]': 0, 'limbs[5]': 1 },
    }),
    'isHuge is a bit',
  ),
  lie('1 * 1 + 2^-149 is exact', tail, claiming(tail, {}, { sticky: 0 }), 'nothing is below W unless sticky'),
  lie('a sum with W is zero', few, claiming(few, {}, { isZero: 1 }), 'a zero sum has no limb in W'),
  lie('a sum without upper limb is zero', few, claiming(few, {}, { isZero: 1, drop: 1 }), 'a zero sum drops none'),
  ...[0, 1, 2].map((i) =>
    lie(
      `limb ${i} of W takes one of the next`,
      dense,
      claiming(dense, {}, {}, borrowed(claiming(dense, {}), i)),
      `w[${i}] is below 2^16`,
    ),
  ),
  lie('W has 17 bits in its upper limb', above64, claiming(above64, {}, { drop: 0 }), 'w[3] is below 2^16'),
  // One limb of 1 at place 1, or at places that cancel: -1 + 2^16 + 2^32, 1 - 2^16 + 2^32, and -(1 + 2^16 - 2^32).
  ...(
    [
      [0, above16, [-1, 1, 1], 1, 0],
      [1, squared, [1, -1, 1], 0xffff, 0],
      [2, below16, [1, 1, -1], 1, 1],
    ] as const
  ).map(([i, honest, drop, second, isReversed]) => {
    const after = {
      ...Object.fromEntries(drop.map((by, k) => [`drop[${k}]`, by])),
      ...{ 'w[0]': 0, 'w[1]': 1, 'w[2]': 0, 'w[3]': 0, 'dropped[1]': second, sticky: 1, isReversed },
    };
    const rows = withCells(air, claiming(honest, {}), 0, after);
    return lie(`drops are ${drop.join(', ')}`, honest, finished(rows, true, true, false), `drop[${i}] is a bit`);
  }),
];

/** W and one more limb of it, which add up to the sum: 2^16 + 1 times W, and what is left. */
function weightCells(): Record<string, number> {
  const total = sumOf(few);
  const [w, left] = [total / 65537n, Number(total % 65537n)];
  const rows = withCells(air, few, 0, {
    isReal: 2,
    factorsInverse: mul(2 as Felt, cell(few, 'factorsInverse') as Felt),
    modeInverse: mul(2 as Felt, cell(few, 'modeInverse') as Felt),
    ...{ 'limbs[0]': 1, 'limbs[1]': 1, 'drop[0]': 1, 'drop[1]': 1 },
    ...Object.fromEntries([0, 1, 2, 3].map((i) => [`w[${i}]`, Number((w >> BigInt(16 * i)) & 0xffffn)])),
    'dropped[0]': left,
    sticky: left > 0 ? 1 : 0,
  });
  const done = finished(rows, left > 0, true, false);
  return Object.fromEntries(fp32FmaAir.main.map(({ name }) => [name, cell(done, name)]));
}

function borrowed(rows: Rows, i: number): Record<string, number> {
  return { [`w[${i}]`]: cell(rows, `w[${i}]`) + 2 ** 16, [`w[${i + 1}]`]: cell(rows, `w[${i + 1}]`) - 1 };
}

const query = { air: fp32FmaAir, request: REQUEST, inputs: INPUTS, bases };
describeForgeries(air, serviceForgeries(query, byHand), {
  pastRanges: ['aLowest is below 2^8', 'dropped[0] is below 2^16', 'dropped[2] is below 2^16'],
  tables: SERVICE_TABLES,
});

test('every sum that can be claimed rounds to the same', () => {
  const random = randomOf(11);
  let accepted = 0;
  for (let n = 0; n < 12; n++) {
    const [a, b] = [drawWord(random), drawWord(random)];
    const c = drawAddend(random, a, b);
    const negations = random.below(4);
    if (specialOutcome(OPERATION.fma, negations, a, b, c) !== undefined) continue;
    const honest = rowOf(n % 5, negations, a, b, c);
    const distance = cell(honest, 'cExponent') - cell(honest, 'aExponent') - cell(honest, 'bExponent') + 182;
    for (const kind of ['isNear', 'isFar', 'isHuge', 'addendIsZero']) {
      for (const place of new Set([distance, distance - 1, distance + 1, 0, 1, 81, 82, 83])) {
        if (place < 0 || place > 95) continue;
        const [limbs, zeros] = [place >>> 4, place & 15];
        const cLo = cell(honest, 'cLo');
        const before = {
          ...{ isFar: 0, isHuge: 0, addendIsZero: 0, [kind]: 1 },
          excess: kind === 'isFar' ? place - distance : kind === 'isHuge' ? distance - place : 0,
          ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`limbs[${i}]`, i === limbs ? 1 : 0])),
          ...{ zeros, power: 2 ** zeros },
          movedLow: Math.floor((cLo * 2 ** zeros) / 2 ** 16),
          stayedLow: ((cLo * 2 ** zeros) % 2 ** 16) / 2 ** zeros,
        };
        delete (before as Record<string, number>)['isNear'];
        for (const lies of [{}, { drop: 0 }, { drop: 1 }, { drop: 2 }, { drop: 3 }, { isReversed: 1 }]) {
          const row = claiming(honest, before, lies);
          if (objections(air, row, honest, SERVICE_TABLES).length > 0) continue;
          accepted += 1;
          for (const name of OUTPUTS) expect(cells(air, row, name)).toEqual(cells(air, honest, name));
        }
      }
    }
  }
  expect(accepted).toBeGreaterThan(12);
});

test('the search for a second result finds none', () => {
  for (const [seed, { name, honest }] of bases.entries()) {
    const query = { honest, inputs: INPUTS, outputs: OUTPUTS, tables: SERVICE_TABLES, seed, tries: 60 };
    expect(findSecondWitness(air, query), name).toBeUndefined();
  }
});
