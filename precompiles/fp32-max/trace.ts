import { eventChip } from '../../vm/chip.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { isNan } from '../fp32-add/semantics.ts';
import { isBefore } from '../fp32-compare/semantics.ts';
import { writeNan } from '../fp32-decode/nan-trace.ts';
import { FLAG, flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32MaxAir } from './air.ts';
import { FP32_MAX_CHIP, MAX_EVENT_WORDS } from './bus.ts';
import { maxFp32 } from './semantics.ts';

/** Appends the event of one choice. */
export function recordMax(machine: Machine, propagates: boolean, a: number, b: number): void {
  const log = machine.log(FP32_MAX_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = propagates ? 1 : 0;
  log.words[at + 1] = a;
  log.words[at + 2] = b;
}

const at = fp32MaxAir.offsets;
const bit = (condition: boolean): number => (condition ? 1 : 0);

/** One row per choice. */
export const fp32MaxChip = eventChip({
  air: fp32MaxAir,
  eventWords: MAX_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [propagates, a, b] = [words[event]!, words[event + 1]!, words[event + 2]!];
      const [aNan, bNan] = [isNan(a), isNan(b)];
      const difference = (a - b) >>> 0;
      // As the constraint has it, also for NaN and for equal words.
      const before = isBefore(a, b) || (a === b && a >>> 31 === 1);
      const result = maxFp32(propagates === 1, a, b);
      const word = wordOf(result);
      cells[row + at.isReal] = 1;
      cells[row + at.propagates] = propagates;
      cells[row + at.aLo] = a & 0xffff;
      cells[row + at.aHi] = a >>> 16;
      cells[row + at.bLo] = b & 0xffff;
      cells[row + at.bHi] = b >>> 16;
      writeNan(cells, row + at.aSign, a);
      writeNan(cells, row + at.bSign, b);
      cells[row + at.differenceLo] = difference & 0xffff;
      cells[row + at.differenceHi] = difference >>> 16;
      cells[row + at.before] = bit(before);
      cells[row + at.unordered] = bit(aNan || bNan);
      cells[row + at.isNan] = bit(isNan(word));
      cells[row + at.takesB] = bit(aNan || bNan ? aNan : before);
      cells[row + at.invalid] = bit(flagsOf(result) === FLAG.invalid);
      cells[row + at.outLo] = word & 0xffff;
      cells[row + at.outHi] = word >>> 16;
    }
  },
});
