/**
 * FP32-FOLD chips: words are folded into one accumulator, or into the 32 lanes of a warp. One row for 8 words of a
 * sequential fold, where each takes the accumulator that the word before it left, or for 32 words of a warp, where word k
 * goes into lane k. A chip for every operation and shape (`steps.ts`).
 *
 * Assumes  a state on FOLD_BUS or WARP_BUS starts with a call (`../call/air.ts`), under a time of its own, or with a row of
 *          squares (`../tree/air.ts`), under a time and with an address that no other row of squares has; with an address
 *          below 2^30, a multiple of 8 for hints, less than 2^20 words and accumulators that are limbs; whoever takes
 *          the state with none remaining is not this chip. Hints: `vm/chips/hint`; RAM: `../words`; the services give
 *          one result of limbs and five flags for every operands.
 * Ensures  the state with no words remaining has in each accumulator what it started with, folded with its words in
 *          order: all of them, or in lane j those whose number is j mod 32; `accrued` is the OR of the flags of all of
 *          these steps.
 * Proof    1. A row takes from one word on up to `width`, and fewer only if none remain after it: word k of a row at
 *             address A is at A + k, and rows follow at A + width. A state further on does not come back, as heights
 *             are below p / 32; so the rows from a start on are a path, which ends only where the state is taken with
 *             remaining = 0. All rows together take less than p words: exactly as many as remained. A call is the only
 *             start of its time; a row of squares starts with at most 32 words, which are one row, and takes the state
 *             at the address after it, where no other path of its time ends.
 *          2. 8 words from A on are a hint block A / 8, an integer, or asked of `ram-words` at clk + RAM_TIME, where no
 *             address is asked for twice.
 *          3. A word that is taken makes the next accumulator by the service, and the next flags by the table; one that is not
 *             leaves both.
 * Padding  all zero: no word is taken, silent on every bus.
 */
import { array, bit, defineAir, given } from '../../../stark/air/air.ts';
import { sum } from '../../../stark/air/expr.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { HINT_BUS } from '../../../vm/buses.ts';
import { FLAGS_BUS } from '../../../vm/chips/csr/flags-table.ts';
import { FOLD_BUS, WARP_BUS, WORDS_BUS } from '../bus.ts';
import { BLOCK_WORDS, FOLDS, RAM_TIME, SHAPES } from '../constants.ts';
import { FOLD_STEPS, type Fold } from './steps.ts';

const SERVICE = 'the service of the step: a limb, or the accumulator before';

export const foldAirOf = ({ fold, shape }: Fold) => {
  const { lanes, width } = SHAPES[shape];
  const { bus: service, operands } = FOLD_STEPS[fold];
  const bus = shape === 'warp' ? WARP_BUS : FOLD_BUS;
  const STATE = `the bus ${bus.name}`;
  return defineAir({
    name: `fp32-fold-${shape}-${fold}`,
    columns: {
      take: array(width, bit('1 for a word that is taken')),
      clk: given(STATE, 'time of the call'),
      isRam: given(`${STATE}: a bit`, '1 if the words are in RAM, 0 on the hint tape'),
      address: given(STATE, 'address of the first word of the row'),
      remaining: given(STATE, 'words to go, those of the row included'),
      before: given(`${STATE}: below 2^5`, 'flags raised before the row'),
      acc: array(2 * lanes, given(`${STATE}: limbs`, 'accumulators before the row')),
      x: array(2 * width, given('the hint bus or ram-words: limbs, without effect unless taken', 'words')),
      out: array(2 * width, given(SERVICE, 'accumulator after each word')),
      raised: array(width, given('the service of the step, without effect unless taken', 'flags of each step')),
      accrued: array(width, given('flags: below 2^5, or as before', 'flags raised up to each step')),
    },
    define({ local, assertZero, send, receive }) {
      const { take, clk, isRam, address, remaining, before, acc, x, out, raised, accrued } = local;
      const isReal = take[0]!;
      const rest = remaining.minus(sum(take));
      const place = [FOLDS[fold], clk, isRam];
      receive(
        'the fold was left in this state',
        bus,
        { given: [...place, address, remaining, before, ...acc] },
        isReal,
      );
      send(
        'the fold is left in the next state',
        bus,
        { claimed: [...place, address.plus(width), rest, accrued.at(-1)!, ...out.slice(-2 * lanes)] },
        isReal,
      );

      for (let k = 1; k < width; k++)
        assertZero(`word ${k} comes after word ${k - 1}`, take[k]!.times(take[k - 1]!.not()));
      assertZero('words are left out only if none remain', rest.times(isReal.minus(take.at(-1)!)));
      for (let block = 0; block < width / BLOCK_WORDS; block++) {
        const first = block * BLOCK_WORDS;
        const words = x.slice(2 * first, 2 * (first + BLOCK_WORDS));
        const asked = take[first]!;
        send(
          `block ${block} is on the hint tape`,
          HINT_BUS,
          { given: [address.times(inverse(felt(BLOCK_WORDS))).plus(block), ...words] },
          asked.times(isRam.not()),
        );
        const count = sum(take.slice(first, first + BLOCK_WORDS));
        send(
          `block ${block} is in RAM`,
          WORDS_BUS,
          { given: [clk.plus(RAM_TIME), address.plus(first), count, ...words] },
          asked.times(isRam),
        );
      }

      for (const [k, active] of take.entries()) {
        const flags = accrued[k - 1] ?? before;
        const old = k < lanes ? acc.slice(2 * k, 2 * k + 2) : out.slice(2 * (k - lanes), 2 * (k - lanes) + 2);
        const [word, result] = [x.slice(2 * k, 2 * k + 2), out.slice(2 * k, 2 * k + 2)];
        send(`step ${k} has this result`, service, { given: [...operands(old, word), ...result, raised[k]!] }, active);
        send(
          `the flags of step ${k} accrue`,
          FLAGS_BUS,
          { given: [flags, raised[k]!], claimed: [accrued[k]!] },
          active,
        );
        assertZero(`without word ${k} the low limb stays`, active.not().times(result[0]!.minus(old[0]!)));
        assertZero(`without word ${k} the high limb stays`, active.not().times(result[1]!.minus(old[1]!)));
        assertZero(`without word ${k} the flags stay`, active.not().times(accrued[k]!.minus(flags)));
      }
    },
  });
};
