/**
 * FP32-ROUND chip: an exact magnitude of 64 bits and a sticky bit to binary32, in all rounding modes, with flags. One row
 * a rounding, whatever its result: normal, subnormal, zero, overflow.
 *
 * Assumes  the sender's part of `bus.ts`: bits, limbs below 2^16, W not 0, a mode, an exponent below 2^10.
 * Ensures  hi, lo, flags are those of `semantics.ts`, and the only ones.
 * Proof    1. W is moved up by 16 limbs + zeros bits (limbs from 3 down to -2), split so that no bit is lost above: limbs
 *             above the chosen top are 0 and top < 2^16 / power. `high` and `middle` are the leading 32 bits; the rest
 *             is not zero exactly if `rest`. Below a move by -32 only `far` is left: nothing but rest.
 *          2. A normal result has the top bit of `high` set: the move is by the leading zeros of W. Any other has it clear
 *             and biased = 1, that is exponent - move = -126: the move is fixed, too. biased >= 1 excludes that the
 *             first kind stands for the second.
 *          3. `fp32-tail` and `fp32-rounding` are functions of the dropped bits. head, tail: the rounded significand, at
 *             most 2^24, split at 16 bits; as an integer, so a carry runs into the exponent and no multiple of p fits.
 *          4. packed = 128 (biased - 1) + head is the high limb without sign, in [0, 2^17). The margin to 0x7f7f is in
 *             [0, 2^16) in one direction only: overflow is decided.
 *          5. Underflow is tininess after rounding: a result that only became 2^-126 by the carry is tiny unless it would
 *             have carried with one more bit of precision.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { COMPLEMENT_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { FP32_ROUND_BUS, FP32_ROUND_CHIP } from './bus.ts';
import { POWER_BUS, ROUNDING_BUS, TAIL_BUS } from './tables.ts';

const SENDER = 'the sender on fp32-round';
/** Moves by whole limbs, in the order of the selectors. */
export const LIMB_MOVES = [3, 2, 1, 0, -1, -2] as const;
/** 2^15 less one of the high limb of infinity, 0x7f80. */
const LARGEST_HIGH = 0x7f7f;

export const fp32RoundAir = defineAir({
  name: FP32_ROUND_CHIP,
  columns: {
    isReal: bit('1 on the row of a rounding'),
    negative: given(SENDER, 'sign'),
    exponent: given(SENDER, 'exponent of bit 63 of W'),
    w: array(4, given(SENDER, 'limbs of W, the lowest first')),
    sticky: given(SENDER, '1 if there is anything below W'),
    mode: given(SENDER, 'rounding mode'),
    outHi: given('the cases of the result', 'high limb of the result'),
    outLo: given('the cases of the result', 'low limb of the result'),
    flags: given('a sum of bits', 'flags of the result'),
    move: array(LIMB_MOVES.length, bit('1 if W is moved up by 3, 2, 1, 0, -1, -2 limbs and `zeros` bits')),
    far: bit('1 if W is moved down by more than 32 bits'),
    zeros: given('fp32-power: 0 to 15', 'bits that W is moved up'),
    power: given('fp32-power', '2^zeros'),
    top: given('the complement range', 'limb that becomes the leading one'),
    movedHigh: given('a range check on `zeros` bits', 'bits that move into the leading limb'),
    stayedHigh: given('the complement range', 'the other bits of that limb'),
    movedLow: given('a range check on `zeros` bits', 'bits that move into the second limb'),
    stayedLow: given('the complement range', 'the other bits of that limb'),
    high: given('a range check less the top bit', 'leading 16 bits after the move'),
    middle: given('fp32-tail: below 2^16', 'next 16 bits'),
    upper: given('fp32-tail: below 2^8', 'the 8 of them that belong to the significand'),
    code: given('fp32-tail', 'what the other 8 say'),
    rest: given('two constraints: 1 or 0', '1 if anything is below them'),
    restInverse: given('free: an inverse exists or not', 'inverse of what is below them'),
    increment: given('fp32-rounding: a bit', '1 if the significand is incremented'),
    inexact: given('fp32-rounding: a bit', '1 if anything is dropped'),
    carries: given('fp32-rounding: a bit', '1 if an all-ones significand carries with one more bit'),
    infinite: given('fp32-rounding: a bit', '1 if an overflow is an infinity'),
    isNormal: bit('1 if the leading bit after the move is set'),
    biased: given('a range check less 1', 'biased exponent before rounding, 1 for a subnormal'),
    head: below(9, 'rounded significand over 2^16'),
    tail: u16('rounded significand mod 2^16'),
    overflow: given('the two directions of margin: 1 or 0', '1 if the result is beyond the largest finite one'),
    margin: u16('distance to the largest finite result, or from the least that overflows'),
    becameNormal: given('two constraints, for a subnormal: 1 or 0', '1 if a subnormal was rounded up to 2^-126'),
    becameInverse: given('free: an inverse exists or not', 'inverse of the distance of head to that'),
    underflow: given('a product of bits', '1 if the result is tiny and inexact'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, negative, exponent, w, sticky, mode, outHi, outLo, flags, move, far, zeros, power } = local;
    const sum = (terms: readonly Expr[]): Expr => terms.reduce((total, term) => total.plus(term));
    receive(
      'the rounding was asked for',
      FP32_ROUND_BUS,
      { given: [negative, exponent, w[3]!, w[2]!, w[1]!, w[0]!, sticky, mode], claimed: [outHi, outLo, flags] },
      isReal,
    );

    // 1. The move. `moved(i)`: limb i of W after the move by limbs.
    assertZero('one move is chosen', sum([...move, far]).minus(isReal));
    const moved = (limb: number): Expr =>
      LIMB_MOVES.reduce((total, by, i) => {
        const source = w[limb - by];
        return source === undefined ? total : total.plus(move[i]!.times(source));
      }, expr(0));
    const lost = (limb: number): Expr => sum(LIMB_MOVES.flatMap((by, i) => (limb + by > 3 ? [move[i]!] : [])));
    for (const limb of [3, 2, 1]) assertZero(`limb ${limb} is empty if moved past the top`, lost(limb).times(w[limb]!));
    const { top, movedHigh, stayedHigh, movedLow, stayedLow, high, middle, rest } = local;
    assertZero('top is the leading limb', top.minus(moved(3)));
    const split = (name: string, limb: Expr, up: Expr, stays: Expr): void => {
      assertZero(
        `the ${name} limb is split`,
        limb
          .times(power)
          .minus(up.times(2 ** 16))
          .minus(stays.times(power)),
      );
      send(`the ${name} limb gives its \`zeros\` upper bits`, RANGE_BUS, { claimed: [zeros, up] }, isReal);
      send(`the ${name} limb keeps the others`, COMPLEMENT_RANGE_BUS, { claimed: [power, stays] }, isReal);
    };
    send('power is 2^zeros', POWER_BUS, { claimed: [zeros, power] }, isReal);
    send('the leading limb loses no bit', COMPLEMENT_RANGE_BUS, { claimed: [power, top] }, isReal);
    split('second', moved(2), movedHigh, stayedHigh);
    split('third', moved(1), movedLow, stayedLow);
    assertZero('high is the leading limb after the move', high.minus(top.times(power)).minus(movedHigh));
    assertZero('middle is the next one', middle.minus(stayedHigh.times(power)).minus(movedLow));
    const dropped = LIMB_MOVES.reduce(
      (total, by, i) => {
        const below = w.slice(0, Math.max(0, 1 - by));
        return below.length === 0 ? total : total.plus(move[i]!.times(sum(below)));
      },
      far.times(sum(w)),
    );
    const remaining = dropped.plus(stayedLow).plus(sticky);
    assertZero('without rest nothing remains', rest.not().times(remaining));
    assertZero('with rest something remains', remaining.times(local.restInverse).minus(rest));

    // 2. The exponent.
    const { isNormal, biased } = local;
    const limbs = sum(LIMB_MOVES.map((by, i) => move[i]!.times(by)));
    const isOther = isReal.minus(isNormal);
    const afterMove = exponent.plus(127).minus(limbs.times(16)).minus(zeros);
    send(
      'only a normal result has the top bit',
      RANGE_BUS,
      { claimed: [15, high.minus(isNormal.times(2 ** 15))] },
      isReal,
    );
    assertZero('the exponent follows the move', isReal.minus(far).times(biased.minus(afterMove)));
    assertZero('a result that is not normal has the least exponent', isOther.times(biased.minus(1)));
    send('far is a move down by more than 32', RANGE_BUS, { claimed: [10, expr(-126 - 33).minus(exponent)] }, far);
    send('no exponent is below the least', RANGE_BUS, { claimed: [9, biased.minus(1)] }, isReal);

    // 3. Rounding.
    const { upper, code, increment, inexact, carries, infinite, head, tail } = local;
    send('the tail is taken apart', TAIL_BUS, { given: [middle], claimed: [upper, code] }, isReal);
    send(
      'the mode decides',
      ROUNDING_BUS,
      { given: [mode, negative, code, rest], claimed: [increment, inexact, carries, infinite] },
      isReal,
    );
    const rounded = high
      .times(2 ** 8)
      .plus(upper)
      .plus(increment);
    assertZero('head and tail are the rounded significand', rounded.minus(head.times(2 ** 16)).minus(tail));

    // 4. The word.
    const { overflow, margin } = local;
    const fits = isReal.minus(overflow);
    const packed = biased
      .minus(1)
      .times(2 ** 7)
      .plus(head);
    const sign = negative.times(2 ** 15);
    assertZero('an overflow is above the largest', overflow.times(packed.minus(LARGEST_HIGH + 1).minus(margin)));
    assertZero('any other result is not', fits.times(expr(LARGEST_HIGH).minus(packed).minus(margin)));
    assertZero('the high limb is packed', fits.times(outHi.minus(sign).minus(packed)));
    assertZero('the low limb is the tail', fits.times(outLo.minus(tail)));
    const overflowHigh = sign.plus(LARGEST_HIGH).plus(infinite);
    assertZero('an overflow has the high limb of its mode', overflow.times(outHi.minus(overflowHigh)));
    assertZero('an overflow has the low limb of its mode', overflow.times(outLo.minus(infinite.not().times(0xffff))));

    // 5. The flags.
    const { becameNormal, becameInverse, underflow } = local;
    const toNormal = head.minus(2 ** 7);
    assertZero('a result became normal', becameNormal.times(toNormal));
    assertZero(
      'a result did not become normal',
      isOther.times(toNormal.times(becameInverse).minus(1).plus(becameNormal)),
    );
    assertZero(
      'underflow is tiny and inexact',
      underflow.minus(isOther.times(inexact).times(becameNormal.times(carries).not())),
    );
    const ordinaryFlags = inexact.plus(underflow.times(2));
    assertZero(
      'the flags are those of the case',
      flags.minus(overflow.times(expr(5).minus(ordinaryFlags))).minus(ordinaryFlags),
    );
  },
});
