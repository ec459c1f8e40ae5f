import { type Chip, eventChip } from '../../../vm/chip.ts';
import type { Machine } from '../../../vm/executor/machine.ts';
import { recordAddition } from '../../fp32-add/execute.ts';
import { recordFused } from '../../fp32-fma/execute.ts';
import { recordMax } from '../../fp32-max/trace.ts';
import { flagsOf, ROUNDING, wordOf } from '../../fp32-round/semantics.ts';
import { type FoldName, SHAPES } from '../constants.ts';
import { STEPS } from '../semantics.ts';
import { foldAirOf } from './air.ts';
import { FOLD_CHIPS, type Fold } from './steps.ts';

/** Log of a chip of folds. */
export const foldChipName = ({ fold, shape }: Fold): string => `fp32-fold-${shape}-${fold}`;

/** Event: clk | isRam in bit 31, address, remaining, flags before; the accumulators, then the words of the row. */
const FIXED = 4;

/** Appends the event of a row of the fold that asks for `words` with these accumulators and flags. */
export function recordFoldRow(
  machine: Machine,
  of: Fold,
  { isRam, address, remaining, flags }: { isRam: boolean; address: number; remaining: number; flags: number },
  acc: ArrayLike<number>,
  words: ArrayLike<number>,
): void {
  const log = machine.log(foldChipName(of))!;
  const at = log.push();
  log.words[at] = (machine.clk | (isRam ? 1 << 31 : 0)) >>> 0;
  log.words[at + 1] = address;
  log.words[at + 2] = remaining;
  log.words[at + 3] = flags;
  log.words.set(Array.from(acc), at + FIXED);
  log.words.set(Array.from(words), at + FIXED + acc.length);
}

/** Appends what the service of a step needs to answer. */
export const RECORD_STEP: Readonly<Record<FoldName, (machine: Machine, acc: number, x: number) => void>> = {
  sum: (machine, acc, x) => recordAddition(machine, ROUNDING.rne, false, acc, x),
  squares: (machine, acc, x) => recordFused(machine, ROUNDING.rne, 0, x, x, acc),
  max: (machine, acc, x) => recordMax(machine, false, acc, x),
  maxm: (machine, acc, x) => recordMax(machine, true, acc, x),
};

/** One row per 8 words of a sequential fold, or per 32 of a warp. */
function foldChipOf(of: Fold): Chip & { readonly eventWords: number } {
  const { lanes, width } = SHAPES[of.shape];
  const air = foldAirOf(of);
  const step = STEPS[of.fold];
  return eventChip({
    air,
    eventWords: FIXED + lanes + width,
    fill({ words, count, eventWords }, { cells, stride }) {
      const o = air.offsets;
      const writeWord = (at: number, k: number, word: number): void => {
        cells[at + 2 * k] = word & 0xffff;
        cells[at + 2 * k + 1] = word >>> 16;
      };
      const acc = new Uint32Array(lanes + width);
      for (let i = 0; i < count; i++) {
        const [event, row] = [i * eventWords, i * stride];
        const remaining = words[event + 2]!;
        let flags = words[event + 3]!;
        cells[row + o.clk] = words[event]! & 0x7fff_ffff;
        cells[row + o.isRam] = words[event]! >>> 31;
        cells[row + o.address] = words[event + 1]!;
        cells[row + o.remaining] = remaining;
        cells[row + o.before] = flags;
        for (let k = 0; k < lanes; k++) {
          acc[k] = words[event + FIXED + k]!;
          writeWord(row + o.acc, k, acc[k]!);
        }
        for (let k = 0; k < width; k++) {
          const x = words[event + FIXED + lanes + k]!;
          const result = k < remaining ? step(acc[k]!, x) : acc[k]!;
          flags |= flagsOf(result);
          acc[k + lanes] = wordOf(result);
          cells[row + o.take + k] = k < remaining ? 1 : 0;
          writeWord(row + o.x, k, x);
          writeWord(row + o.out, k, wordOf(result));
          cells[row + o.raised + k] = flagsOf(result);
          cells[row + o.accrued + k] = flags;
        }
      }
    },
  });
}

export const foldChips = FOLD_CHIPS.map(foldChipOf);
