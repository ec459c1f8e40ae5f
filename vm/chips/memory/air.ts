/**
 * MEMORY table: the words of zero-initialised RAM that were touched, each from 0 to its final value.
 *
 * Assumes  the statement sends the RAM base once on the ram-base bus; every address that `image` initialises in RAM is
 *          below it.
 * Ensures  every address is initialised at most once in the whole machine, to 0 at time 0, and lies in
 *          [base, RAM_END / 4).
 * Proof    row 0 is the anchor: it holds base - 1 and initialises nothing. Every later row of the unbroken run of real
 *          rows has an address and a gap in [0, 2^26) with address = previous + 1 + gap modulo p; both sides are below
 *          2^28 < p, so this holds over the integers and addresses increase strictly from the base. 2^26 = RAM_END / 4.
 *          The table takes part in every proof, since the statement's base is received nowhere else.
 * Padding  isReal = 0 after the last real row: multiplicity 0. A real row may not follow one, or addresses would start
 *          anew from whatever the padding row holds.
 */
import { below, bit, defineAir, given, u16 } from '../../../stark/air/air.ts';
import { MEMORY_BUS, RAM_BASE_BUS } from '../../buses.ts';
import { SPACE } from '../../space.ts';

const BY_BUS = 'the memory bus: what was last sent to the address';
/** A word address is 26 bits: a 16-bit and a 10-bit limb. */
const HIGH_BITS = 10;

export const memoryAir = defineAir({
  name: 'memory',
  columns: {
    isAnchor: given('1 on the first row, 0 on the others, by constraints', 'whether the row holds the base'),
    isReal: bit('1 on the row of a word, 0 on the anchor and on padding'),
    addressLo: u16('low limb of the word address; of base - 1 on the anchor'),
    addressHi: below(HIGH_BITS, 'high limb of the word address'),
    gapLo: u16('low limb of the number of words skipped since the previous row'),
    gapHi: below(HIGH_BITS, 'high limb of that number'),
    finalLo: given(BY_BUS, 'low limb at the end'),
    finalHi: given(BY_BUS, 'high limb at the end'),
    finalClk: given(BY_BUS, 'time of the last access'),
  },
  define({ local, next, assertZero, send, receive }) {
    const { isAnchor, isReal, finalLo, finalHi, finalClk } = local;
    const address = local.addressLo.plus(local.addressHi.times(2 ** 16));
    const nextAddress = next.addressLo.plus(next.addressHi.times(2 ** 16));
    const nextGap = next.gapLo.plus(next.gapHi.times(2 ** 16));

    assertZero('the anchor initialises nothing', isAnchor.times(isReal));

    assertZero('the first row is the anchor', isAnchor.minus(1), 'first');

    assertZero('no later row is an anchor', next.isAnchor, 'transition');
    assertZero('no word comes after padding', next.isReal.times(isReal.plus(isAnchor).not()), 'transition');
    assertZero(
      'addresses increase',
      next.isReal.times(nextAddress.minus(address).minus(1).minus(nextGap)),
      'transition',
    );

    receive('the anchor is just below the base', RAM_BASE_BUS, { given: [address.plus(1)] }, isAnchor);
    send('the word starts as zero', MEMORY_BUS, { given: [SPACE.ram], claimed: [address, 0, 0, 0] }, isReal);
    receive(
      'the word ends with the value last written',
      MEMORY_BUS,
      { given: [SPACE.ram, address, finalLo, finalHi, finalClk] },
      isReal,
    );
  },
});
