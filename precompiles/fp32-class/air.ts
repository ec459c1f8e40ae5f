/**
 * FP32-CLASS chip: fclass.s. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16.
 * Ensures  rd is the class of fs1 (`semantics.ts`). No flag is raised.
 * Proof    One of six kinds is set on a real row. The high limb decoded has `special` and the upper 8 bits of the
 *          significand. Kinds with the hidden bit (those of a special word and normal ones) leave less than 2^7 of them,
 *          the others have less than 2^7: normal or not is decided. A NaN leaves less than 2^6 without its quiet bit:
 *          quiet or signaling is decided. The fraction, below 2^23, is 0 or has an inverse: the rest is decided.
 * Padding  all zero: no kind, silent on every bus.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr, sum } from '../../stark/air/expr.ts';
import { chooseOne } from '../../vm/chips/limbs.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { fp32Columns, fp32Frame } from '../fp32-frame/air.ts';

const DECODED = 'fp32-decode';

export const fp32ClassAir = defineAir({
  name: 'fp32-class',
  columns: {
    ...fp32Columns,
    sign: given(`${DECODED}: a bit`, 'sign of fs1'),
    exponent: given(`${DECODED}: unused`, 'biased exponent of fs1'),
    upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of its significand'),
    isInfinite: bit('1 for an infinity'),
    isNormal: bit('1 for a normal number'),
    isSubnormal: bit('1 for a subnormal number'),
    isZero: bit('1 for a zero'),
    isSignaling: bit('1 for a signaling NaN'),
    isQuiet: bit('1 for a quiet NaN'),
    inverse: given('free: an inverse exists or not', 'inverse of a fraction'),
    out: given('a constraint: a power of two', 'the class'),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal, sign, exponent, upper, out } = local;
    const { isInfinite, isNormal, isSubnormal, isZero, isSignaling, isQuiet } = local;
    fp32Frame(builder, local, { op: opOf('fclass.s'), result: { lo: out, hi: 0 } });

    const isNan = isSignaling.plus(isQuiet);
    const special = isInfinite.plus(isNan);
    const kinds = [isNormal, isSubnormal, isZero, special];
    assertZero('one kind is set', sum(kinds).minus(isReal));
    const claimed = [sign, exponent, upper, special];
    send('the high limb is decoded, special or not', FP32_DECODE_BUS, { given: [local.rs1Hi], claimed }, isReal);
    const rest = upper.minus(isNormal.plus(special).times(2 ** 7));
    send(
      'the upper bits are those of the kind',
      RANGE_BUS,
      { claimed: [expr(7).minus(isNan), rest.minus(isQuiet.times(2 ** 6))] },
      isReal,
    );
    const fraction = rest.times(2 ** 16).plus(local.rs1Lo);
    assertZero('an infinity or zero has no fraction', isInfinite.plus(isZero).times(fraction));
    const fractional = isSubnormal.plus(isNan);
    assertZero('a subnormal or NaN has one', fractional.times(fraction.times(local.inverse).minus(1)));

    const bySign = (kind: Expr, negative: number, positive: number): Expr =>
      kind.times(chooseOne(sign, expr(2 ** negative), expr(2 ** positive)));
    const classes = [
      bySign(isInfinite, 0, 7),
      bySign(isNormal, 1, 6),
      bySign(isSubnormal, 2, 5),
      bySign(isZero, 3, 4),
      isSignaling.times(2 ** 8),
      isQuiet.times(2 ** 9),
    ];
    assertZero('the class is that of kind and sign', out.minus(sum(classes)));
  },
});
