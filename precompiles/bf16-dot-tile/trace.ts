/** Trace of `air.ts`: one row an event, the sums by the writer of `bf16-dot`. */
import { eventChip } from '../../vm/chip.ts';
import { partOf } from '../bf16-dot/prefix.ts';
import { BLOCK, HOPPER } from '../bf16-dot/semantics.ts';
import { sumNames } from '../bf16-dot/sum-air.ts';
import { writeSum } from '../bf16-dot/sum-trace.ts';
import { writeOperand, writeState } from '../bf16-dot/trace.ts';
import { bf16DotTileAir, operandNames, stateNames } from './air.ts';
import { ENTRIES, ENTRY_EVENT_WORDS, OPERANDS, TILE_EVENT_WORDS } from './event.ts';

const at = bf16DotTileAir.offsets;
const operandsAt = OPERANDS.map((name) => partOf<number, (typeof operandNames)[number]>(at, name, operandNames));
const entriesAt = ENTRIES.map(({ entry, a, b }) => ({
  a: OPERANDS.indexOf(a),
  b: OPERANDS.indexOf(b),
  state: partOf<number, (typeof stateNames)[number]>(at, entry, stateNames),
  sum: partOf<number, (typeof sumNames)[number]>(at, entry, sumNames),
}));

/** One row per block that four calls have in common. */
export const bf16DotTileChip = eventChip({
  air: bf16DotTileAir,
  eventWords: TILE_EVENT_WORDS,
  fill({ words, count }, { cells, stride }, { hints }) {
    for (let i = 0; i < count; i++) {
      const [row, event] = [i * stride, i * TILE_EVENT_WORDS];
      cells[row + at.isReal] = 1;
      operandsAt.forEach(({ element, significand, exponent }, operand) => {
        const first = words[event + operand]! * BLOCK;
        cells[row + element] = first;
        writeOperand(cells, row + significand, row + exponent, hints, first);
      });
      entriesAt.forEach(({ a, b, state, sum }, entry) => {
        const word = event + OPERANDS.length + entry * ENTRY_EVENT_WORDS;
        const [clk, bits, exponent] = [words[word]!, words[word + 1]!, words[word + 2]! | 0];
        writeState(cells, row, state, clk, bits, exponent);
        const [aFirst, bFirst] = [words[event + a]! * BLOCK, words[event + b]! * BLOCK];
        writeSum(cells, row, sum, HOPPER, hints, aFirst, bFirst, bits >>> 31, bits & 0xff_ffff, exponent);
      });
    }
  },
});
