import { reduce } from '../../../stark/field/koala-bear.ts';
import type { Chip } from '../../../vm/chip.ts';
import { WORD_BITS } from '../bits.ts';
import { BLOCK_KEYS, ROUND_CONSTANTS, ROUND_STEP } from '../constants.ts';
import { blockOf, blocksOf } from '../event.ts';
import { bigSigma0, bigSigma1, choose, majority, rounds, schedule, type WorkingWords } from '../semantics.ts';
import { sha256RoundsAir } from './air.ts';

const at = sha256RoundsAir.offsets;

/** 17 rows per executed sha256.compress: the state before, then four rounds each. */
export const sha256RoundsChip: Chip = {
  air: sha256RoundsAir,
  rows: (execution) => BLOCK_KEYS * blocksOf(execution),
  fill(execution, { cells, stride }) {
    for (let i = 0; i < blocksOf(execution); i++) {
      const { key, state, message } = blockOf(execution, i);
      const w = schedule(message);
      const working = rounds(state, w);
      for (let step = 0; step < BLOCK_KEYS; step++) {
        const row = (BLOCK_KEYS * i + step) * stride;
        cells[row + at.isRound] = step === 0 ? 0 : 1;
        cells[row + at.end] = step === 0 ? 1 : step === BLOCK_KEYS - 1 ? reduce(-1) : 0;
        cells[row + at.key] = key + step;
        for (let j = 0; j < ROUND_STEP; j++) {
          for (let k = 0; k < WORD_BITS; k++) {
            cells[row + at.a + j * WORD_BITS + k] = (working.a[ROUND_STEP * step + j]! >>> k) & 1;
            cells[row + at.e + j * WORD_BITS + k] = (working.e[ROUND_STEP * step + j]! >>> k) & 1;
          }
          if (step > 0) writeCarries(cells, row, j, ROUND_STEP * (step - 1) + j, w, working);
        }
      }
    }
  },
};

/** Limbs of W + K of round t, in place j of its row, and the carries of its two sums. */
function writeCarries(
  cells: Uint32Array,
  row: number,
  j: number,
  t: number,
  w: Uint32Array,
  working: WorkingWords,
): void {
  const { a, e } = working;
  const forE = [a[t]!, e[t]!, bigSigma1(e[t + 3]!), choose(e[t + 3]!, e[t + 2]!, e[t + 1]!)];
  const forA = [bigSigma0(a[t + 3]!), majority(a[t + 3]!, a[t + 2]!, a[t + 1]!), e[t + 4]!];
  let [inE, inA, top] = [0, 0, 0];
  for (const half of [0, 1]) {
    const limb = (word: number): number => (word >>> (16 * half)) & 0xffff;
    const limbs = (words: readonly number[]): number => words.reduce((total, word) => total + limb(word), 0);
    const kw = limb(w[t]!) + limb(ROUND_CONSTANTS[t]!);
    const outE = (limbs(forE) + kw + inE) >>> 16;
    const outA = (limb(a[t + 4]!) + limb(a[t]!) + inA - limbs(forA)) / 2 ** 16;
    cells[row + at.kw + 2 * j + half] = kw;
    cells[row + at.carryE + 2 * j + half] = outE & 3;
    cells[row + at.carryA + 2 * j + half] = reduce(outA);
    top |= (outE >>> 2) << half;
    [inE, inA] = [outE, outA];
  }
  cells[row + at.carryTop + j] = top;
}
