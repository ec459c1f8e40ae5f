/**
 * FP32-NORMALISE chip: positive subnormal binary32 with the leading bit where other words have it. One row a word.
 *
 * Assumes  the sender's part of `bus.ts`.
 * Ensures  its receiver's part. Which multiple of a power of two is given is the sender's to ask or to leave free.
 * Proof    1. aHi is below 2^7: the word is positive and its biased exponent 0, so it is S 2^-149 with S = 2^16 aHi + aLo.
 *          2. `power-range` has bits in [0, 16] and power = 2^bits, so k = 16 - bits + 9 isSmall is in [0, 25].
 *             128 aHi + 127 < 2^bits leaves bits >= 7 and S < 2^(bits + 9); for a small word, which has aHi = 0, S < 2^bits.
 *             So 2^k S is an integer below 2^25 < p, the one that power significand = 2^16 S or 2^25 S has mod p.
 * Padding  all zero: isReal = 0 silences the buses.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { chooseOne } from '../../vm/chips/limbs.ts';
import { POWER_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { FP32_NORMALISE_BUS, FP32_NORMALISE_CHIP } from './bus.ts';

const LIMB = 16;
/** A small word is moved up by this and at most 16 more. */
export const SMALL_DOUBLINGS = 9;

export const fp32NormaliseAir = defineAir({
  name: FP32_NORMALISE_CHIP,
  columns: {
    isReal: bit('1 on the row of a word'),
    aLo: given('the sender on fp32-normalise', 'low limb of a'),
    aHi: given('the sender on fp32-normalise', 'high limb of a'),
    isSmall: bit('1 if a has no high limb and is moved up by 9 bits more'),
    bits: given('power-range: 0 to 16', '16 less the bits that the word is moved up'),
    power: given('power-range', '2^bits'),
    significand: given('the constraint of the move: below 2^25', 'the word moved up'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, aLo, aHi, isSmall, bits, power, significand } = local;
    const doublings = isSmall.times(SMALL_DOUBLINGS).minus(bits).plus(LIMB);
    receive(
      'the significand was asked for',
      FP32_NORMALISE_BUS,
      { given: [aLo, aHi], claimed: [doublings.not(), significand] },
      isReal,
    );

    // 1. The word.
    send('the word is positive and subnormal', RANGE_BUS, { claimed: [7, aHi] }, isReal);

    // 2. The move.
    const top = aHi.times(2 ** 7).plus(2 ** 7 - 1);
    send(
      'a large word is not moved beyond 2^25',
      POWER_RANGE_BUS,
      { claimed: [bits, power, top] },
      isReal.minus(isSmall),
    );
    send('a small word is not moved beyond 2^25', POWER_RANGE_BUS, { claimed: [bits, power, aLo] }, isSmall);
    // A row with isSmall alone would send -1 times, and so make any tuple pass elsewhere.
    assertZero('only a row of a word is small', isSmall.times(isReal.not()));
    assertZero('a small word has one limb', isSmall.times(aHi));
    const word = chooseOne(isSmall, aLo.times(2 ** SMALL_DOUBLINGS), aHi.times(2 ** LIMB).plus(aLo));
    assertZero('the significand is the word moved up', significand.times(power).minus(word.times(2 ** LIMB)));
  },
});
