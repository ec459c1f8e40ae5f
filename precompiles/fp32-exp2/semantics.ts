/**
 * binary32 power of two, correctly rounded to nearest even for every operand. IEEE 754-2019, 9.2. Integers only.
 * 2^a is rational for integers a only (Gelfond and Schneider), and those are exact down to 2^-149.
 */
import { roundPower, specialExponential } from '../fp32-exp/semantics.ts';
import { reduceByOne, scaled } from '../fp32-exponential/semantics.ts';

/** 2^a. Returns the word with its flags (`fp32-round/semantics.ts`). */
export function exp2Fp32(a: number): number {
  const special = specialExponential(a);
  if (special >= 0) return special;
  const x = scaled(a);
  return roundPower(reduceByOne(x), x % 2 ** 48 === 0);
}
