import type { Chip } from '../../chip.ts';
import { memoryAir } from './air.ts';

/** The anchor, then one row per touched word of zero-initialised RAM. */
export const memoryChip: Chip = {
  air: memoryAir,
  rows: ({ memory }) => 1 + memory.address.length,
  fill({ memory, ramBase }, { cells, stride }) {
    const { isAnchor, isReal, addressLo, addressHi, gapLo, gapHi, finalLo, finalHi, finalClk } = memoryAir.offsets;
    cells[isAnchor] = 1;
    cells[addressLo] = (ramBase - 1) & 0xffff;
    cells[addressHi] = (ramBase - 1) >>> 16;
    let previous = ramBase - 1;
    for (let i = 0; i < memory.address.length; i++) {
      const row = (i + 1) * stride;
      const [address, value] = [memory.address[i]!, memory.value[i]!];
      const gap = address - previous - 1;
      cells[row + isReal] = 1;
      cells[row + addressLo] = address & 0xffff;
      cells[row + addressHi] = address >>> 16;
      cells[row + gapLo] = gap & 0xffff;
      cells[row + gapHi] = gap >>> 16;
      cells[row + finalLo] = value & 0xffff;
      cells[row + finalHi] = value >>> 16;
      cells[row + finalClk] = memory.clk[i]!;
      previous = address;
    }
  },
};
