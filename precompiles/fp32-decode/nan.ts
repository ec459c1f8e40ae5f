/**
 * A binary32 operand taken apart as far as its sign and whether it is a NaN, quiet or signaling. Its trace
 * side is `nan-trace.ts`.
 *
 * Assumes  the limbs of the word are below 2^16.
 * Ensures  Sign is the sign; Nan is 1 for a NaN and 0 else; Signaling is 1 for a signaling NaN and 0 else.
 * Proof    With Special = 1 the significand is 2^7 + fraction over 2^16: a NaN is told from an infinity by its fraction,
 *          below 2^23 and so not 0 mod p. Quiet is the uppermost bit of the fraction of a special word, which has 6 more
 *          in its high limb; a word that is not special has no NaN, whatever Quiet is.
 * Padding  zeros: silent on the table; ranges are of zeros.
 */
import { below, bit, type Declaration, given } from '../../stark/air/air.ts';
import type { Expr } from '../../stark/air/expr.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import type { Limbs } from '../../vm/chips/limbs.ts';
import { FP32_DECODE_BUS } from './air.ts';

const DECODED = 'fp32-decode';
type Part = 'Sign' | 'Exponent' | 'Upper' | 'Special' | 'Nan' | 'Inverse' | 'Quiet' | 'Payload' | 'Signaling';
type NanColumns<N extends string> = { readonly [K in `${N}${Part}`]: Declaration<undefined> };
export type NanCells<N extends string> = { readonly [K in `${N}${Part}`]: Expr };

export const nanColumns = <const N extends string>(name: N): NanColumns<N> =>
  ({
    [`${name}Sign`]: given(`${DECODED}: a bit`, `sign of ${name}`),
    [`${name}Exponent`]: given(`${DECODED}: unused`, `biased exponent of ${name}`),
    [`${name}Upper`]: given(`${DECODED}: below 2^8`, `upper 8 bits of the significand of ${name}`),
    [`${name}Special`]: given(`${DECODED}: a bit`, `1 if ${name} is an infinity or NaN`),
    [`${name}Nan`]: given('three constraints: 1 or 0', `1 if ${name} is a NaN`),
    [`${name}Inverse`]: given('free: an inverse exists or not', `inverse of the fraction of a NaN`),
    [`${name}Quiet`]: bit(`quiet bit of ${name}, if special`),
    [`${name}Payload`]: below(6, `next 6 bits of the fraction of ${name}, if special`),
    [`${name}Signaling`]: given('a product of bits', `1 if ${name} is a signaling NaN`),
  }) as NanColumns<N>;

/** States what the columns of `nanColumns(name)` are for the word lo, hi. */
export function decodeNan<N extends string>(
  { assertZero, send }: Sender,
  cells: NanCells<N>,
  name: N,
  { lo, hi }: Limbs,
  active: Expr,
): void {
  const part = (p: Part): Expr => cells[`${name}${p}`];
  const [special, nan, quiet] = [part('Special'), part('Nan'), part('Quiet')];
  const claimed = [part('Sign'), part('Exponent'), part('Upper'), special];
  send(`${name} is decoded`, FP32_DECODE_BUS, { given: [hi], claimed }, active);
  const upper = part('Upper').minus(2 ** 7);
  const fraction = upper.times(2 ** 16).plus(lo);
  assertZero(`${name} is a NaN only if special`, nan.times(special.not()));
  assertZero(`${name} has no fraction as an infinity`, special.times(nan.not()).times(fraction));
  assertZero(`${name} has a fraction as a NaN`, nan.times(fraction.times(part('Inverse')).minus(1)));
  const bits = quiet.times(2 ** 6).plus(part('Payload'));
  assertZero(`${name} has this quiet bit`, special.times(upper.minus(bits)));
  assertZero(`${name} signals as a NaN that is not quiet`, part('Signaling').minus(nan.times(quiet.not())));
}
