/**
 * Scalar number-theoretic transforms of one column: the reference of `stark/kernels/assembly/ntt.ts`, and what the
 * verifier needs of polynomials. Coefficients are in natural order, lowest degree first.
 */
import { add, type Felt, inverse, mul, ONE, rootOfUnity, sub, ZERO } from '../field/koala-bear.ts';
import { bitReverse, cosetShift, log2Exact } from './domain.ts';

/** f(w^0), f(w^1), ... for the polynomial with `coefficients`, by Cooley and Tukey's recursion. w has order n. */
function transform(coefficients: readonly Felt[], root: Felt): Felt[] {
  const n = coefficients.length;
  if (n === 1) return [...coefficients];
  const square = mul(root, root);
  const even = transform(
    coefficients.filter((_, i) => i % 2 === 0),
    square,
  );
  const odd = transform(
    coefficients.filter((_, i) => i % 2 === 1),
    square,
  );
  const values = new Array<Felt>(n);
  for (let i = 0, power = ONE; i < n / 2; i++, power = mul(power, root)) {
    const term = mul(power, odd[i] as Felt);
    values[i] = add(even[i] as Felt, term);
    values[i + n / 2] = sub(even[i] as Felt, term);
  }
  return values;
}

/** The coefficients of the polynomial of degree < n with values[i] at w_n^i. */
export function interpolate(values: readonly Felt[]): Felt[] {
  const logSize = log2Exact(values.length, 'values.length');
  const scale = inverse(values.length as Felt);
  return transform(values, inverse(rootOfUnity(logSize))).map((c) => mul(c, scale));
}

/** The values at shift * w^0, shift * w^1, ..., on 2^logSize >= coefficients.length points. */
export function evaluateOnCoset(coefficients: readonly Felt[], logSize: number, shift: Felt): Felt[] {
  const scaled = new Array<Felt>(2 ** logSize).fill(ZERO);
  let power = ONE;
  for (let i = 0; i < coefficients.length; i++, power = mul(power, shift)) {
    scaled[i] = mul(coefficients[i] as Felt, power);
  }
  return transform(scaled, rootOfUnity(logSize));
}

/** The extension of a polynomial of degree < n = coefficients.length to D_n, in the bit-reversed order of `domain.ts`. */
export function ldeFromCoefficients(coefficients: readonly Felt[], logBlowup: number): Felt[] {
  const logHeight = log2Exact(coefficients.length, 'coefficients.length');
  const logSize = logHeight + logBlowup;
  const values = evaluateOnCoset(coefficients, logSize, cosetShift(logHeight));
  return values.map((_, i) => values[bitReverse(i, logSize)] as Felt);
}

/** The extension to D_n of the column with `values` on H. */
export function lde(values: readonly Felt[], logBlowup: number): Felt[] {
  return ldeFromCoefficients(interpolate(values), logBlowup);
}

/** The value at a point of F_p, by Horner's rule. */
export function evaluate(coefficients: readonly Felt[], point: Felt): Felt {
  return coefficients.reduceRight((value, c) => add(mul(value, point), c), ZERO);
}
