/**
 * BF16-ROUND-STOCHASTIC chip: bf16.round.stochastic. Rounds fs1 to BF16 by a threshold, the low limb of rs2, and writes it
 * to fd, NaN-boxed. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16. The high limb of rs2 is read and ignored.
 * Ensures  fd = 0xffff0000 + the BF16 of `semantics.ts`; its flags accrue.
 * Proof    1. With the high limb decoded, fraction = 2^16 (upper - 2^7) + low limb is in [0, 2^23) for a special word:
 *             0 for an infinity and not for a NaN, also mod p. upper = 2^7 hidden + 2^6 quiet + payload below 2^8, as
 *             integers, so that hidden and quiet are its bits.
 *          2. The low limb and the threshold add up to less than 2^17, as do carry and remainder: carry is 1 exactly if
 *             the sum reaches 2^16. An infinity has the low limb 0 and never carries. high limb + carry is at most
 *             0xff80: it carries into the exponent and up to an infinity as it should.
 *          3. room, in [0, 0x7f80] for a number, is how far the rounded magnitude is below that of an infinity: a number
 *             overflows exactly if it is 0. inexact tells whether the low limb is 0 or has an inverse. A row that stands
 *             for an instruction is of a zero or subnormal exactly if hidden is 0, and a zero is exact.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { expr } from '../../stark/air/expr.ts';
import { accessColumns } from '../../vm/chips/frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { flagsColumns, fp32Columns, fp32Frame } from '../fp32-frame/air.ts';

const DECODED = 'fp32-decode';
const FREE = 'free: an inverse exists or not';
const INFINITY = 0x7f80;
const CANONICAL_NAN = 0x7fc0;

export const bf16RoundStochasticAir = defineAir({
  name: 'bf16-round-stochastic',
  columns: {
    ...fp32Columns,
    ...accessColumns('rs2'),
    ...flagsColumns,
    sign: given(`${DECODED}: a bit`, 'sign of fs1'),
    biased: given(`${DECODED}: unused`, 'biased exponent of fs1'),
    upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of its significand'),
    special: given(`${DECODED}: a bit`, '1 if it is an infinity or NaN'),
    isNan: given('three constraints: 1 or 0', '1 if it is a NaN'),
    nanInverse: given(FREE, 'inverse of the fraction of a NaN'),
    hidden: bit('hidden bit of the significand: 0 for a subnormal or zero'),
    quiet: bit('next bit, the quiet one of a NaN'),
    payload: below(6, 'next 6 bits'),
    carry: bit('1 if the bits dropped and the threshold carry'),
    remainder: u16('their sum mod 2^16'),
    inexact: given('two constraints: 1 or 0', '1 if any bit is dropped'),
    droppedInverse: given(FREE, 'inverse of the low limb'),
    out: given('a constraint: a limb', 'the BF16'),
    overflow: given('three constraints: 1 or 0', '1 if a number became an infinity'),
    roomInverse: given(FREE, 'inverse of the distance to an infinity'),
    flags: given('a sum of bits', 'flags of the conversion'),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal, upper, special, isNan, hidden, quiet, carry, inexact, out, overflow, flags } = local;
    const [lo, hi, threshold] = [local.rs1Lo, local.rs1Hi, local.rs2Lo];
    const result = { lo: out, hi: 0xffff };
    fp32Frame(builder, local, { op: opOf('bf16.round.stochastic'), result, raised: flags });

    // 1. A NaN or not, and its bits.
    const claimed = [local.sign, local.biased, upper, special];
    send('the high limb is decoded', FP32_DECODE_BUS, { given: [hi], claimed }, isReal);
    const fraction = upper
      .minus(0x80)
      .times(2 ** 16)
      .plus(lo);
    assertZero('a NaN is special', isNan.times(special.not()));
    assertZero('an infinity has no fraction', special.times(isNan.not()).times(fraction));
    assertZero('a NaN has a fraction', isNan.times(fraction.times(local.nanInverse).minus(1)));
    const bits = hidden.times(0x80).plus(quiet.times(0x40)).plus(local.payload);
    assertZero('the bits are those of the significand', upper.minus(bits));

    // 2. The rounded pattern.
    assertZero(
      'the bits dropped and the threshold add up',
      lo
        .plus(threshold)
        .minus(carry.times(2 ** 16))
        .minus(local.remainder),
    );
    const rounded = hi.plus(carry);
    assertZero(
      'the result is the rounded number, or the canonical NaN',
      out.minus(rounded).minus(isNan.times(expr(CANONICAL_NAN).minus(rounded))),
    );

    // 3. The flags.
    assertZero('what is exact drops nothing', inexact.not().times(lo));
    assertZero('what is inexact drops something', lo.times(local.droppedInverse).minus(inexact));
    const room = expr(INFINITY).minus(rounded).plus(local.sign.times(0x8000));
    assertZero('an overflow leaves no room', overflow.times(room));
    assertZero('an infinity or NaN does not overflow', overflow.times(special));
    assertZero(
      'any other number has room',
      isReal.minus(special).times(room.times(local.roomInverse).minus(1).plus(overflow)),
    );
    const invalid = isNan.times(quiet.not()).times(16);
    const underflow = isReal.minus(hidden).times(inexact);
    const ordinary = isNan.not().times(overflow.times(4).plus(underflow.times(2)).plus(inexact));
    assertZero('the flags are those of the case', flags.minus(invalid).minus(ordinary));
  },
});
