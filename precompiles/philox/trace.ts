import { eventChip } from '../../vm/chip.ts';
import { blockValues, writeBlock, writePointers } from '../../vm/chips/word-block.ts';
import { COUNTER_TIME, KEY_TIME, philoxAir, ROUND_BYTES } from './air.ts';
import { COUNTER_AT, KEY_AT, PHILOX_EVENT_WORDS } from './execute.ts';
import { COUNTER_WORDS, KEY_WORDS, MULTIPLIERS, multiply, ROUNDS, round, roundKey } from './semantics.ts';

const at = philoxAir.offsets;

/** One row per executed philox. */
export const philoxChip = eventChip({
  air: philoxAir,
  eventWords: PHILOX_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const clk = words[event + 1]!;
      writePointers(cells, row, words, event, at);
      writeBlock(cells, row + at.keyLimbs, words, event + KEY_AT, KEY_WORDS, clk + KEY_TIME);
      writeBlock(cells, row + at.counterLimbs, words, event + COUNTER_AT, COUNTER_WORDS, clk + COUNTER_TIME);
      const [counter, key] = [
        blockValues(words, event + COUNTER_AT, COUNTER_WORDS),
        blockValues(words, event + KEY_AT, KEY_WORDS),
      ];
      writeRounds(cells, row, counter, [key[0]!, key[1]!]);
    }
  },
});

function writeRounds(
  cells: Uint32Array,
  row: number,
  counter: ArrayLike<number>,
  key: readonly [number, number],
): void {
  const writeBytes = (offset: number, r: number, k: number, word: number): void => {
    for (let i = 0; i < 4; i++) cells[row + offset + r * ROUND_BYTES + 4 * k + i] = (word >>> (8 * i)) & 0xff;
  };
  for (const half of [0, 1]) {
    const lowByte = (index: number): number => (counter[index]! >>> (16 * half)) & 0xff;
    cells[row + at.factorLow + half] = lowByte(0);
    cells[row + at.factorLow + 2 + half] = lowByte(2);
    cells[row + at.otherLow + half] = lowByte(1);
    cells[row + at.otherLow + 2 + half] = lowByte(3);
  }
  let words = counter;
  for (let r = 0; r < ROUNDS; r++) {
    const keys = [roundKey(key[0], 0, r), roundKey(key[1], 1, r)] as const;
    for (const k of [0, 1] as const) {
      const { high, low } = multiply(MULTIPLIERS[k], words[2 * k]!);
      writeBytes(at.keyByte, r, k, keys[k]);
      writeBytes(at.high, r, k, high);
      if (r < ROUNDS - 1) writeBytes(at.low, r, k, low);
      else {
        cells[row + at.lastLow + 2 * k] = low & 0xffff;
        cells[row + at.lastLow + 2 * k + 1] = low >>> 16;
      }
      const other = 1 - k;
      const word = words[2 * other + 1]!;
      writeBytes(at.andWord, r, other, high & word);
      writeBytes(at.andKey, r, other, (high ^ word) & keys[other]!);
    }
    words = round(words, keys);
  }
}
