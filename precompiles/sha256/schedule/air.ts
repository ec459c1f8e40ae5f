/**
 * SHA256-SCHEDULE chip: the message schedule of a block, 16 words a row in four rows (FIPS 180-4, 6.2.2 step 1).
 *
 * Assumes  chip `sha256-call` sends the message of a block once, limbs below 2^16, under a key of its own.
 * Ensures  for each message taken under key k, W_t + K_t of rounds 4 i .. 4 i + 3 is sent under key k + i, i = 0 .. 15.
 * Proof    bits are bits, so the first row holds the message's words. A later part follows the part before it in the row
 *          above, with its key plus 4; the table does not start with one. Its words satisfy w + 2^32 carry = sum of four
 *          words, limb by limb: both sides are below 2^19, so these are equations of integers, and with w made of bits
 *          each limb and carry is unique. Part i selects the constants of rounds 16 i to 16 i + 15.
 * Padding  all zero: no part, multiplicity 0.
 */
import { array, bit, defineAir, given } from '../../../stark/air/air.ts';
import { type Expr, sum } from '../../../stark/air/expr.ts';
import { limbOf, oneOfFour, smallSigma, WORD_BITS, wordOf } from '../bits.ts';
import { SHA256_MESSAGE_BUS, SHA256_ROUND_BUS } from '../bus.ts';
import { ROUND_CONSTANTS, ROUND_STEP, SCHEDULE_STEP, SMALL_SIGMA_0, SMALL_SIGMA_1 } from '../constants.ts';

/** Rows of a block. */
export const NUM_PARTS = 4;
const SENDS = SCHEDULE_STEP / ROUND_STEP;

export const sha256ScheduleAir = defineAir({
  name: 'sha256-schedule',
  columns: {
    part: array(NUM_PARTS, bit('1 on the row of words 16 i to 16 i + 15')),
    key: given('the message bus, and a constraint from row to row', 'key of the first four words'),
    w: array(SCHEDULE_STEP * WORD_BITS, bit('bit of a word, least significant first')),
    carry: array(2 * SCHEDULE_STEP, given('a constraint: 0 to 3', 'carry out of a limb of a word')),
  },
  define(builder) {
    const { local, next, assertZero, send, receive } = builder;
    const isReal = sum(local.part);
    assertZero('a row is at most one part', isReal.times(isReal.minus(1)));
    assertZero('the table starts with no later part', sum(local.part.slice(1)), 'first');
    for (let i = 1; i < NUM_PARTS; i++) {
      assertZero(`part ${i} follows part ${i - 1}`, next.part[i]!.times(local.part[i - 1]!.not()), 'transition');
    }
    const goesOn = sum(next.part.slice(1));
    assertZero('the key goes on', goesOn.times(next.key.minus(local.key).minus(SENDS)), 'transition');

    const words = [...Array(2 * SCHEDULE_STEP).keys()].map((t) =>
      t < SCHEDULE_STEP ? wordOf(local.w, t) : wordOf(next.w, t - SCHEDULE_STEP),
    );
    for (let j = 0; j < SCHEDULE_STEP; j++) {
      const t = SCHEDULE_STEP + j;
      const terms = [
        smallSigma(words[t - 2]!, SMALL_SIGMA_1),
        words[t - 7]!,
        smallSigma(words[t - 15]!, SMALL_SIGMA_0),
        words[t - 16]!,
      ];
      let carryIn: Expr | 0 = 0;
      for (const half of [0, 1]) {
        const carry = next.carry[2 * j + half]!;
        const total = sum([...terms.map((term) => limbOf(term, half)), carryIn]);
        const difference = limbOf(words[t]!, half)
          .plus(carry.times(2 ** 16))
          .minus(total);
        assertZero(`limb ${half} of word ${j} adds up`, goesOn.times(difference), 'transition');
        assertZero(`carry[${2 * j + half}] is below 4`, oneOfFour(local.carry[2 * j + half]!));
        carryIn = carry;
      }
    }

    const limbsOf = (from: number, to: number): Expr[] =>
      [...Array(to - from).keys()].flatMap((j) => [0, 1].map((half) => limbOf(wordOf(local.w, from + j), half)));
    receive(
      'the message is that of the instruction',
      SHA256_MESSAGE_BUS,
      { given: [local.key, ...limbsOf(0, SCHEDULE_STEP)] },
      local.part[0]!,
    );
    for (let i = 0; i < SENDS; i++) {
      const withConstants = limbsOf(ROUND_STEP * i, ROUND_STEP * (i + 1)).map((limb, k) => {
        const round = ROUND_STEP * i + (k >> 1);
        const constantOf = (part: number): number =>
          (ROUND_CONSTANTS[SCHEDULE_STEP * part + round]! >>> (16 * (k & 1))) & 0xffff;
        return limb.plus(sum(local.part.map((selector, part) => selector.times(constantOf(part)))));
      });
      send(
        `rounds ${ROUND_STEP * i} to ${ROUND_STEP * i + 3} of the part take these words`,
        SHA256_ROUND_BUS,
        { given: [local.key.plus(i)], claimed: withConstants },
        isReal,
      );
    }
  },
});
