/**
 * Products of two BF16 and roundings to BF16 in binary64 arithmetic of the host, which knows nothing of bit patterns: a
 * product of two BF16 has 16 significant bits and is exact there, as is a binary32 divided by the unit of its BF16. Only
 * `Math.fround` rounds. For comparison with the semantics of the chips.
 */
import type { Random } from '../../kit/random.ts';

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The value of a binary32 pattern, and the pattern of a binary32 value. */
export const valueOfWord = (word: number): number => {
  bits[0] = word;
  return float[0]!;
};
export const wordOfValue = (value: number): number => {
  float[0] = value;
  return bits[0]!;
};
export const valueOfBf16 = (pattern: number): number => valueOfWord((pattern << 16) >>> 0);

const LEAST_NORMAL = 2 ** -126;
const LEAST_SUBNORMAL = 2 ** -149;
const [NX, UF, OF, NV] = [1, 2, 4, 16];
const CANONICAL_NAN = 0x7fc0_0000;
const signals = (pattern: number): boolean => (pattern & 0x7fff) > 0x7f80 && (pattern & 0x40) === 0;

/** Of the product of two BF16 patterns: the word to nearest even and its flags, tininess after rounding. */
export function productRne(a: number, b: number): readonly [word: number, flags: number] {
  const exact = valueOfBf16(a) * valueOfBf16(b);
  if (Number.isNaN(exact)) {
    const isInvalid = !(Number.isNaN(valueOfBf16(a)) || Number.isNaN(valueOfBf16(b))) || signals(a) || signals(b);
    return [CANONICAL_NAN, isInvalid ? NV : 0];
  }
  const rounded = Math.fround(exact);
  if (rounded === exact) return [wordOfValue(rounded), 0];
  if (!Number.isFinite(rounded)) return [wordOfValue(rounded), NX | OF];
  // With an unbounded exponent: rounded to 24 bits far from the ends of the range.
  const isTiny = Math.abs(Math.fround(exact * 2 ** 150)) < LEAST_NORMAL * 2 ** 150;
  return [wordOfValue(rounded), isTiny ? NX | UF : NX];
}

/** fma(a, b, +0) to nearest even: the product, but that an exact zero is +0. */
export const fusedOntoZero = (a: number, b: number): number => {
  const exact = valueOfBf16(a) * valueOfBf16(b);
  return exact === 0 ? 0 : productRne(a, b)[0];
};

/**
 * A tensor core's block with this product and zeros: 16 bits lose nothing to alignment or to 24 bits, so only a multiple
 * of 2^-149 is cut; beyond the largest number is infinity; no -0; NaN is 0x7fffffff.
 */
export function tensorCoreProduct(a: number, b: number): number {
  const exact = valueOfBf16(a) * valueOfBf16(b);
  if (Number.isNaN(exact)) return 0x7fff_ffff;
  if (Math.abs(exact) >= 2 ** 128) return exact > 0 ? 0x7f80_0000 : 0xff80_0000;
  // exact / 2^-149 may be beyond the range of binary64's exponents only upwards, where nothing is cut.
  const cut = Math.abs(exact) < LEAST_NORMAL ? Math.trunc(exact / LEAST_SUBNORMAL) * LEAST_SUBNORMAL : exact;
  return cut === 0 ? 0 : wordOfValue(cut);
}

/** Integers to which a magnitude in units of BF16 is rounded, by `rm` (RNE, RTZ, RDN, RUP, RMM). */
const ROUNDINGS: readonly ((units: number, isNegative: boolean) => number)[] = [
  (units) => {
    const [down, rest] = [Math.floor(units), units - Math.floor(units)];
    return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
  },
  (units) => Math.floor(units),
  (units, isNegative) => (isNegative ? Math.ceil(units) : Math.floor(units)),
  (units, isNegative) => (isNegative ? Math.floor(units) : Math.ceil(units)),
  (units) => Math.floor(units + 0.5),
];

/** The unit in the last place of the BF16 of a magnitude; `least` bounds the exponent from below. */
function unitOf(magnitude: number, least: number): number {
  let exponent = Math.max(Math.floor(Math.log2(magnitude)), least);
  // log2 may be off by one next to a power of two.
  if (2 ** exponent > magnitude && exponent > least) exponent--;
  if (2 ** (exponent + 1) <= magnitude) exponent++;
  return 2 ** (exponent - 7);
}

const patternOf = (isNegative: boolean, magnitude: number): number =>
  (isNegative ? 0x8000 : 0) + (wordOfValue(magnitude) >>> 16);

/** fcvt.bf16.s: the pattern and its flags. */
export function roundedBf16(mode: number, word: number): readonly [pattern: number, flags: number] {
  const value = valueOfWord(word);
  if (Number.isNaN(value)) return [0x7fc0, signals((word >>> 16) | ((word & 0xffff) === 0 ? 0 : 1)) ? NV : 0];
  const [isNegative, magnitude] = [word >= 2 ** 31, Math.abs(value)];
  if (magnitude === 0 || magnitude === Number.POSITIVE_INFINITY) return [patternOf(isNegative, magnitude), 0];
  const round = ROUNDINGS[mode]!;
  const rounded = (least: number): number => {
    const unit = unitOf(magnitude, least);
    return round(magnitude / unit, isNegative) * unit;
  };
  const result = rounded(-126);
  if (result === magnitude) return [patternOf(isNegative, result), 0];
  if (result >= 2 ** 128) return [patternOf(isNegative, Number.POSITIVE_INFINITY), NX | OF];
  return [patternOf(isNegative, result), rounded(-1000) < LEAST_NORMAL ? NX | UF : NX];
}

/** bf16.round.stochastic: the magnitude is incremented if its fraction and the threshold / 2^16 reach 1. */
export function stochasticBf16(word: number, threshold: number): readonly [pattern: number, flags: number] {
  const value = valueOfWord(word);
  if (!Number.isFinite(value) || value === 0) return roundedBf16(0, word);
  const [isNegative, magnitude] = [word >= 2 ** 31, Math.abs(value)];
  const unit = unitOf(magnitude, -126);
  const units = magnitude / unit;
  const result = Math.floor(units + (threshold % 2 ** 16) / 2 ** 16) * unit;
  if (Number.isInteger(units)) return [patternOf(isNegative, magnitude), 0];
  if (result >= 2 ** 128) return [patternOf(isNegative, Number.POSITIVE_INFINITY), NX | OF];
  return [patternOf(isNegative, result), magnitude < LEAST_NORMAL ? NX | UF : NX];
}

/**
 * Ends of every class and of every exponent range that a product can be at the end of: products at 2^-149, 2^-126 and
 * 2^128 come from exponents around -75, -63 and 64. Both signs.
 */
export const BF16_EDGES: readonly number[] = [
  ...[0x0000, 0x0001, 0x0002, 0x003f, 0x0040, 0x007e, 0x007f, 0x0080, 0x0081, 0x00ff, 0x0100],
  ...[0x1a00, 0x1a01, 0x1a7f, 0x1a80, 0x1fff, 0x2000, 0x2001, 0x207f, 0x2080],
  ...[0x3eff, 0x3f00, 0x3f7f, 0x3f80, 0x3f81, 0x3fb5, 0x3fff, 0x4000, 0x4049],
  ...[0x5f7f, 0x5f80, 0x5f81, 0x5fff, 0x6000, 0x7eff, 0x7f00, 0x7f7e, 0x7f7f],
  ...[0x7f80, 0x7f81, 0x7fbf, 0x7fc0, 0x7fff],
].flatMap((pattern) => [pattern, pattern | 0x8000]);

/** Lower halves that decide a rounding to BF16. */
export const LOWER_EDGES: readonly number[] = [0, 1, 2, 0x3fff, 0x4000, 0x7fff, 0x8000, 0x8001, 0xc000, 0xfffe, 0xffff];

/** Two patterns: any, an edge among them, or with exponents whose sum is at an end of binary32. */
export function drawOperands(random: Random): readonly [number, number] {
  const any = random.u32();
  const [a, b] = [any >>> 16, any & 0xffff];
  switch (random.below(4)) {
    case 0:
      return [random.pick(BF16_EDGES), b];
    case 1: {
      // Biased exponents add up to 127 plus the biased exponent of the product, give or take a bit.
      const total = 127 + random.pick([-24, -23, -22, -1, 0, 1, 253, 254, 255]);
      const first = Math.max(0, total - 254) + random.below(Math.min(total, 254) - Math.max(0, total - 254) + 1);
      return [(a & 0x807f) | (first << 7), (b & 0x807f) | ((total - first) << 7)];
    }
    default:
      return [a, b];
  }
}

/** A word: any, or an upper and a lower half of which one is an edge. */
export function drawRounded(random: Random): number {
  const any = random.u32();
  switch (random.below(4)) {
    case 0:
      return random.pick(BF16_EDGES) * 2 ** 16 + (any & 0xffff);
    case 1:
      return (any & 0xffff) * 2 ** 16 + random.pick(LOWER_EDGES);
    default:
      return any;
  }
}
