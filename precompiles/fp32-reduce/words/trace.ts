import { eventChip } from '../../../vm/chip.ts';
import { writeAge } from '../../../vm/chips/frame-trace.ts';
import type { Machine } from '../../../vm/executor/machine.ts';
import { WORDS_CHIP } from '../bus.ts';
import { BLOCK_WORDS } from '../constants.ts';
import { wordsAir } from './air.ts';

/** Event: time, word address, number of words; value and time of the access before of each. */
const EVENT_WORDS = 3 + 2 * BLOCK_WORDS;

/** Appends the event of `count` words, 1 to 8, read at `time`. */
export function recordWords(machine: Machine, time: number, address: number, count: number): void {
  const log = machine.log(WORDS_CHIP)!;
  const at = log.push();
  log.words[at] = time;
  log.words[at + 1] = address;
  log.words[at + 2] = count;
  for (let i = 0; i < count; i++) {
    log.words[at + 3 + 2 * i] = machine.ram.read(address + i);
    log.words[at + 4 + 2 * i] = machine.touchRam(address + i, time);
  }
}

/** One row per request of at most 8 words. */
export const wordsChip = eventChip({
  air: wordsAir,
  eventWords: EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const { isRead, time, address, limb, ageLo, ageHi } = wordsAir.offsets;
    const age = new Uint32Array(2);
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const now = words[event]!;
      cells[row + time] = now;
      cells[row + address] = words[event + 1]!;
      for (let k = 0; k < words[event + 2]!; k++) {
        const value = words[event + 3 + 2 * k]!;
        writeAge(age, 0, words[event + 4 + 2 * k]!, now);
        cells[row + isRead + k] = 1;
        cells[row + limb + 2 * k] = value & 0xffff;
        cells[row + limb + 2 * k + 1] = value >>> 16;
        cells[row + ageLo + k] = age[0]!;
        cells[row + ageHi + k] = age[1]!;
      }
    }
  },
});
