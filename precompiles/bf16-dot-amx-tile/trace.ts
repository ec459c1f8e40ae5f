/** Trace of `air.ts`: one row an event, both sums by `fastAdd`. */
import { residue } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { partOf } from '../bf16-dot/prefix.ts';
import { exponentOf, significandOf } from '../bf16-dot/semantics.ts';
import { fastAdd } from '../bf16-dot-amx/semantics.ts';
import { AMX_TILE_EVENT_WORDS } from '../bf16-dot-amx/state.ts';
import { writeAccumulator } from '../bf16-dot-amx/trace.ts';
import { finiteness, inverseOrZero, type Offsets, writeHalves, writeRoundedSum } from '../bf16-dot-fma/mac-trace.ts';
import { rounded } from '../bf16-dot-fma/rounded-sum.ts';
import { addNames } from './add-air.ts';
import { bf16DotAmxTileAir, type tileColumns } from './air.ts';

const at = bf16DotAmxTileAir.offsets;
const chainsAt = partOf<number, (typeof addNames)[number]>(at, 'chains', addNames);
const totalAt = partOf<number, (typeof addNames)[number]>(at, 'total', addNames);

/** One row per tile instruction. */
export const bf16DotAmxTileChip = eventChip({
  air: bf16DotAmxTileAir,
  eventWords: AMX_TILE_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writeTile(cells, row, at, words, event);
      const [acc, even, odd] = [words[event + 5]!, words[event + 7]!, words[event + 9]!];
      cells[row + at.accIsZero] = significandOf(acc) === 0 ? 1 : 0;
      writeAdd(cells, row, totalAt, acc, writeAdd(cells, row, chainsAt, even, odd));
    }
  },
});

/** Writes the cells of `tileColumns`. */
export function writeTile(
  cells: Uint32Array,
  row: number,
  at: Offsets<typeof tileColumns>,
  words: Uint32Array,
  event: number,
): void {
  cells[row + at.isReal] = 1;
  cells[row + at.isTail] = words[event + 3]! === 1 ? 1 : 0;
  cells[row + at.clk] = words[event]!;
  cells[row + at.a] = words[event + 1]!;
  cells[row + at.b] = words[event + 2]!;
  writeAccumulator(cells, row + at.accNegative, words[event + 4]!, words[event + 5]!);
  writeAccumulator(cells, row + at.evenNegative, words[event + 6]!, words[event + 7]!);
  writeAccumulator(cells, row + at.oddNegative, words[event + 8]!, words[event + 9]!);
}

/** Writes x + y; returns the sum. */
function writeAdd(cells: Uint32Array, row: number, at: typeof chainsAt, x: number, y: number): number {
  const word = fastAdd(x, y);
  const [xExponent, yExponent] = [exponentOf(x), exponentOf(y)];
  const isSwapped = yExponent > xExponent;
  const shift = Math.abs(xExponent - yExponent);
  const cutOff = writeHalves(cells, row + at.highQuotient, significandOf(isSwapped ? x : y), shift);
  cells[row + at.isSwapped] = isSwapped ? 1 : 0;
  cells[row + at.largest] = residue(rounded.largest);
  cells[row + at.shift] = shift;
  cells[row + at.sticky] = rounded.sticky;
  cells[row + at.stickyInverse] = inverseOrZero(rounded.sum === 0 ? finiteness(rounded.largest) : cutOff);
  cells[row + at.negativeZeroInverse] = rounded.sum === 0 && y >>> 31 === 1 ? inverseOrZero(significandOf(y)) : 0;
  writeRoundedSum(cells, row, at);
  return word;
}
