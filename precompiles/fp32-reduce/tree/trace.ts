import { eventChip } from '../../../vm/chip.ts';
import type { Machine } from '../../../vm/executor/machine.ts';
import { recordAddition } from '../../fp32-add/execute.ts';
import { addFp32 } from '../../fp32-add/semantics.ts';
import { flagsOf, ROUNDING, wordOf } from '../../fp32-round/semantics.ts';
import { TREE_CHIP } from '../bus.ts';
import { childrenOf, LANES, TREE_NODES } from '../constants.ts';
import { fp32TreeAir } from './air.ts';

/** Kinds of rows in the order of their columns. */
export const TREE_KIND = { warp: 0, hint: 1, ram: 2, hintSquares: 3, ramSquares: 4 } as const;

/** What a row of the tree is of, besides its words. */
export interface TreeRow {
  readonly kind: (typeof TREE_KIND)[keyof typeof TREE_KIND];
  readonly address: number;
  readonly remaining: number;
  readonly index: number;
  /** Of a warp: its fold, and whether its words were in RAM. */
  readonly fold: number;
  readonly lanesInRam: boolean;
  /** Of lanes or squares: those that they raised. */
  readonly flags: number;
}

/** Event: kind | fold << 3 | lanesInRam << 5 | flags << 8, clk, address, remaining, index; the leaves. */
const FIXED = 5;

/** Appends the event of a row and those of its additions; gives its root with all flags. */
export function recordTreeRow(machine: Machine, of: TreeRow, leaves: ArrayLike<number>): number {
  const log = machine.log(TREE_CHIP)!;
  const at = log.push();
  log.words[at] = of.kind | (of.fold << 3) | (of.lanesInRam ? 32 : 0) | (of.flags << 8);
  log.words[at + 1] = machine.clk;
  log.words[at + 2] = of.address;
  log.words[at + 3] = of.remaining;
  log.words[at + 4] = of.index;
  log.words.set(Array.from(leaves), at + FIXED);
  const count = of.kind === TREE_KIND.warp ? LANES : of.remaining;
  return sumTree(leaves, count, of.flags, (_, a, b) => {
    if (b !== undefined) recordAddition(machine, ROUNDING.rne, false, a, b);
  });
}

type Visit = (n: number, a: number, b: number | undefined, result: number, flags: number) => void;

/** The root of a tree of up to 32 leaves with all flags. Visits nodes in order; b is undefined where a is passed on. */
function sumTree(leaves: ArrayLike<number>, count: number, before: number, visit: Visit): number {
  const entries = Array.from({ length: LANES }, (_, i) => leaves[i] ?? 0);
  let flags = before;
  for (let n = 0; n < TREE_NODES; n++) {
    const { left, right, rightLeaf } = childrenOf(n);
    const [a, b] = [entries[left]!, rightLeaf < count ? entries[right]! : undefined];
    const result = b === undefined ? a : addFp32(ROUNDING.rne, false, a, b);
    flags |= flagsOf(result);
    entries.push(wordOf(result));
    visit(n, a, b, result, flags);
  }
  return flags * 2 ** 32 + entries.at(-1)!;
}

/** One row per tree of 32 words or lanes. */
export const fp32TreeChip = eventChip({
  air: fp32TreeAir,
  eventWords: FIXED + LANES,
  fill({ words, count, eventWords }, { cells, stride }) {
    const o = fp32TreeAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [head, remaining] = [words[event]!, words[event + 3]!];
      const kind = head & 7;
      const taken = kind === TREE_KIND.warp ? LANES : Math.min(remaining, LANES);
      cells[row + [o.isWarp, o.fromHint, o.fromRam, o.hintSquares, o.ramSquares][kind]!] = 1;
      cells[row + o.clk] = words[event + 1]!;
      cells[row + o.address] = words[event + 2]!;
      cells[row + o.remaining] = remaining;
      cells[row + o.index] = words[event + 4]!;
      cells[row + o.fold] = (head >>> 3) & 3;
      cells[row + o.lanesInRam] = (head >>> 5) & 1;
      cells[row + o.before] = head >>> 8;
      const leaves = words.subarray(event + FIXED, event + FIXED + LANES);
      for (let k = 0; k < LANES; k++) {
        cells[row + o.take + k] = k < taken ? 1 : 0;
        cells[row + o.leaf + 2 * k] = leaves[k]! & 0xffff;
        cells[row + o.leaf + 2 * k + 1] = leaves[k]! >>> 16;
      }
      sumTree(leaves, taken, head >>> 8, (n, _a, _b, result, flags) => {
        cells[row + o.out + 2 * n] = wordOf(result) & 0xffff;
        cells[row + o.out + 2 * n + 1] = wordOf(result) >>> 16;
        cells[row + o.raised + n] = flagsOf(result);
        cells[row + o.accrued + n] = flags;
      });
    }
  },
});
