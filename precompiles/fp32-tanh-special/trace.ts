import { eventChip } from '../../vm/chip.ts';
import { wordOf } from '../fp32-round/semantics.ts';
import { TANH_EVENT_WORDS } from '../fp32-tanh/bus.ts';
import { tanhFp32 } from '../fp32-tanh/semantics.ts';
import { fp32TanhSpecialAir } from './air.ts';
import { tanhCase } from './cases.ts';

const at = fp32TanhSpecialAir.offsets;
const bit = (condition: boolean): number => (condition ? 1 : 0);

/** One row per tangent of an operand without a window. */
export const fp32TanhSpecialChip = eventChip({
  air: fp32TanhSpecialAir,
  eventWords: TANH_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const row = i * stride;
      const a = words[i * eventWords]!;
      const { first, last, word, signed, copies, flags } = tanhCase(a)!;
      const result = tanhFp32(a);
      cells[row + at.isReal] = 1;
      cells[row + at.aLo] = a & 0xffff;
      cells[row + at.aSign] = a >>> 31;
      cells[row + at.key] = (a >>> 16) & 0x7fff;
      cells[row + at.firstHi] = first >>> 16;
      cells[row + at.firstLo] = first & 0xffff;
      cells[row + at.lastHi] = last >>> 16;
      cells[row + at.lastLo] = last & 0xffff;
      cells[row + at.limbHi] = word >>> 16;
      cells[row + at.limbLo] = word & 0xffff;
      cells[row + at.signed] = signed;
      cells[row + at.copies] = copies;
      cells[row + at.flags] = flags;
      cells[row + at.borrowFirst] = bit((a & 0xffff) < (first & 0xffff));
      cells[row + at.borrowLast] = bit((a & 0xffff) > (last & 0xffff));
      cells[row + at.outLo] = wordOf(result) & 0xffff;
      cells[row + at.outHi] = wordOf(result) >>> 16;
    }
  },
});
