/**
 * BF16-WIDEN chip: fcvt.s.bf16. Widens the BF16 in fs1 to binary32, exactly. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16. The rounding mode is without effect, but a
 *          reserved one is illegal.
 * Ensures  fd is the word of `widenBf16` (`bf16-round/semantics.ts`); its flags accrue.
 * Proof    The register holds a BF16 if its high limb is 0xffff: the gap to that is 0 or has an inverse. The low limb is
 *          then the high limb of the binary32, and `nan.ts` tells a NaN. A NaN or missing box gives the canonical NaN,
 *          anything else its limb over 0. Only a signaling NaN in its box is invalid.
 * Padding  all zero: silent on every bus but the ranges of zeros.
 */
import { defineAir, given } from '../../stark/air/air.ts';
import { expr } from '../../stark/air/expr.ts';
import { opOf } from '../../vm/isa/op.ts';
import { decodeNan, nanColumns } from '../fp32-decode/nan.ts';
import { flagsColumns, fp32Columns, fp32Frame, roundingColumns } from '../fp32-frame/air.ts';

export const bf16WidenAir = defineAir({
  name: 'bf16-widen',
  columns: {
    ...fp32Columns,
    ...roundingColumns,
    ...flagsColumns,
    ...nanColumns('a'),
    isBoxed: given('two constraints: 1 or 0', '1 if the high limb of fs1 is 0xffff'),
    gapInverse: given('free: an inverse exists or not', 'inverse of the distance of the high limb to 0xffff'),
    keeps: given('a product of bits', '1 if the result is the BF16'),
    invalid: given('a product of bits', '1 if the operation is invalid'),
    outHi: given('a constraint: a limb', 'high limb of the result'),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isReal, rs1Lo: pattern, isBoxed, keeps, invalid, outHi } = local;
    const result = { lo: 0, hi: outHi };
    fp32Frame(builder, local, { op: opOf('fcvt.s.bf16'), result, raised: invalid.times(16) });
    decodeNan(builder, local, 'a', { lo: expr(0), hi: pattern }, isReal);

    const gap = expr(0xffff).minus(local.rs1Hi);
    assertZero('a box has no gap', isBoxed.times(gap));
    assertZero('a missing box has one', gap.times(local.gapInverse).minus(isReal).plus(isBoxed));
    assertZero('a number in its box is kept', keeps.minus(isBoxed.times(local.aNan.not())));
    assertZero(
      'the high limb is the BF16 or that of the canonical NaN',
      outHi.minus(keeps.times(pattern)).minus(isReal.minus(keeps).times(0x7fc0)),
    );
    assertZero('a signaling NaN in its box is invalid', invalid.minus(isBoxed.times(local.aSignaling)));
  },
});
