import { eventChip } from '../../../vm/chip.ts';
import { writeAccess, writeAge, writeFrame } from '../../../vm/chips/frame-trace.ts';
import { MESSAGE_WORDS, STATE_WORDS } from '../constants.ts';
import { MESSAGE_AT, SHA256_EVENT_WORDS, STATE_AT } from '../execute.ts';
import { compress } from '../semantics.ts';
import { MESSAGE_TIME, STATE_TIME, sha256CallAir } from './air.ts';

const at = sha256CallAir.offsets;

/** One row per executed sha256.compress. */
export const sha256CallChip = eventChip({
  air: sha256CallAir,
  eventWords: SHA256_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const [age, state, message] = [new Uint32Array(2), new Uint32Array(STATE_WORDS), new Uint32Array(MESSAGE_WORDS)];
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const clk = words[event + 1]!;
      writeFrame(cells, row + at.isReal, words[event]!, clk);
      [at.rs1Address, at.rs2Address].forEach((offset, k) => {
        const [address, value, before] = words.subarray(event + 2 + 3 * k, event + 5 + 3 * k);
        writeAccess(cells, row + offset, address!, value!, before!, clk + k);
      });

      const writeWords = (from: number, into: Uint32Array, now: number, cell: readonly [number, number, number]) => {
        const [limbs, ageLoAt, ageHiAt] = cell;
        for (let k = 0; k < into.length; k++) {
          const [value, before] = [words[from + 2 * k]!, words[from + 2 * k + 1]!];
          into[k] = value;
          cells[row + limbs + 2 * k] = value & 0xffff;
          cells[row + limbs + 2 * k + 1] = value >>> 16;
          writeAge(age, 0, before, now);
          cells[row + ageLoAt + k] = age[0]!;
          cells[row + ageHiAt + k] = age[1]!;
        }
      };
      const messageCells = [at.message, at.messageAgeLo, at.messageAgeHi] as const;
      writeWords(event + MESSAGE_AT, message, clk + MESSAGE_TIME, messageCells);
      const stateCells = [at.before, at.stateAgeLo, at.stateAgeHi] as const;
      writeWords(event + STATE_AT, state, clk + STATE_TIME, stateCells);

      compress(state, message).forEach((after, k) => {
        cells[row + at.after + 2 * k] = after & 0xffff;
        cells[row + at.after + 2 * k + 1] = after >>> 16;
        // The sum wraps exactly where the result is below a term; so does its low limb.
        cells[row + at.carry + 2 * k] = (after & 0xffff) < (state[k]! & 0xffff) ? 1 : 0;
        cells[row + at.carry + 2 * k + 1] = after < state[k]! ? 1 : 0;
      });
    }
  },
});
