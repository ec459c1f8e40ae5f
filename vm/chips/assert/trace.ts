import { eventChip } from '../../chip.ts';
import { writeAccess, writeAge, writeFrame } from '../frame-trace.ts';
import { assertAir } from './air.ts';
import { ASSERT_EVENT_WORDS } from './execute.ts';

/** One row per executed ulp.assert.eq. */
export const assertChip = eventChip({
  air: assertAir,
  eventWords: ASSERT_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const { isReal, rs1Address, rs2Address, rs2Clk, rs2AgeLo } = assertAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [pc, clk] = [words[event]!, words[event + 1]!];
      writeFrame(cells, row + isReal, pc, clk);
      writeAccess(cells, row + rs1Address, words[event + 2]!, words[event + 4]!, words[event + 5]!, clk);
      cells[row + rs2Address] = words[event + 3]!;
      cells[row + rs2Clk] = words[event + 6]!;
      writeAge(cells, row + rs2AgeLo, words[event + 6]!, clk + 1);
    }
  },
});
