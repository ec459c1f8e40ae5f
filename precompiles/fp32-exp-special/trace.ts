import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { exponentOf, isInfinity, isNan, isSignalingNan, isSpecial, significandOf } from '../fp32-add/semantics.ts';
import { FIRST_EXPONENT } from '../fp32-exp/argument-tables.ts';
import { expFp32 } from '../fp32-exp/semantics.ts';
import { exp2Fp32 } from '../fp32-exp2/semantics.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32ExpSpecialAir } from './air.ts';
import { EXP_SPECIAL_EVENT_WORDS } from './bus.ts';

const at = fp32ExpSpecialAir.offsets;

/** One row per exponential that takes no arithmetic. */
export const fp32ExpSpecialChip = eventChip({
  air: fp32ExpSpecialAir,
  eventWords: EXP_SPECIAL_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const event = i * eventWords;
      writeRow(cells, i * stride, words[event]!, words[event + 1]!);
    }
  },
});

function caseOf(a: number): 'isZero' | 'isSmall' | 'isLarge' | 'isInfinite' | 'isQuiet' | 'isSignaling' {
  if (isNan(a)) return isSignalingNan(a) ? 'isSignaling' : 'isQuiet';
  if (isInfinity(a)) return 'isInfinite';
  if (exponentOf(a) >= FIRST_EXPONENT) return 'isLarge';
  return significandOf(a) === 0 ? 'isZero' : 'isSmall';
}

function writeRow(cells: Uint32Array, row: number, isExp2: number, a: number): void {
  const result = isExp2 === 1 ? exp2Fp32(a) : expFp32(a);
  const upper = ((a >>> 16) & 0x7f) + ((a & 0x7f80_0000) === 0 ? 0 : 0x80); // as in `fp32-decode`
  const fraction = isSpecial(a) ? a & 0x7f_ffff : significandOf(a);
  cells[row + at.isExp2] = isExp2;
  cells[row + at[caseOf(a)]] = 1;
  cells[row + at.aLo] = a & 0xffff;
  cells[row + at.aHi] = a >>> 16;
  cells[row + at.sign] = a >>> 31;
  cells[row + at.exponent] = exponentOf(a);
  cells[row + at.upper] = upper;
  cells[row + at.fractionInverse] = fraction === 0 ? 0 : inverse(felt(fraction));
  cells[row + at.outHi] = wordOf(result) >>> 16;
  cells[row + at.flags] = flagsOf(result);
}
