import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Rows } from '../../stark/air/check.ts';
import { inverse, mul, P, reduce } from '../../stark/field/koala-bear.ts';
import { exponentialInUnits, isExponential, isNormalised } from '../../test/support/exponential-bounds.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { FP32_TABLES, served } from '../../test/support/fp32.ts';
import { isRounded, withService } from '../../test/support/fp32-forger.ts';
import { weightForgery } from '../../test/support/fp32-search.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { EXPONENTIAL_BUS } from '../fp32-exponential/bus.ts';
import { NEAR_ONE } from '../fp32-function-special/semantics.ts';
import { FP32_NORMALISE_BUS } from '../fp32-normalise/bus.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { roundToFp32, wordOf } from '../fp32-round/semantics.ts';
import { fp32LogAir } from './air.ts';
import { recordLog } from './execute.ts';
import { logRow } from './row.ts';
import { ln2Table, multipleOfLn2 } from './table.ts';
import { fp32LogChip } from './trace.ts';

const air = [FP32_ROUND_BUS, EXPONENTIAL_BUS, FP32_NORMALISE_BUS].reduce(withService, fp32LogAir);
const tables = {
  ...FP32_TABLES,
  [FP32_ROUND_BUS.name]: isRounded,
  [EXPONENTIAL_BUS.name]: isExponential,
  [FP32_NORMALISE_BUS.name]: isNormalised,
  [ln2Table.provider.bus.name]: (tuple: readonly number[]) => ln2Table.provider.positionOf(tuple) !== undefined,
};
const OUTPUTS = ['outLo', 'outHi'];
const rowOf = (a: number): Rows => served([fp32LogChip], (machine) => recordLog(machine, a)).get('fp32-log')!;
const padding: Rows = { main: [fp32LogAir.main.map(() => 0)] };

/** A claim about a word; `logarithm` in units of 2^-72. */
interface Claim {
  readonly logarithm: bigint;
  readonly exponent: number;
  readonly significand: number;
  readonly excess: number;
  readonly more?: Readonly<Record<string, number>>;
}
/** The honest claim. */
function claimOf(a: number): Claim {
  const { isNegative, magnitude, exponent, significand, excess } = logRow(a);
  const { upper, middle, lower } = magnitude;
  const size = BigInt(upper) * 2n ** 48n + BigInt(middle) * 2n ** 24n + BigInt(lower);
  return { logarithm: isNegative ? -size : size, exponent, significand, excess };
}

/** The row of a claim, with the result that its logarithm rounds to. */
function claiming(a: number, { logarithm, exponent, significand, excess, more = {} }: Claim): Rows {
  const [isNegative, size] = logarithm < 0n ? [true, -logarithm] : [false, logarithm];
  const bits = (shift: bigint, count: bigint): number => Number((size >> shift) & (2n ** count - 1n));
  const result = wordOf(roundToFp32(isNegative, 7, bits(48n, 32n), bits(16n, 32n), true, 0));
  const { upper, middle, lower } = multipleOfLn2(exponent);
  const aboveOne = reduce(a - 0x3f80_0000);
  const product = mul(aboveOne, reduce(a - NEAR_ONE));
  return withCells(air, padding, 0, {
    ...{ isReal: 1, aLo: a & 0xffff, aHi: a >>> 16, outLo: result & 0xffff, outHi: result >>> 16 },
    ...{ isSubnormal: a < 0x80_0000 ? 1 : 0, exponent, significand, isNegative: isNegative ? 1 : 0 },
    otherInverse: product === 0 ? 0 : inverse(product),
    ...{ w3: bits(64n, 16n), w2: bits(48n, 16n), w1: bits(32n, 16n), w0High: bits(24n, 8n), w0Low: bits(16n, 8n) },
    ...{ below: bits(0n, 16n), 'multiple[0]': upper, 'multiple[1]': middle, 'multiple[2]': lower, excess, ...more },
  });
}

/** 2^24 p units of 2^-72 times 2^24: what the upper limb does not see. */
const WRAP = BigInt(P) * 2n ** 48n;
const cell = (rows: Rows, name: string): number => cells(air, rows, name)[0]!;

function lie(claim: string, a: number, rejectedBy: string, change: (honest: Claim) => Partial<Claim>): Forgery {
  const honest = claimOf(a);
  return {
    claim,
    honest: rowOf(a),
    forged: claiming(a, { ...honest, ...change(honest) }),
    rejectedBy: [rejectedBy],
  };
}
/** The row with one limb taking from the next above. */
function borrowed(name: string, bits: number, above: string, a: number): Forgery {
  const honest = rowOf(a);
  const more = { [name]: cell(honest, name) + 2 ** bits, [above]: cell(honest, above) - 1 };
  const rejectedBy = `${name} is below 2^${bits}`;
  return {
    claim: `${name} takes one of ${above}`,
    honest,
    forged: withCells(air, honest, 0, more),
    rejectedBy: [rejectedBy],
  };
}

const [TWO_PI, HALF, NEXT, HARD, SUBNORMAL] = [0x40c9_0fdb, 0x3f12_3456, 0x3f80_0001, 0x3f7f_fff4, 0x0012_3456];
/** ln 2 in units of 2^-72. */
const LN2 = (() => {
  const { upper, middle, lower } = multipleOfLn2(126);
  return BigInt(upper) * 2n ** 48n + BigInt(middle) * 2n ** 24n + BigInt(lower);
})();

const forgeries: Forgery[] = [
  {
    claim: 'a logarithm that nobody asked for',
    honest: rowOf(TWO_PI),
    forged: rowOf(HALF),
    rejectedBy: ['the logarithm was asked for'],
  },
  weightForgery(air, rowOf(TWO_PI), { otherInverse: mul(reduce(cell(rowOf(TWO_PI), 'otherInverse')), reduce(2)) }),
  lie('ln a is that of 2a', TWO_PI, 'a is finite and positive', ({ logarithm, exponent }) => ({
    logarithm: logarithm + LN2,
    exponent: exponent + 1,
  })),
  lie('ln a is that of 2a, a subnormal', SUBNORMAL, 'a subnormal has this significand', ({ logarithm, exponent }) => ({
    logarithm: logarithm + LN2,
    exponent: exponent + 1,
  })),
  lie('a word is twice subnormal, and decoded -1 times', 0x007f_1234, 'isSubnormal is a bit', ({ logarithm }) => ({
    ...{ logarithm: logarithm + 40n, exponent: 1, significand: 0x007f_1234 },
    excess: 100,
    more: { isSubnormal: 2 },
  })),
  {
    claim: 'a padding row takes back a decoded limb',
    honest: padding,
    forged: withCells(air, padding, 0, { isSubnormal: 1, exponent: 1 }),
    rejectedBy: ['only a row of a logarithm is subnormal'],
  },
  {
    claim: 'a padding row takes back a power',
    honest: padding,
    forged: withCells(air, padding, 0, { isNegative: 1, significand: 2 ** 23 }),
    rejectedBy: ['only a row of a logarithm is negative'],
  },
  (() => {
    const row = rowOf(HALF);
    const part = inverse(reduce(2 ** 14));
    const honest = { main: [row.main[0]!, row.main[0]!] };
    const forged = withCells(air, withCells(air, honest, 0, { isNegative: 1 + part }), 1, { isNegative: 1 - part });
    return {
      claim: 'two rows share a false power of either sign',
      honest,
      forged,
      rejectedBy: ['isNegative is a bit'],
    };
  })(),
  (() => {
    // e^U grows by twice of what U does, for a significand near 2^24.
    const { logarithm, excess } = claimOf(NEAR_ONE);
    const claim = { ...claimOf(NEAR_ONE), logarithm: logarithm - 60n, excess: excess - 120 };
    const forged = claiming(NEAR_ONE, claim);
    return { claim: 'ln(1 - 2^-23) is -2^-23', honest: forged, forged, rejectedBy: ['a is neither 1 nor 1 - 2^-23'] };
  })(),
  (() => {
    // A zero is what `fp32-normalise` gives for a zero, with any exponent.
    const forged = claiming(0, { logarithm: -105n * 2n ** 72n, exponent: -24, significand: 0, excess: 0 });
    const rejectedBy = ['the significand is the power of a negative logarithm'];
    return { claim: 'ln 0 is -105', honest: forged, forged, rejectedBy };
  })(),
  lie('ln a is 127 less', TWO_PI, 'isNegative tells a below 1', ({ logarithm }) => ({ logarithm: logarithm - WRAP })),
  lie('ln a is 127 more', NEXT, 'w3 is below 127 * 2^8', ({ logarithm }) => ({ logarithm: logarithm + WRAP })),
  lie('a multiple of ln 2 is less, the logarithm more', TWO_PI, 'ln 2 has this multiple', ({ logarithm }) => ({
    logarithm: logarithm + 2n ** 60n,
    more: { 'multiple[0]': multipleOfLn2(exponentOf(TWO_PI)).upper - 2 ** 12 },
  })),
  lie('ln a is more', TWO_PI, 'the significand is the power of a positive logarithm', ({ logarithm }) => ({
    logarithm: logarithm + 2n ** 40n,
  })),
  lie('ln a is less', HALF, 'the significand is the power of a negative logarithm', ({ logarithm }) => ({
    logarithm: logarithm - 2n ** 40n,
  })),
  lie('the result is the next number', TWO_PI, 'the logarithm is rounded', () => ({
    more: { outLo: cell(rowOf(TWO_PI), 'outLo') ^ 1 },
  })),
  lie('the hardest of the decided operands is on the other side', HARD, 'excess is below 2^8', ({ logarithm }) => {
    return { logarithm: logarithm + 700n, excess: claimOf(HARD).excess + 1400 };
  }),
  borrowed('w2', 16, 'w3', TWO_PI),
  borrowed('w1', 16, 'w2', TWO_PI),
  borrowed('w0High', 8, 'w1', TWO_PI),
  borrowed('w0Low', 8, 'w0High', TWO_PI),
  borrowed('below', 16, 'w0Low', TWO_PI),
];
describeForgeries(air, forgeries, { tables });

test('a forgery with an excess of more bits claims another result', () => {
  const { honest, forged } = forgeries.find(({ rejectedBy }) => rejectedBy[0] === 'excess is below 2^8')!;
  expect(cell(forged, 'outLo')).not.toBe(cell(honest, 'outLo'));
});

test('the forger writes honest rows as the trace does', () => {
  for (const a of [TWO_PI, HALF, NEXT, HARD, SUBNORMAL, 1]) expect(claiming(a, claimOf(a))).toEqual(rowOf(a));
});

/** The words that rows about `a` claim, over all logarithms and excesses that the relation may have a row for. */
function results(a: number, exponent: number, significand: number): Map<string, number> {
  const honest = claimOf(a);
  const multiple = multipleOfLn2(exponent);
  const power = BigInt(multiple.upper) * 2n ** 48n + BigInt(multiple.middle) * 2n ** 24n + BigInt(multiple.lower);
  const found = new Map<string, number>();
  for (let by = -700n; by <= 700n; by++) {
    const logarithm = honest.logarithm + by;
    const least = Number(exponentialInUnits(logarithm + power) - BigInt(significand) * 2n ** 49n) - 38;
    // The bounds of what is left for the excess, and beyond them what is refused.
    for (const excess of [least, least + 38, least + 77]) {
      if (excess < 0 || excess > 255) continue;
      const row = claiming(a, { logarithm, exponent, significand, excess });
      const objecting = objections(air, row, row, tables).filter((name) => name !== 'a is neither 1 nor 1 - 2^-23');
      if (objecting.length > 0) continue;
      const word = OUTPUTS.map((name) => cell(row, name)).join();
      found.set(word, (found.get(word) ?? 0) + 1);
    }
  }
  return found;
}

test('every admissible row about a hard operand has one result', () => {
  for (const a of [0x65d8_90d3, 0x4c5d_65a5, HARD, 0x3f80_0006, 0x3f7f_fffd, 0x3f7f_ffff, NEXT]) {
    const found = results(a, exponentOf(a), significandOf(a));
    expect([...found.keys()], a.toString(16)).toEqual([OUTPUTS.map((name) => cell(rowOf(a), name)).join()]);
    expect([...found.values()][0], a.toString(16)).toBeGreaterThan(100);
  }
  for (const doublings of [2, 3]) {
    const found = results(SUBNORMAL, 1 - doublings, SUBNORMAL * 2 ** doublings);
    expect([...found.keys()]).toEqual([OUTPUTS.map((name) => cell(rowOf(SUBNORMAL), name)).join()]);
  }
});

test('1 - 2^-23 would have two results, which is why no row is about it', () => {
  expect([...results(NEAR_ONE, 126, 0xff_fffe).keys()]).toEqual(['1,46080', '0,46080']);
});

test('the search for a second result finds none', () => {
  for (const [seed, a] of [TWO_PI, HALF, NEXT, HARD, SUBNORMAL].entries()) {
    const query = { honest: rowOf(a), inputs: ['aLo', 'aHi'], outputs: OUTPUTS, tables, seed, tries: 60 };
    expect(findSecondWitness(air, query), a.toString(16)).toBeUndefined();
  }
});
