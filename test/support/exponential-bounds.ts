/** What the exponential relation and the move of subnormals may answer, for the tests of chips that ask them. */
import { centred } from '../../stark/field/koala-bear.ts';

/** Bits below the point of the exact numbers here. */
const BITS = 200n;
const ONE = 1n << BITS;
const UNIT = 1n << (BITS - 72n);
/** |M - e^U| in units of 2^-72 that the relation admits. */
const TOLERANCE = 37n;

const signed = (value: number): bigint => BigInt(centred(value));

/** e^x for |x| < 2, `BITS` bits below the point. */
export function exactExponential(x: bigint): bigint {
  let [sum, term] = [0n, ONE];
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = (term * x) / (k * ONE);
  }
  return sum;
}

/** e^U in units of 2^-72, rounded down, for U in units of 2^-72. */
export const exponentialInUnits = (power: bigint): bigint => exactExponential(power * UNIT) / UNIT;

/**
 * Whether the relation may have a row (U; M): within its bound if the sender keeps its part of `fp32-exponential/bus.ts`,
 * anything if it does not, but for an upper limb that no row has.
 */
export function isExponential(tuple: readonly number[]): boolean {
  const [upper, middle, lower] = tuple.slice(0, 3).map((limb) => signed(limb)) as [bigint, bigint, bigint];
  const [valueUpper, value36, value48, valueLower] = tuple.slice(3).map(BigInt) as [bigint, bigint, bigint, bigint];
  if (upper >= 2n ** 26n || upper <= -(2n ** 26n)) return false;
  if (middle >= 2n ** 29n || middle <= -(2n ** 29n) || lower < 0n || lower >= 3n * 2n ** 24n) return true;
  if (valueUpper <= 2n ** 23n || valueUpper >= 2n ** 26n || value36 >= 4096n || value48 >= 4096n) return false;
  if (valueLower >= 2n ** 24n) return false;
  const power = upper * 2n ** 48n + middle * 2n ** 24n + lower;
  if (power > 2n ** 72n || power < -(2n ** 72n)) return false;
  const value = valueUpper * 2n ** 48n + value36 * 2n ** 36n + value48 * 2n ** 24n + valueLower;
  const error = value - exponentialInUnits(power);
  return error <= TOLERANCE && error >= -TOLERANCE;
}

/** Whether `fp32-normalise` has a row (aLo, aHi, exponent, significand). */
export function isNormalised([aLo, aHi, exponent, significand]: readonly number[]): boolean {
  const doublings = 1 - centred(exponent!);
  const word = aHi! * 2 ** 16 + aLo!;
  return (
    aHi! < 2 ** 7 &&
    doublings >= 0 &&
    doublings <= 25 &&
    significand! < 2 ** 25 &&
    significand === word * 2 ** doublings
  );
}
