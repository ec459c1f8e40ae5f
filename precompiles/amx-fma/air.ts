/**
 * AMX-FMA chip: one step of TDPBF16PS, any operands: `fp32-fma` between a flush of the operands and one of the result,
 * and the NaN of x86 instead of its canonical one. One row a step. The fast chips of a dot product need none.
 *
 * Assumes  the sender's part of `bus.ts`; FP32_FMA_BUS answers as its `bus.ts` says.
 * Ensures  lo, hi are those of `semantics.ts`.
 * Proof    1. The upper byte of a decoded significand has its top bit unless the word is a zero or subnormal: isTiny is
 *             what a range check on 7 bits leaves. Such a word goes on as a zero of its sign.
 *          2. With the biased exponent 255, a word is a NaN if it has further bits (below 2^23, so no multiple of p).
 *             yFirst, zFirst tell the first NaN of x, y, z if it is not x; at most one of the three is 1.
 *          3. A NaN has bit 6 of that byte if it is quiet; `payload` is below 2^6, which fixes the bit; 64 is added if
 *             it is not there.
 *          4. Without a NaN before, flags are one of 0, 1, 3, 5 or 16 (RISC-V Unprivileged ISA, 21.2): 16 is an invalid
 *             operation, whose result 0x7fc00000 gets the sign; 3 is underflow: an inexact result, tiny after rounding.
 *             Other tiny results are exact, and subnormal as words. Both kinds become zeros of the result's sign.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { below, bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { partOf, withPrefix } from '../bf16-dot/prefix.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FP32_FMA_BUS } from '../fp32-fma/bus.ts';
import { AMX_FMA_BUS, AMX_FMA_CHIP } from './bus.ts';

const SENDER = 'the sender on amx-fma';
const DECODED = 'fp32-decode';
const FUSED = 'fp32-fma';
const FLUSHED = 'a constraint: its limb, or that of a zero';
const FREE = 'free: an inverse exists or not';
const HIDDEN = 2 ** 7;
const SIGN = 2 ** 15;
const QUIET = 2 ** 6;
const INVALID = 16;
const UNDERFLOW = 3;

/** A word by its high limb. */
const classColumns = {
  sign: given(`${DECODED}: a bit`, 'sign'),
  exponent: given(DECODED, 'unused: biased exponent, 1 for a subnormal'),
  upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand'),
  special: given(`${DECODED}: a bit`, '1 for an infinity or NaN'),
  isTiny: bit('1 for a zero or subnormal'),
};
const classNames = Object.keys(classColumns) as readonly (keyof typeof classColumns)[];
const operandColumns = {
  ...classColumns,
  isNaN: given('two constraints: 1 or 0', '1 for a NaN'),
  inverse: given(FREE, 'inverse of what an infinity has not'),
  flushedHi: given(FLUSHED, 'high limb without subnormals'),
};
export const operandNames = Object.keys(operandColumns) as readonly (keyof typeof operandColumns)[];

export const amxFmaAir = defineAir({
  name: AMX_FMA_CHIP,
  columns: {
    isReal: bit('1 on the row of a step'),
    xHi: given(SENDER, 'x, the high limb of a word'),
    yLo: given(SENDER, 'low limb of y'),
    yHi: given(SENDER, 'high limb of y'),
    zLo: given(SENDER, 'low limb of z'),
    zHi: given(SENDER, 'high limb of z'),
    outLo: given('a constraint: a limb', 'low limb of the result'),
    outHi: given('a constraint: a limb', 'high limb of the result'),
    ...withPrefix('x', operandColumns),
    ...withPrefix('y', operandColumns),
    ...withPrefix('z', operandColumns),
    yFlushedLo: given(FLUSHED, 'low limb of y without subnormals'),
    zFlushedLo: given(FLUSHED, 'low limb of z without subnormals'),
    yFirst: given('a product of bits, by constraint', '1 if y is the first NaN'),
    zFirst: given('a product of bits, by constraint', '1 if z is the first NaN'),
    isQuiet: bit('1 if the first NaN is quiet'),
    payload: below(6, 'the 6 bits after the quiet bit of the first NaN'),
    fusedLo: given(FUSED, 'low limb of the fused sum'),
    fusedHi: given(FUSED, 'high limb of the fused sum'),
    flags: given(FUSED, 'flags of the fused sum'),
    ...withPrefix('fused', classColumns),
    isInvalid: given('three constraints: 1 or 0', '1 if the operation is invalid'),
    isUnderflow: given('three constraints: 1 or 0', '1 if it underflows'),
    flagsInverse: given(FREE, 'inverse of the distances of the flags to these'),
    isFlushed: given('bits, by constraint', '1 if the fused sum is replaced by a zero'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, xHi, yLo, yHi, zLo, zHi, outLo, outHi } = local;
    receive(
      'the step was asked for',
      AMX_FMA_BUS,
      { given: [xHi, yLo, yHi, zLo, zHi], claimed: [outLo, outHi] },
      isReal,
    );

    // 1. and 2. The operands.
    type Class = { readonly [K in (typeof classNames)[number]]: Expr };
    type Operand = { readonly [K in (typeof operandNames)[number]]: Expr };
    const classify = (name: string, hi: Expr, c: Class): void => {
      send(
        `${name} is decoded`,
        FP32_DECODE_BUS,
        { given: [hi], claimed: [c.sign, c.exponent, c.upper, c.special] },
        isReal,
      );
      const further = c.upper.minus(isReal.minus(c.isTiny).times(HIDDEN));
      send(`${name} has its top bit unless it is tiny`, RANGE_BUS, { claimed: [7, further] }, isReal);
    };
    const operand = (name: 'x' | 'y' | 'z', hi: Expr, lo: Expr): Operand => {
      const c: Operand = partOf(local, name, operandNames);
      classify(name, hi, c);
      const fraction = c.special.times(
        c.upper
          .minus(HIDDEN)
          .times(2 ** 16)
          .plus(lo),
      );
      assertZero(`${name} has no fraction unless it is a NaN`, expr(1).minus(c.isNaN).times(fraction));
      assertZero(`${name} has some if it is`, fraction.times(c.inverse).minus(c.isNaN));
      assertZero(
        `${name} is flushed to a zero`,
        c.flushedHi.minus(hi).plus(c.isTiny.times(hi.minus(c.sign.times(SIGN)))),
      );
      return c;
    };
    const [x, y, z] = [operand('x', xHi, expr(0)), operand('y', yHi, yLo), operand('z', zHi, zLo)];
    assertZero('y has no low limb if flushed', local.yFlushedLo.minus(y.isTiny.not().times(yLo)));
    assertZero('z has no low limb if flushed', local.zFlushedLo.minus(z.isTiny.not().times(zLo)));

    // 3. The first NaN.
    const { yFirst, zFirst, isQuiet, payload } = local;
    const noX = expr(1).minus(x.isNaN);
    assertZero('y is the first NaN if x is none', yFirst.minus(noX.times(y.isNaN)));
    assertZero('z is the first NaN if x and y are none', zFirst.minus(noX.minus(yFirst).times(z.isNaN)));
    const anyNaN = x.isNaN.plus(yFirst).plus(zFirst);
    const first = (ofX: Expr, ofY: Expr, ofZ: Expr): Expr =>
      x.isNaN.times(ofX).plus(yFirst.times(ofY)).plus(zFirst.times(ofZ));
    assertZero(
      'the first NaN is quiet, or not',
      first(x.upper, y.upper, z.upper).minus(anyNaN.times(HIDDEN)).minus(isQuiet.times(QUIET)).minus(payload),
    );

    // 4. The fused sum.
    const { fusedLo, fusedHi, flags, isInvalid, isUnderflow, isFlushed } = local;
    const asked = [x.flushedHi, local.yFlushedLo, y.flushedHi, local.zFlushedLo, z.flushedHi];
    send(
      'the operands without subnormals are fused',
      FP32_FMA_BUS,
      { given: [0, 0, 0, 0, ...asked], claimed: [fusedLo, fusedHi, flags] },
      isReal,
    );
    const fused: Class = partOf(local, 'fused', classNames);
    classify('the fused sum', fusedHi, fused);
    const [toInvalid, toUnderflow] = [flags.minus(INVALID), flags.minus(UNDERFLOW)];
    assertZero('an invalid operation has its flag', isInvalid.times(toInvalid));
    assertZero('an underflow has its flags', isUnderflow.times(toUnderflow));
    assertZero(
      'any other has other flags',
      toInvalid.times(toUnderflow).times(local.flagsInverse).minus(isReal).plus(isInvalid).plus(isUnderflow),
    );
    assertZero(
      'a sum that is tiny or underflows is flushed',
      isFlushed.minus(fused.isTiny).minus(isUnderflow).plus(fused.isTiny.times(isUnderflow)),
    );

    // The result.
    const other = expr(1).minus(anyNaN);
    const kept = expr(1).minus(isFlushed);
    assertZero(
      'the low limb is that of the first NaN, or of the flushed sum',
      outLo.minus(first(expr(0), yLo, zLo)).minus(other.times(kept).times(fusedLo)),
    );
    const flushedHi = kept.times(fusedHi).plus(isFlushed.times(fused.sign).times(SIGN));
    assertZero(
      'the high limb is that of the first NaN, quiet, or of the flushed sum',
      outHi
        .minus(first(xHi, yHi, zHi))
        .minus(anyNaN.times(QUIET))
        .plus(isQuiet.times(QUIET))
        .minus(other.times(flushedHi.plus(isInvalid.times(SIGN)))),
    );
  },
});
