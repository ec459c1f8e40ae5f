/**
 * exp, exp2, log, rsqrt and tanh of binary32 words from their series in exact integers with 320 bits below the point,
 * rounded to nearest even: an evaluation that shares nothing with `precompiles/`. Slow, for tests.
 */
const BITS = 320;
const ONE = 1n << BigInt(BITS);
const NAN = 0x7fc0_0000;
const INFINITY = 0x7f80_0000;
const SIGN = 0x8000_0000;

export type FunctionName = 'exp' | 'exp2' | 'log' | 'rsqrt' | 'tanh';

/** significand * 2^exponent; what is left out of the significand is below its last bit, and not zero if `isInexact`. */
interface Value {
  significand: bigint;
  exponent: number;
  isInexact: boolean;
}

const shift = (n: bigint, by: number): bigint => (by >= 0 ? n << BigInt(by) : n >> BigInt(-by));
const product = (a: bigint, b: bigint): bigint => (a * b) >> BigInt(BITS);

/** 2 atanh(z) for z = numerator / denominator, |z| < 1/2. */
function doubleAreaTangent(numerator: bigint, denominator: bigint): bigint {
  const z = (numerator * ONE) / denominator;
  const square = product(z, z);
  let sum = 0n;
  for (let power = z, k = 1n; power !== 0n && power !== -1n; power = product(power, square), k += 2n) sum += power / k;
  return 2n * sum;
}
const LN2 = doubleAreaTangent(1n, 3n);

/** e^r for a small r: Taylor's series at r / 2^16, squared 16 times. */
function smallExponential(r: bigint): bigint {
  const part = r >> 16n;
  let [sum, term] = [0n, ONE];
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = product(term, part) / k;
  }
  for (let i = 0; i < 16; i++) sum = product(sum, sum);
  return sum;
}

/** e^x, x with `BITS` bits below the point. */
function exponential(x: bigint): Value {
  const n = (2n * x + LN2) / (2n * LN2) - (2n * x + LN2 < 0n ? 1n : 0n);
  return { significand: smallExponential(x - n * LN2), exponent: Number(n) - BITS, isInexact: true };
}

/** A finite word: (-1)^isNegative significand * 2^exponent. */
const parts = (word: number): { isNegative: boolean; significand: bigint; exponent: number } => {
  const biased = (word >>> 23) & 0xff;
  const fraction = word & 0x7f_ffff;
  return {
    isNegative: word >>> 31 === 1,
    significand: BigInt(biased === 0 ? fraction : fraction + 0x80_0000),
    exponent: Math.max(biased, 1) - 150,
  };
};

/** Nearest word, ties to even. */
function rounded(isNegative: boolean, { significand, exponent, isInexact }: Value): number {
  const length = significand.toString(2).length;
  const last = Math.max(exponent + length - 24, -149);
  const down = last - exponent;
  if (down <= 0) throw new RangeError(`significand: expected more than 24 bits, got ${length}`);
  let kept = shift(significand, -down);
  const twice = 2n * (significand - shift(kept, down));
  const unit = shift(1n, down);
  if (twice > unit || (twice === unit && (isInexact || kept % 2n === 1n))) kept += 1n;
  const magnitude = kept === 0n ? 0 : Number(kept) + (last + 149) * 2 ** 23;
  return Math.min(magnitude, INFINITY) + (isNegative ? SIGN : 0);
}

function ofFinite(name: FunctionName, word: number): number {
  const { isNegative, significand, exponent } = parts(word);
  const magnitude = shift(significand, exponent + BITS);
  const x = isNegative ? -magnitude : magnitude;
  // Far beyond the least and the largest number, so that the sizes of the integers stay bounded.
  if ((name === 'exp' || name === 'exp2') && magnitude > 1000n * ONE) return isNegative ? 0 : INFINITY;
  switch (name) {
    case 'exp':
      return rounded(false, exponential(x));
    case 'exp2': {
      const n = x >> BigInt(BITS);
      const fraction = x - n * ONE;
      if (fraction === 0n) return rounded(false, { significand: ONE, exponent: Number(n) - BITS, isInexact: false });
      return rounded(false, {
        significand: smallExponential(product(fraction, LN2)),
        exponent: Number(n) - BITS,
        isInexact: true,
      });
    }
    case 'log': {
      // Between 2/3 and 4/3, so that nothing is lost near 1.
      const length = significand.toString(2).length;
      const isUpper = 3n * significand > shift(1n, length + 1);
      const n = isUpper ? length : length - 1;
      const denominator = shift(1n, n);
      const log = BigInt(exponent + n) * LN2 + doubleAreaTangent(significand - denominator, significand + denominator);
      const value = { significand: log < 0n ? -log : log, exponent: -BITS, isInexact: true };
      return log === 0n ? 0 : rounded(log < 0n, value);
    }
    case 'rsqrt': {
      const isOdd = exponent % 2 !== 0;
      const radicand = isOdd ? 2n * significand : significand;
      const quotient = shift(1n, 2 * BITS);
      let root = shift(1n, BITS);
      for (let next = (root + quotient / (radicand * root)) / 2n; next < root; ) {
        root = next;
        next = (root + quotient / (radicand * root)) / 2n;
      }
      const half = (exponent - (isOdd ? 1 : 0)) / 2;
      return rounded(false, {
        significand: root,
        exponent: -BITS - half,
        isInexact: root * root * radicand !== quotient,
      });
    }
    case 'tanh': {
      if (magnitude > 100n * ONE) return 0x3f80_0000 + (isNegative ? SIGN : 0);
      if (magnitude < ONE >> 40n) {
        // a (1 - a^2 / 3 + ...): below a by less than its last bit but one.
        const value = { significand: shift(significand, 100) - 1n, exponent: exponent - 100, isInexact: true };
        return rounded(isNegative, value);
      }
      const power = exponential(2n * magnitude);
      const whole = shift(power.significand, power.exponent + BITS);
      return rounded(isNegative, {
        significand: ((whole - ONE) * ONE) / (whole + ONE),
        exponent: -BITS,
        isInexact: true,
      });
    }
  }
}

/** The correctly rounded value; zeros, infinities and NaN as in IEEE 754-2019, 9.2.1. */
export function referenceOf(name: FunctionName, word: number): number {
  const magnitude = word & 0x7fff_ffff;
  const isNegative = word >>> 31 === 1;
  if (magnitude > INFINITY) return NAN;
  const isRoot = name === 'log' || name === 'rsqrt';
  if (magnitude === 0) {
    const atZero = {
      exp: 0x3f80_0000,
      exp2: 0x3f80_0000,
      log: 0xff80_0000,
      rsqrt: (word | INFINITY) >>> 0,
      tanh: word,
    };
    return atZero[name];
  }
  if (isRoot && isNegative) return NAN;
  if (magnitude < INFINITY) return ofFinite(name, word);
  const atInfinity = { exp: INFINITY, exp2: INFINITY, log: INFINITY, rsqrt: 0, tanh: 0x3f80_0000 };
  if (!isNegative) return atInfinity[name];
  return name === 'tanh' ? 0xbf80_0000 : 0;
}
