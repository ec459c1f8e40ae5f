/**
 * BF16-ROUND chip: fcvt.bf16.s. Rounds fs1 to BF16 and writes it to fd, NaN-boxed. One row an instruction.
 *
 * Assumes  the frame (`vm/chips/frame.ts`): limbs of registers are below 2^16. The program's immediate is a rounding mode
 *          in [0, 4]: `decode` puts it there.
 * Ensures  fd = 0xffff0000 + the BF16 of `semantics.ts`. This machine has no fcsr: there are no flags, and the dynamic
 *          mode is round to nearest.
 * Proof    1. With the high limb decoded, `fraction` < 2^23 is 0 for an infinity and not for a NaN.
 *          2. odd, guard and rest are the last bit kept, the first dropped, and whether any further one is set, by two
 *             splits of integers; `fp32-rounding` has the increment for them. hi + increment carries into the exponent
 *             and up to an infinity as it should; an infinity has nothing to drop and is not incremented.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { below, bit, defineAir, given } from '../../stark/air/air.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../../vm/chips/frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { ROUNDING_BUS } from '../fp32-round/tables.ts';

const DECODED = 'fp32-decode';
const ROUNDED = 'fp32-rounding: a bit';

export const bf16RoundAir = defineAir({
  name: 'bf16-round',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rd'),
    mode: given('the program bus', 'rounding mode'),
    sign: given(`${DECODED}: a bit`, 'sign of fs1'),
    exponent: given(`${DECODED}: unused`, 'biased exponent of fs1'),
    upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of its significand'),
    special: given(`${DECODED}: a bit`, '1 if it is an infinity or NaN'),
    isNan: given('the constraints of the kind: 1 or 0', '1 if it is a NaN'),
    nanInverse: given('free: an inverse exists or not', 'inverse of the fraction of a NaN'),
    odd: given('an integer by half, 0 or 1 by fp32-rounding', 'last bit kept'),
    half: below(7, 'the upper 8 bits of the significand over 2'),
    guard: bit('first bit dropped'),
    dropped: below(15, 'the other bits dropped'),
    rest: given('two constraints: 1 or 0', '1 if any of them is set'),
    restInverse: given('free: an inverse exists or not', 'inverse of dropped'),
    increment: given(ROUNDED, '1 if the magnitude is incremented'),
    inexact: given(`${ROUNDED}, unused`, '1 if anything is dropped'),
    carries: given(`${ROUNDED}, unused`, 'for the underflow of binary32'),
    infinite: given(`${ROUNDED}, unused`, 'for the overflow of binary32'),
    out: given('a limb: rounded up at most to an infinity', 'the BF16'),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal, pc, clk, mode, sign, exponent, upper, special, isNan, odd, half, guard, dropped, rest, out } =
      local;
    instruction(builder, {
      active: isReal,
      pc,
      clk,
      op: opOf('fcvt.bf16.s'),
      rd: local.rdAddress,
      rs1: local.rs1Address,
      immLo: mode,
    });
    namedAccess(builder, local, 'rs1', { now: clk, active: isReal });
    namedAccess(builder, local, 'rd', { now: clk.plus(3), active: isReal, written: { lo: out, hi: 0xffff } });

    const [lo, hi] = [local.rs1Lo, local.rs1Hi];
    send(
      'the high limb is decoded',
      FP32_DECODE_BUS,
      { given: [hi], claimed: [sign, exponent, upper, special] },
      isReal,
    );
    const fraction = upper
      .minus(2 ** 7)
      .times(2 ** 16)
      .plus(lo);
    assertZero('a NaN is special', isNan.times(special.not()));
    assertZero('an infinity has no fraction', special.times(isNan.not()).times(fraction));
    assertZero('a NaN has a fraction', isNan.times(fraction.times(local.nanInverse).minus(1)));

    assertZero('odd is the last bit kept', upper.minus(half.times(2)).minus(odd));
    assertZero('guard is the first bit dropped', lo.minus(guard.times(2 ** 15)).minus(dropped));
    assertZero('without rest no other bit is dropped', rest.not().times(dropped));
    assertZero('with rest some other bit is dropped', dropped.times(local.restInverse).minus(rest));
    const { increment, inexact, carries, infinite } = local;
    send(
      'the mode decides',
      ROUNDING_BUS,
      {
        given: [mode, sign, odd.times(8).plus(guard.times(4)), rest],
        claimed: [increment, inexact, carries, infinite],
      },
      isReal,
    );
    assertZero('a number is rounded', isReal.minus(isNan).times(out.minus(hi).minus(increment)));
    assertZero('a NaN is the canonical one', isNan.times(out.minus(0x7fc0)));
  },
});
