/**
 * A tensor core's sum by its definition (docs/numerics.md), in exact rational arithmetic on BigInt: an oracle that shares
 * nothing with the semantics but the numbers of the generation.
 */
import type { TensorCore } from '../../precompiles/bf16-dot/semantics.ts';

/** value = significand * 2^exponent, its leading place 2^place; or what it is instead of a number. */
interface Term {
  readonly significand: bigint;
  readonly exponent: number;
  readonly place: number;
  readonly kind: 'finite' | 'infinite' | 'nan';
}

/** A binary interchange format with 8 exponent bits and `fraction` fraction bits. */
function decode(word: number, fraction: number): Term {
  const negative = Math.floor(word / 2 ** (fraction + 8)) % 2 === 1;
  const biased = Math.floor(word / 2 ** fraction) % 256;
  const bits = word % 2 ** fraction;
  const magnitude = BigInt(bits + (biased === 0 ? 0 : 2 ** fraction));
  const place = Math.max(biased, 1) - 127;
  const kind = biased < 255 ? 'finite' : bits === 0 ? 'infinite' : 'nan';
  return { significand: negative ? -magnitude : magnitude, exponent: place - fraction, place, kind };
}

function times(x: Term, y: Term): Term {
  const significand = x.significand * y.significand;
  const kinds = [x.kind, y.kind];
  const isNan = kinds.includes('nan') || (kinds.includes('infinite') && significand === 0n);
  const kind = isNan ? 'nan' : kinds.includes('infinite') ? 'infinite' : 'finite';
  return { significand, exponent: x.exponent + y.exponent, place: x.place + y.place, kind };
}

/** 2^exponent * value, toward zero. */
const scaled = (value: bigint, exponent: number): bigint =>
  exponent >= 0 ? value * 2n ** BigInt(exponent) : value / 2n ** BigInt(-exponent);

/** 16 products in sums of `core.products`, on top of an accumulator. Words as u32. */
export function exactDot(core: TensorCore, acc: number, a: ArrayLike<number>, b: ArrayLike<number>): number {
  let state = acc;
  for (let k = 0; k < 16; k += core.products) {
    const products = Array.from({ length: core.products }, (_, i) => times(decode(a[k + i]!, 7), decode(b[k + i]!, 7)));
    state = exactSum(core, [decode(state, 23), ...products]);
  }
  return state;
}

function exactSum({ fractionBits, floor }: TensorCore, terms: readonly Term[]): number {
  const infinite = terms.filter(({ kind }) => kind === 'infinite').map(({ significand }) => significand > 0n);
  const isOpposed = infinite.includes(true) && infinite.includes(false);
  if (terms.some(({ kind }) => kind === 'nan') || isOpposed) return 0x7fff_ffff;
  if (infinite.length > 0) return infinite[0]! ? 0x7f80_0000 : 0xff80_0000;
  const places = terms.filter(({ significand }) => significand !== 0n).map(({ place }) => place);
  const unit = Math.max(floor, ...places) - fractionBits;
  const sum = terms.reduce((total, { significand, exponent }) => total + scaled(significand, exponent - unit), 0n);
  const magnitude = sum < 0n ? -sum : sum;
  // The result in units of its last place: 24 bits, or 2^-149.
  const last = Math.max(unit + magnitude.toString(2).length - 24, -149);
  const significand = Number(scaled(magnitude, unit - last));
  if (significand === 0) return 0;
  const word = Math.min((last + 149) * 2 ** 23 + significand, 0x7f80_0000);
  return word + (sum < 0n ? 2 ** 31 : 0);
}
