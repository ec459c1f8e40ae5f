/**
 * What a row of the logarithm holds: the executor's choice among the rows that the chip (`air.ts`) accepts. Integers only.
 *
 *     ln a = U - (127 - exponent) ln 2,   e^U = M,   2^24 M = 2 significand + 2^-48 excess
 *
 * The logarithm is taken a little above the true one, so that M is not below the numerator.
 */

import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { exponentialRow } from '../fp32-exponential/row.ts';
import { carry, type Fixed } from '../fp32-exponential/semantics.ts';
import { normaliseFp32 } from '../fp32-normalise/semantics.ts';
import { naturalLogarithm } from './semantics.ts';
import { multipleOfLn2 } from './table.ts';

/**
 * Units of 2^-72 by which the logarithm is above what `naturalLogarithm` finds, itself within 6. M in [1, 2) is then above
 * the numerator by 74 to 172, and the relation's row within 37 of that: excess is in [37, 209], eight bits.
 */
const ABOVE = 80;
const LIMB = 2 ** 24;

export interface LogRow {
  isSubnormal: boolean;
  exponent: number;
  significand: number;
  isNegative: boolean;
  /** |ln a|, three limbs of 24 bits. */
  magnitude: Fixed;
  /** Limbs of U as on the bus of the relation. */
  power: Fixed;
  /** Units of 2^-72 by which M is above the numerator. */
  excess: number;
}
const zero = (): Fixed => ({ upper: 0, middle: 0, lower: 0 });
const shared: LogRow = {
  ...{ isSubnormal: false, exponent: 0, significand: 0, isNegative: false },
  ...{ magnitude: zero(), power: zero(), excess: 0 },
};

/** The row of a positive finite word but 1 and 1 - 2^-23. The value returned is written over by the next call. */
export function logRow(a: number): LogRow {
  const { magnitude, power } = shared;
  const isSubnormal = a < 0x80_0000;
  const { exponent, significand } = isSubnormal
    ? normaliseFp32(a)
    : { exponent: exponentOf(a), significand: significandOf(a) };
  const found = naturalLogarithm(a);
  const sign = found.isNegative ? -1 : 1;
  carry(magnitude, found.magnitude.upper, found.magnitude.middle, found.magnitude.lower + sign * ABOVE);
  const multiple = multipleOfLn2(exponent);
  // The lower limb is not negative on the bus: it takes one from the middle limb.
  const lent = found.isNegative ? 1 : 0;
  power.upper = sign * magnitude.upper + multiple.upper;
  power.middle = sign * magnitude.middle + multiple.middle - lent;
  power.lower = sign * magnitude.lower + multiple.lower + lent * LIMB;
  const { valueUpper, value36, value48, valueLower } = exponentialRow(power.upper, power.middle, power.lower);
  const below = (valueUpper - 2 * significand) * 2 ** 24 + value36 * 2 ** 12 + value48; // 0: excess is below 2^24
  shared.excess = below * LIMB + valueLower;
  return Object.assign(shared, { isSubnormal, exponent, significand, isNegative: found.isNegative });
}
