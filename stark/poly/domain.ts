/**
 * Evaluation domains. A table of height n = 2^k has its rows on H = <w_n>, in natural order, and its low-degree
 * extension on D_n = s_n <w_{Bn}>, B the blowup, in bit-reversed order: point i of D_n is s_n w_{Bn}^rev(i), with rev over
 * log2(Bn) bits.
 *
 * **Shift.** s_n = 3^(2^(24 - k)), so that s_N^(N/n) = s_n: the lifting map x -> x^(N/n) takes D_N onto D_n, and a
 * short table has one canonical extension whatever the tallest height N is. Point i of D_N goes to point
 * i >> log2(N/n) of D_n, because reducing rev(i) modulo Bn keeps the reversal of the top log2(Bn) bits of i.
 *
 * **D_n is disjoint from every 2-adic subgroup**, H among them: 3 has order 127 * 2^24, so s_n has order 127 * 2^k. A
 * point of D_n in a group of order a power of two would put s_n there too, but 127 divides its order.
 */
import { type Felt, GENERATOR, mul, pow, rootOfUnity, TWO_ADICITY } from '../field/koala-bear.ts';

/** log2 of a power of two. @throws {RangeError} otherwise, naming `name`. */
export function log2Exact(n: number, name = 'size'): number {
  const log = Math.log2(n);
  if (!Number.isInteger(log) || log < 0) throw new RangeError(`${name}: expected a power of two, got ${n}`);
  return log;
}

/** The lowest `bits` bits of i in reverse order; 0 <= bits <= 31. */
export function bitReverse(i: number, bits: number): number {
  let reversed = 0;
  for (let bit = 0; bit < bits; bit++) reversed = (reversed << 1) | ((i >>> bit) & 1);
  return reversed;
}

/** s_n of a table of height 2^logHeight. @throws {RangeError} unless 0 <= logHeight <= 24. */
export function cosetShift(logHeight: number): Felt {
  if (!Number.isInteger(logHeight) || logHeight < 0 || logHeight > TWO_ADICITY) {
    throw new RangeError(`cosetShift: expected logHeight in [0, ${TWO_ADICITY}], got ${logHeight}`);
  }
  return pow(GENERATOR, 2 ** (TWO_ADICITY - logHeight));
}

/** Point `index` of D_n in its bit-reversed order. */
export function domainPoint(logHeight: number, logBlowup: number, index: number): Felt {
  const logSize = logHeight + logBlowup;
  return mul(cosetShift(logHeight), pow(rootOfUnity(logSize), bitReverse(index, logSize)));
}
