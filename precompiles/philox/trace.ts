import { eventChip } from '../../vm/chip.ts';
import { blockValues, writeBlock, writePointers } from '../../vm/chips/word-block.ts';
import { COUNTER_TIME, KEY_TIME, philoxAir, ROUND_BYTES } from './air.ts';
import { COUNTER_WORDS, KEY_WORDS, MULTIPLIERS, ROUNDS } from './constants.ts';
import { COUNTER_AT, KEY_AT, PHILOX_EVENT_WORDS } from './execute.ts';
import { multiply, roundKey } from './semantics.ts';

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

/** What a row says of the rounds; a test says something else. r is the round, k the product, key word or XOR, 0 or 1. */
export interface RoundValues {
  key(r: number, k: 0 | 1): number;
  product(r: number, k: 0 | 1, factor: number): { readonly high: number; readonly low: number };
  /** x AND y of words; `withKey` false for the upper word and the other word, true for their XOR and the key. */
  and(r: number, k: 0 | 1, withKey: boolean, x: number, y: number): number;
}

const honest = (key: readonly [number, number]): RoundValues => ({
  key: (r, k) => roundKey(key[k], k, r),
  product: (_, k, factor) => multiply(MULTIPLIERS[k], factor),
  and: (_r, _k, _withKey, x, y) => (x & y) >>> 0,
});

/** Writes the columns of the rounds, each value following from those before it. */
export function writeRounds(
  cells: Uint32Array,
  row: number,
  counter: ArrayLike<number>,
  key: readonly [number, number],
  changes: Partial<RoundValues> = {},
): void {
  const values = { ...honest(key), ...changes };
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
  let words = Array.from(counter);
  for (let r = 0; r < ROUNDS; r++) {
    const after = [0, 0, 0, 0];
    for (const k of [0, 1] as const) {
      const { high, low } = values.product(r, k, words[2 * k]!);
      writeBytes(at.high, r, k, high);
      if (r < ROUNDS - 1) writeBytes(at.low, r, k, low);
      else {
        cells[row + at.lastLow + 2 * k] = low & 0xffff;
        cells[row + at.lastLow + 2 * k + 1] = low >>> 16;
      }
      const into = k === 0 ? 1 : 0;
      const [other, roundsKey] = [words[2 * into + 1]!, values.key(r, into)];
      const andWord = values.and(r, into, false, high, other);
      const xor = high + other - 2 * andWord;
      const andKey = values.and(r, into, true, xor, roundsKey);
      writeBytes(at.keyByte, r, into, roundsKey);
      writeBytes(at.andWord, r, into, andWord);
      writeBytes(at.andKey, r, into, andKey);
      after[2 * into] = xor + roundsKey - 2 * andKey;
      after[2 * into + 1] = low;
    }
    words = after;
  }
}
