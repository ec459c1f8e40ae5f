/** Trace of `air.ts`: one row an event. */
import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { partOf } from '../bf16-dot/prefix.ts';
import { fmaFp32 } from '../fp32-fma/semantics.ts';
import { flagsOf, ROUNDING, wordOf } from '../fp32-round/semantics.ts';
import { amxFmaAir, operandNames } from './air.ts';
import { AMX_FMA_EVENT_WORDS } from './bus.ts';
import { amxFma, flushedOperands } from './semantics.ts';

const at = amxFmaAir.offsets;
const OPERANDS = (['x', 'y', 'z'] as const).map((name) =>
  partOf<number, (typeof operandNames)[number]>(at, name, operandNames),
);

/** One row per step. */
export const amxFmaChip = eventChip({
  air: amxFmaAir,
  eventWords: AMX_FMA_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [x, y, z] = [words[event]!, words[event + 1]!, words[event + 2]!];
      const operands = [(x << 16) >>> 0, y, z];
      const flushed = flushedOperands(x, y, z);
      const result = amxFma(x, y, z);
      const fused = fmaFp32(ROUNDING.rne, 0, ...flushed);
      const [word, flags] = [wordOf(fused), flagsOf(fused)];
      const limbs = (offset: number, value: number): void => {
        cells[row + offset] = value & 0xffff;
        cells[row + offset + 1] = value >>> 16;
      };
      cells[row + at.isReal] = 1;
      cells[row + at.xHi] = x;
      limbs(at.yLo, y);
      limbs(at.zLo, z);
      limbs(at.outLo, result);
      for (const [k, operand] of operands.entries()) {
        const place = OPERANDS[k]!;
        writeClass(cells, row + place.sign, operand);
        const fraction = operand & 0x7f_ffff;
        const hasPayload = (operand & 0x7f80_0000) === 0x7f80_0000 && fraction !== 0;
        cells[row + place.isNaN] = hasPayload ? 1 : 0;
        cells[row + place.inverse] = hasPayload ? inverse(reduce(fraction)) : 0;
        cells[row + place.flushedHi] = flushed[k]! >>> 16;
      }
      cells[row + at.yFlushedLo] = flushed[1] & 0xffff;
      cells[row + at.zFlushedLo] = flushed[2] & 0xffff;
      const nan = OPERANDS.findIndex((place) => cells[row + place.isNaN] === 1);
      cells[row + at.yFirst] = nan === 1 ? 1 : 0;
      cells[row + at.zFirst] = nan === 2 ? 1 : 0;
      const upper = nan < 0 ? 0 : (operands[nan]! >>> 16) & 0x7f;
      cells[row + at.isQuiet] = upper >>> 6;
      cells[row + at.payload] = upper & 0x3f;
      limbs(at.fusedLo, word);
      cells[row + at.flags] = flags;
      writeClass(cells, row + at.fusedSign, word);
      const [isInvalid, isUnderflow] = [flags === 16, flags === 3];
      cells[row + at.isInvalid] = isInvalid ? 1 : 0;
      cells[row + at.isUnderflow] = isUnderflow ? 1 : 0;
      cells[row + at.flagsInverse] = isInvalid || isUnderflow ? 0 : inverse(reduce((flags - 16) * (flags - 3)));
      cells[row + at.isFlushed] = isUnderflow || (word & 0x7f80_0000) === 0 ? 1 : 0;
    }
  },
});

/** The cells of `classColumns`, contiguous from the sign. */
function writeClass(cells: Uint32Array, offset: number, word: number): void {
  const biased = (word >>> 23) & 0xff;
  cells[offset] = word >>> 31;
  cells[offset + 1] = Math.max(biased, 1);
  cells[offset + 2] = ((word >>> 16) & 0x7f) + (biased === 0 ? 0 : 0x80);
  cells[offset + 3] = biased === 255 ? 1 : 0;
  cells[offset + 4] = biased === 0 ? 1 : 0;
}
