/**
 * RAM-WORDS chip: up to 8 consecutive words of RAM, read at one time. One row a request.
 *
 * Assumes  the sender's part of WORDS_BUS (`../bus.ts`). Limbs of RAM words are below 2^16 where they are written; every
 *          word was written at time 0 or later, all times are below 2^29.
 * Ensures  the words of a request are those last written before its time, and are left as they are.
 * Proof    words are read from the first on and their number is that of the request. Each is received as it was last
 *          left, at time - 1 - age, with an age of 16 + 13 bits: earlier. Addresses below p do not wrap.
 * Padding  all zero: no word is read, silent on every bus; the ages are range-checked zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../../stark/air/air.ts';
import { sum } from '../../../stark/air/expr.ts';
import { MEMORY_BUS } from '../../../vm/buses.ts';
import { SPACE } from '../../../vm/space.ts';
import { WORDS_BUS, WORDS_CHIP } from '../bus.ts';
import { BLOCK_WORDS } from '../constants.ts';

const SENDER = 'the sender on ram-words';

export const wordsAir = defineAir({
  name: WORDS_CHIP,
  columns: {
    isRead: array(BLOCK_WORDS, bit('1 for a word that is read')),
    time: given(SENDER, 'when the words are read'),
    address: given(SENDER, 'address of the first word'),
    limb: array(2 * BLOCK_WORDS, given('the memory bus: limbs are checked where written', 'limbs of the words')),
    ageLo: array(BLOCK_WORDS, u16('low limb of the time since the last access to the word, less one')),
    ageHi: array(BLOCK_WORDS, below(13, 'high limb of the time since the last access to the word, less one')),
  },
  define({ local, assertZero, send, receive }) {
    const { isRead, time, address, limb, ageLo, ageHi } = local;
    for (let i = 1; i < BLOCK_WORDS; i++) {
      assertZero(`word ${i} is read only after word ${i - 1}`, isRead[i]!.times(isRead[i - 1]!.not()));
    }
    for (const [i, active] of isRead.entries()) {
      const word = [SPACE.ram, address.plus(i), limb[2 * i]!, limb[2 * i + 1]!];
      const age = ageLo[i]!.plus(ageHi[i]!.times(2 ** 16));
      receive(
        `word ${i} holds the value last written`,
        MEMORY_BUS,
        { given: [...word, time.minus(1).minus(age)] },
        active,
      );
      send(
        `word ${i} is left with its value`,
        MEMORY_BUS,
        { given: word.slice(0, 2), claimed: [...word.slice(2), time] },
        active,
      );
    }
    receive('the words were asked for', WORDS_BUS, { given: [time, address, sum(isRead)], claimed: limb }, isRead[0]!);
  },
});
