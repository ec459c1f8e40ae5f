import { inverse, reduce } from '../../../stark/field/koala-bear.ts';
import { eventChip } from '../../../vm/chip.ts';
import { writeAccess, writeAge, writeFrame } from '../../../vm/chips/frame-trace.ts';
import { opOf } from '../../../vm/isa/op.ts';
import type { Reduction } from '../../../vm/isa/xulp.ts';
import { CALL_EVENT_WORDS } from '../execute.ts';
import { fp32ReduceCallAir } from './air.ts';

const o = fp32ReduceCallAir.offsets;
const SELECTORS = {
  'sum.sequential': o.isSum,
  'squares.sequential': o.isSquares,
  max: o.isMax,
  maxm: o.isMaxm,
  'sum.warp': o.isWarpSum,
  'squares.warp': o.isWarpSquares,
  'sum.pairwise': o.isPairwise,
  'squares.pairwise': o.isPairwiseSquares,
} satisfies Record<Reduction, number>;
/** Column of the selector, and whether the words are in RAM, by op. */
const BY_OP = new Map(
  Object.entries(SELECTORS)
    .flatMap(([reduction, column]) => [
      { column, isRam: 0, op: opOf(`fp32.${reduction}.hint`) },
      { column, isRam: 1, op: opOf(`fp32.${reduction}.ram`) },
    ])
    .map((entry) => [entry.op, entry]),
);

/** One row per instruction. */
export const fp32ReduceCallChip = eventChip({
  air: fp32ReduceCallAir,
  eventWords: CALL_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const word = (k: number): number => words[event + k]!;
      const [clk, ids, address, numWords, result] = [word(1), word(2), word(4), word(5), word(7)];
      const { column, isRam } = BY_OP.get(word(3) & 0xff)!;
      const [fflags, raised] = [(word(3) >>> 8) & 0xff, word(3) >>> 16];
      writeFrame(cells, row + o.isReal, word(0), clk);
      writeAccess(cells, row + o.rs1Address, ids & 0xff, address, word(8), clk);
      writeAccess(cells, row + o.rs2Address, (ids >>> 8) & 0xff, numWords, word(9), clk + 1);
      writeAccess(cells, row + o.rdAddress, ids >>> 16, word(6), word(10), clk + 3);
      cells[row + o.fflagsLo] = fflags;
      cells[row + o.fflagsClk] = word(11);
      writeAge(cells, row + o.fflagsAgeLo, word(11), clk + 5);
      cells[row + o.accrued] = fflags | raised;
      cells[row + column] = 1;
      cells[row + o.isRam] = isRam;
      cells[row + o.low] = (address & 0xffff) >>> (isRam === 1 ? 2 : 5);
      if (column === o.isPairwise || column === o.isPairwiseSquares) {
        cells[row + o.isEmpty] = numWords === 0 ? 1 : 0;
        cells[row + o.countInverse] = numWords === 0 ? 0 : inverse(reduce(numWords));
      }
      cells[row + o.end] = word(12);
      cells[row + o.numRows] = word(13);
      cells[row + o.level] = word(14);
      cells[row + o.outLo] = result & 0xffff;
      cells[row + o.outHi] = result >>> 16;
      cells[row + o.raised] = raised;
    }
  },
});
