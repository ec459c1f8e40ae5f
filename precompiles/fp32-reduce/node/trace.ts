import { eventChip } from '../../../vm/chip.ts';
import type { Machine } from '../../../vm/executor/machine.ts';
import { recordAddition } from '../../fp32-add/execute.ts';
import { addFp32 } from '../../fp32-add/semantics.ts';
import { flagsOf, ROUNDING, withFlags, wordOf } from '../../fp32-round/semantics.ts';
import { NODE_CHIP } from '../bus.ts';
import { fp32TreeNodeAir } from './air.ts';

/** Event: isSum, clk, level, index, left, right, flags left | right << 8. */
const EVENT_WORDS = 7;

/** Appends the events of all nodes above these, words with flags; gives the last one and its level. */
export function recordNodes(
  machine: Machine,
  nodes: readonly number[],
): { readonly root: number; readonly level: number } {
  let [below, level] = [nodes, 0];
  for (; below.length > 1; level++) {
    const above: number[] = [];
    for (let index = 0; 2 * index < below.length; index++) {
      above.push(recordNode(machine, level, index, below[2 * index]!, below[2 * index + 1]));
    }
    below = above;
  }
  return { root: below[0]!, level };
}

function recordNode(machine: Machine, level: number, index: number, left: number, right: number | undefined): number {
  const log = machine.log(NODE_CHIP)!;
  const at = log.push();
  log.words[at] = right === undefined ? 0 : 1;
  log.words[at + 1] = machine.clk;
  log.words[at + 2] = level;
  log.words[at + 3] = index;
  log.words[at + 4] = wordOf(left);
  log.words[at + 6] = flagsOf(left);
  if (right === undefined) return left;
  log.words[at + 5] = wordOf(right);
  log.words[at + 6] = flagsOf(left) | (flagsOf(right) << 8);
  recordAddition(machine, ROUNDING.rne, false, wordOf(left), wordOf(right));
  const sum = addFp32(ROUNDING.rne, false, wordOf(left), wordOf(right));
  return withFlags(wordOf(sum), flagsOf(left) | flagsOf(right) | flagsOf(sum));
}

/** One row per node above the trees of 32 words. */
export const fp32TreeNodeChip = eventChip({
  air: fp32TreeNodeAir,
  eventWords: EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const o = fp32TreeNodeAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [isSum, left, right] = [words[event] === 1, words[event + 4]!, words[event + 5]!];
      const [leftFlags, rightFlags] = [words[event + 6]! & 0xff, words[event + 6]! >>> 8];
      const result = isSum ? addFp32(ROUNDING.rne, false, left, right) : left;
      cells[row + (isSum ? o.isSum : o.isPassed)] = 1;
      cells[row + o.clk] = words[event + 1]!;
      cells[row + o.level] = words[event + 2]!;
      cells[row + o.index] = words[event + 3]!;
      cells[row + o.leftLo] = left & 0xffff;
      cells[row + o.leftHi] = left >>> 16;
      cells[row + o.leftFlags] = leftFlags;
      cells[row + o.rightLo] = right & 0xffff;
      cells[row + o.rightHi] = right >>> 16;
      cells[row + o.rightFlags] = rightFlags;
      cells[row + o.outLo] = wordOf(result) & 0xffff;
      cells[row + o.outHi] = wordOf(result) >>> 16;
      cells[row + o.raised] = flagsOf(result);
      cells[row + o.bothFlags] = leftFlags | rightFlags;
      cells[row + o.accrued] = leftFlags | rightFlags | flagsOf(result);
    }
  },
});
