/**
 * BF16-ROUND chip: fcvt.bf16.s. Rounds fs1 to BF16 and writes it to fd, NaN-boxed. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16, the mode is in [0, 4].
 * Ensures  fd = 0xffff0000 + the BF16 of `semantics.ts`, rounded in the mode of the instruction; its flags accrue.
 * Proof    1. With the high limb decoded, `fraction` < 2^23 is 0 for an infinity and not for a NaN.
 *          2. The upper 8 bits of the significand and the low limb are split as integers into the hidden and the quiet
 *             bit, the last bit kept, the first and second dropped, and whether any other is set; `fp32-rounding` has
 *             increment, inexact and carries for them. odd is 0 or 1: an integer, by `middle`, with a code in the table.
 *             hi + increment carries into the exponent and up to an infinity as it should; an infinity has nothing to
 *             drop and is not incremented.
 *          3. room is how far the magnitude is below that of infinity: a number overflows if it is 0. A subnormal is
 *             tiny unless it became 2^-126 and would have with one more bit of precision, too.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { below, bit, defineAir, given } from '../../stark/air/air.ts';
import { expr } from '../../stark/air/expr.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { flagsColumns, fp32Columns, fp32Frame, roundingColumns } from '../fp32-frame/air.ts';
import { ROUNDING_BUS } from '../fp32-round/tables.ts';

const DECODED = 'fp32-decode';
const ROUNDED = 'fp32-rounding: a bit';
const FREE = 'free: an inverse exists or not';
const INFINITY = 0x7f80;
const CANONICAL_NAN = 0x7fc0;

export const bf16RoundAir = defineAir({
  name: 'bf16-round',
  columns: {
    ...fp32Columns,
    ...roundingColumns,
    ...flagsColumns,
    sign: given(`${DECODED}: a bit`, 'sign of fs1'),
    biased: given(`${DECODED}: 1 to 255`, 'biased exponent of fs1, 1 for a subnormal'),
    upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of its significand'),
    special: given(`${DECODED}: a bit`, '1 if it is an infinity or NaN'),
    isNan: given('three constraints: 1 or 0', '1 if it is a NaN'),
    nanInverse: given(FREE, 'inverse of the fraction of a NaN'),
    hidden: bit('hidden bit of the significand: 0 for a subnormal or zero'),
    quiet: bit('next bit, the quiet one of a NaN'),
    middle: below(5, 'next 5 bits'),
    odd: given('an integer by middle, 0 or 1 by fp32-rounding', 'last bit kept'),
    guard: bit('first bit dropped'),
    second: bit('second bit dropped'),
    dropped: below(14, 'the other bits dropped'),
    further: given('two constraints: 1 or 0', '1 if any of them is set'),
    furtherInverse: given(FREE, 'inverse of dropped'),
    increment: given(ROUNDED, '1 if the magnitude is incremented'),
    inexact: given(ROUNDED, '1 if anything is dropped'),
    carries: given(ROUNDED, '1 if an all-ones significand carries with one more bit'),
    infinite: given(`${ROUNDED}, unused`, 'for the overflow of binary32'),
    out: given('a limb: rounded up at most to an infinity', 'the BF16'),
    overflow: given('three constraints: 1 or 0', '1 if a number became an infinity'),
    roomInverse: given(FREE, 'inverse of the distance to an infinity'),
    becameNormal: given('two constraints, for a subnormal: 1 or 0', '1 if a subnormal was rounded up to 2^-126'),
    becameInverse: given(FREE, 'inverse of the distance to that'),
    underflow: given('a product of bits', '1 if a number is tiny and inexact'),
    flags: given('a sum of bits', 'flags of the conversion'),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal, mode, sign, biased, upper, special, isNan, hidden, quiet, odd, guard, second, dropped } = local;
    const { further, increment, inexact, carries, infinite, out, overflow, becameNormal, underflow, flags } = local;
    const result = { lo: out, hi: 0xffff };
    fp32Frame(builder, local, { op: opOf('fcvt.bf16.s'), result, raised: flags });

    // 1. A NaN or not.
    const [lo, hi] = [local.rs1Lo, local.rs1Hi];
    send('the high limb is decoded', FP32_DECODE_BUS, { given: [hi], claimed: [sign, biased, upper, special] }, isReal);
    const fraction = upper
      .minus(0x80)
      .times(2 ** 16)
      .plus(lo);
    assertZero('a NaN is special', isNan.times(special.not()));
    assertZero('an infinity has no fraction', special.times(isNan.not()).times(fraction));
    assertZero('a NaN has a fraction', isNan.times(fraction.times(local.nanInverse).minus(1)));

    // 2. The rounded pattern.
    const bits = hidden.times(0x80).plus(quiet.times(0x40)).plus(local.middle.times(2)).plus(odd);
    assertZero('the bits kept are those of the significand', upper.minus(bits));
    assertZero(
      'the bits dropped are those of the low limb',
      lo.minus(guard.times(0x8000)).minus(second.times(0x4000)).minus(dropped),
    );
    assertZero('without further no other bit is dropped', further.not().times(dropped));
    assertZero('with further some other bit is dropped', dropped.times(local.furtherInverse).minus(further));
    const code = odd.times(8).plus(guard.times(4)).plus(second.times(2)).plus(further);
    send(
      'the mode decides',
      ROUNDING_BUS,
      { given: [mode, sign, code, 0], claimed: [increment, inexact, carries, infinite] },
      isReal,
    );
    assertZero('a number is rounded', isReal.minus(isNan).times(out.minus(hi).minus(increment)));
    assertZero('a NaN is the canonical one', isNan.times(out.minus(CANONICAL_NAN)));

    // 3. The flags.
    const magnitude = biased.minus(1).times(0x80).plus(upper).plus(increment);
    const room = expr(INFINITY).minus(magnitude);
    assertZero('an overflow leaves no room', overflow.times(room));
    assertZero('an infinity or NaN does not overflow', overflow.times(special));
    assertZero(
      'any other number has room',
      isReal.minus(special).times(room.times(local.roomInverse).minus(1).plus(overflow)),
    );
    const isSubnormal = isReal.minus(hidden);
    const toNormal = upper.plus(increment).minus(0x80);
    assertZero('a subnormal became normal', becameNormal.times(toNormal));
    assertZero(
      'a subnormal did not become normal',
      isSubnormal.times(toNormal.times(local.becameInverse).minus(1).plus(becameNormal)),
    );
    const isTiny = isSubnormal.times(becameNormal.times(carries).not());
    assertZero('underflow is tiny and inexact', underflow.minus(isTiny.times(inexact)));
    const invalid = isNan.times(quiet.not()).times(16);
    const ordinary = isNan.not().times(overflow.times(4).plus(underflow.times(2)).plus(inexact));
    assertZero('the flags are those of the case', flags.minus(invalid).minus(ordinary));
  },
});
