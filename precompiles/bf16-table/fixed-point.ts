/**
 * Elementary functions in fixed point, as bigints: x stands for x / 2^bits. Inside, GUARD more bits are kept.
 *
 * Every function below makes fewer than 2^12 roundings, each of at most one unit of the guarded format, and no step
 * multiplies an error by more than 2^20 on the ranges given: what is returned is within one unit of 2^-bits.
 */

const GUARD = 64n;

const constants = new Map<string, bigint>();

function constantAt(name: string, bits: bigint, compute: () => bigint): bigint {
  const key = `${name} ${bits}`;
  let value = constants.get(key);
  if (value === undefined) {
    value = compute();
    constants.set(key, value);
  }
  return value;
}

/** atan(1 / n) or atanh(1 / n): sum of sign^k / ((2k + 1) n^(2k + 1)). */
function inverseTangent(n: bigint, hyperbolic: boolean, bits: bigint): bigint {
  let power = (1n << bits) / n;
  let total = 0n;
  for (let k = 0n; power !== 0n; k++) {
    const term = power / (2n * k + 1n);
    total += hyperbolic || k % 2n === 0n ? term : -term;
    power /= n * n;
  }
  return total;
}

/** ln 2 = 2 atanh(1/3). */
const ln2 = (bits: bigint): bigint =>
  constantAt('ln2', bits, () => (2n * inverseTangent(3n, true, bits + GUARD)) >> GUARD);

/** Machin: pi = 16 atan(1/5) - 4 atan(1/239). */
const pi = (bits: bigint): bigint =>
  constantAt(
    'pi',
    bits,
    () => (16n * inverseTangent(5n, false, bits + GUARD) - 4n * inverseTangent(239n, false, bits + GUARD)) >> GUARD,
  );

/** Integer square root by Newton's method, from above. */
function squareRoot(n: bigint): bigint {
  let root = 1n << BigInt(Math.ceil(n.toString(2).length / 2));
  for (;;) {
    const next = (root + n / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** sqrt(2 / pi). */
export const rootTwoOverPi = (bits: bigint): bigint =>
  constantAt('sqrt(2/pi)', bits, () => {
    const b = bits + GUARD;
    return squareRoot((2n << (3n * b)) / pi(b)) >> GUARD;
  });

/** e^x for x <= 0. */
export function exp(x: bigint, bits: bigint): bigint {
  const b = bits + GUARD;
  const log = ln2(b);
  const scaled = x << GUARD;
  const k = scaled / log; // towards zero: the rest is in (-ln 2, 0]
  if (-k > b) return 0n;
  const halvings = 8n;
  const rest = (scaled - k * log) >> halvings;
  let [term, total] = [1n << b, 1n << b];
  for (let n = 1n; term !== 0n && term !== -1n; n++) {
    term = ((term * rest) >> b) / n;
    total += term;
  }
  for (let i = 0n; i < halvings; i++) total = (total * total) >> b;
  return total >> (GUARD - k);
}

/** 1 / (1 + e^-x). */
export function sigmoid(x: bigint, bits: bigint): bigint {
  const one = 1n << bits;
  const small = exp(x < 0n ? x : -x, bits);
  return ((x < 0n ? small : one) << bits) / (one + small);
}

/** e^(-x^2 / 2) / sqrt(2 pi), |x| < 2^5. */
export function normalDensity(x: bigint, bits: bigint): bigint {
  const b = bits + GUARD;
  const wide = x << GUARD;
  return (exp(-((wide * wide) >> (b + 1n)), b) * (rootTwoOverPi(b) >> 1n)) >> (b + GUARD);
}

/**
 * Normal distribution, |x| < 2^5: 1/2 + density(x) (x + x^3 / 3 + x^5 / 15 + ..). All terms have the sign of x, so that
 * the sum has a small relative error, and its product with the density, at most 1/2, a small one.
 */
export function normalDistribution(x: bigint, bits: bigint): bigint {
  const b = bits + GUARD;
  const wide = x << GUARD;
  const square = (wide * wide) >> b;
  let [term, total] = [wide, 0n];
  for (let n = 3n; term !== 0n && term !== -1n; n += 2n) {
    total += term;
    term = ((term * square) >> b) / n;
  }
  return ((1n << (b - 1n)) + ((normalDensity(wide, b) * total) >> b)) >> GUARD;
}

/** 2^x for |x| < 2^9. */
export function exp2(x: bigint, bits: bigint): bigint {
  const b = bits + GUARD;
  const whole = (x >> bits) + 1n; // the rest is in [-1, 0)
  const rest = (x - (whole << bits)) << GUARD;
  const value = exp((rest * ln2(b)) >> b, b);
  const shift = GUARD - whole;
  return shift >= 0n ? value >> shift : value << -shift;
}
