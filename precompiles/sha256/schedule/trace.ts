import type { Chip } from '../../../vm/chip.ts';
import { WORD_BITS } from '../bits.ts';
import { ROUND_STEP, SCHEDULE_STEP } from '../constants.ts';
import { blockOf, blocksOf } from '../event.ts';
import { schedule, smallSigma0, smallSigma1 } from '../semantics.ts';
import { NUM_PARTS, sha256ScheduleAir } from './air.ts';

const at = sha256ScheduleAir.offsets;

/** Four rows per executed sha256.compress: the words of the schedule in order. */
export const sha256ScheduleChip: Chip = {
  air: sha256ScheduleAir,
  rows: (execution) => NUM_PARTS * blocksOf(execution),
  fill(execution, { cells, stride }) {
    for (let i = 0; i < blocksOf(execution); i++) {
      const { key, message } = blockOf(execution, i);
      const w = schedule(message);
      for (let part = 0; part < NUM_PARTS; part++) {
        const row = (NUM_PARTS * i + part) * stride;
        cells[row + at.part + part] = 1;
        cells[row + at.key] = key + 1 + (SCHEDULE_STEP / ROUND_STEP) * part;
        for (let j = 0; j < SCHEDULE_STEP; j++) {
          const t = SCHEDULE_STEP * part + j;
          const bits = row + at.w + j * WORD_BITS;
          for (let k = 0; k < WORD_BITS; k++) cells[bits + k] = (w[t]! >>> k) & 1;
          if (part === 0) continue;
          const terms = [smallSigma1(w[t - 2]!), w[t - 7]!, smallSigma0(w[t - 15]!), w[t - 16]!];
          const low = terms.reduce((total, term) => total + (term & 0xffff), 0) >>> 16;
          cells[row + at.carry + 2 * j] = low;
          cells[row + at.carry + 2 * j + 1] = terms.reduce((total, term) => total + (term >>> 16), low) >>> 16;
        }
      }
    }
  },
};
