/**
 * The functions of `bf16.table`: for each BF16 the FP32 nearest to the real value of the function there, ties to even.
 *
 * `gelu-tanh`  x (1 + tanh(u)) / 2, u = sqrt(2 / pi) (x + 0.044715 x^3), the constant as the decimal it is
 * `gelu-erf`   x (1 + erf(x / sqrt 2)) / 2
 * `silu`       x / (1 + e^-x)
 * `..-grad`    their derivatives
 * `exp2`       2^x
 *
 * Zeros: -0 gives -0 where 0 gives 0. Infinities give the limit, zero limits with the sign of the values on the way: -0
 * at -infinity for GELU, SiLU and their derivatives. NaN gives the canonical NaN. Values too small for FP32 round to a
 * zero of their sign (or to the least subnormal), those too large to infinity.
 *
 * Proof of the rounding: a value is computed in fixed point with an error below 2^ERROR_BITS units; if both ends of the
 * interval round to the same FP32, so does the real value; if not, the precision is doubled. Where the value is an exact
 * tie this would not end: that is so only for 2^-150, and integers have their power exactly. (For other x, 2^x is
 * irrational, and e^x too.)
 */
import { exp2, normalDensity, normalDistribution, rootTwoOverPi, sigmoid } from './fixed-point.ts';
import { BF16_FUNCTION_NAMES, type Bf16FunctionName } from './names.ts';

/** Fixed-point value of x, and the format's bits, to the function's. Within 2^ERROR_BITS units. */
type Evaluation = (x: bigint, bits: bigint) => bigint;

export interface Bf16Function {
  readonly name: Bf16FunctionName;
  readonly evaluate: Evaluation;
  /**
   * From this magnitude on the function rounds to its limits. GELU from 16: for x >= 16, 1 - f(x) / x and 1 - f'(x) are
   * below x e^(-x^2 / 2) < 2^-180, and at -x both f and f' are below x^2 e^(-x^2 / 2) < 2^-176 < 2^-150. SiLU from 128:
   * likewise with x e^-x < 2^-177. 2^x from 151: 2^-151 is below half the least FP32, 2^128 above the largest.
   */
  readonly far: number;
  readonly limits: { readonly low: number; readonly high: number | 'x' };
  /** Near zero: x / 2, 1/2 or 1, see `NEAR`. */
  readonly near: 'half of x' | number;
}

const [ONE, HALF, INFINITY, CANONICAL_NAN, MINUS_ZERO] = [
  0x3f80_0000, 0x3f00_0000, 0x7f80_0000, 0x7fc0_0000, 0x8000_0000,
];
/**
 * Below this magnitude |f(x) - x / 2| <= x^2 < 2^-40 |x|, |f'(x) - 1 / 2| <= 2 |x| and |2^x - 1| <= |x|, less than half
 * an ulp in each case, and x / 2, 1/2 and 1 are FP32 numbers.
 */
const NEAR = 2 ** -40;
const START_BITS = 320n;
/** The evaluations multiply at most three values of `fixed-point.ts` by factors up to 2^7 + 2^10 (u' up to 2^6). */
const ERROR_BITS = 32n;

const multiply = (bits: bigint, ...factors: readonly bigint[]): bigint =>
  factors.reduce((product, factor) => (product * factor) >> bits);

/** 2 u of `gelu-tanh`, so that (1 + tanh u) / 2 is its sigmoid, and its derivative. */
function inner(x: bigint, bits: bigint): { readonly value: bigint; readonly slope: bigint } {
  const cubic = (multiply(bits, x, x) * 44_715n) / 1_000_000n;
  const factor = 2n * rootTwoOverPi(bits);
  const one = 1n << bits;
  return { value: multiply(bits, one + cubic, x, factor), slope: multiply(bits, one + 3n * cubic, factor) };
}

/** Derivative of x sigmoid(v): s + x s (1 - s) v', where 1 - s is the sigmoid of -v. */
function gradient(x: bigint, value: bigint, slope: bigint, bits: bigint): bigint {
  const s = sigmoid(value, bits);
  return s + multiply(bits, s, sigmoid(-value, bits), x, slope);
}

const GELU = { far: 16, limits: { low: MINUS_ZERO, high: 'x' }, near: 'half of x' } as const;
const GELU_GRAD = { far: 16, limits: { low: MINUS_ZERO, high: ONE }, near: HALF } as const;

const DEFINITIONS: Readonly<Record<Bf16FunctionName, Omit<Bf16Function, 'name'>>> = {
  'gelu-tanh': { ...GELU, evaluate: (x, bits) => multiply(bits, x, sigmoid(inner(x, bits).value, bits)) },
  'gelu-erf': { ...GELU, evaluate: (x, bits) => multiply(bits, x, normalDistribution(x, bits)) },
  silu: { ...GELU, far: 128, evaluate: (x, bits) => multiply(bits, x, sigmoid(x, bits)) },
  'gelu-tanh-grad': {
    ...GELU_GRAD,
    evaluate: (x, bits) => {
      const { value, slope } = inner(x, bits);
      return gradient(x, value, slope, bits);
    },
  },
  'gelu-erf-grad': {
    ...GELU_GRAD,
    evaluate: (x, bits) => normalDistribution(x, bits) + multiply(bits, x, normalDensity(x, bits)),
  },
  'silu-grad': { ...GELU_GRAD, far: 128, evaluate: (x, bits) => gradient(x, x, 1n << bits, bits) },
  exp2: { far: 151, limits: { low: 0, high: INFINITY }, near: ONE, evaluate: exp2 },
};

/** By id. */
export const BF16_FUNCTIONS: readonly Bf16Function[] = BF16_FUNCTION_NAMES.map((name) => ({
  name,
  ...DEFINITIONS[name],
}));

/** The FP32 word of a function at a BF16 pattern, both as bit patterns. */
export function evaluateBf16({ near, far, limits, evaluate, name }: Bf16Function, pattern: number): number {
  const word = pattern * 2 ** 16;
  const negative = pattern >= 0x8000;
  if ((pattern & 0x7fff) > 0x7f80) return CANONICAL_NAN;
  const x = numberOf(pattern);
  if (Math.abs(x) >= far) return negative ? limits.low : limits.high === 'x' ? word : limits.high;
  if (Math.abs(x) < NEAR) return near === 'half of x' ? wordOf(x / 2) : near;
  if (name === 'exp2' && Number.isInteger(x)) return wordOf(2 ** x);
  for (let bits = START_BITS; ; bits *= 2n) {
    const error = 1n << ERROR_BITS;
    // x is a multiple of 2^-48: 8 significant bits from 2^-40 on.
    const value = evaluate(BigInt(x * 2 ** 48) << (bits - 48n), bits);
    const rounded = roundFixed(value - error, bits);
    if (rounded === roundFixed(value + error, bits)) return rounded;
  }
}

const floats = new Float32Array(1);
const patterns = new Uint32Array(floats.buffer);
/** The number that a BF16 is. */
function numberOf(pattern: number): number {
  patterns[0] = pattern * 2 ** 16;
  return floats[0]!;
}
/** The FP32 nearest to a binary64 number. */
function wordOf(value: number): number {
  floats[0] = value;
  return patterns[0]!;
}

/** The FP32 nearest to value / 2^bits, ties to even; bits >= 149. */
export function roundFixed(value: bigint, bits: bigint): number {
  const sign = value < 0n ? 0x8000_0000 : 0;
  const magnitude = value < 0n ? -value : value;
  const exponent = BigInt(magnitude.toString(2).length) - 1n - bits;
  const ulp = (exponent < -126n ? -126n : exponent) - 23n;
  const shift = ulp + bits;
  const [kept, rest, tie] = [magnitude >> shift, magnitude & ((1n << shift) - 1n), 1n << (shift - 1n)];
  const up = rest > tie || (rest === tie && kept % 2n === 1n);
  const significand = Number(kept) + (up ? 1 : 0);
  // Subnormals and normals follow one another, and a carry out of the significand is the next exponent.
  const word = Number(ulp + 149n) * 2 ** 23 + significand;
  return sign + Math.min(word, INFINITY);
}
