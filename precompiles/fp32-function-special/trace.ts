import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { opOf } from '../../vm/isa/op.ts';
import { exponentOf, isSpecial, significandOf } from '../fp32-add/semantics.ts';
import { logFp32 } from '../fp32-log/semantics.ts';
import { wordOf } from '../fp32-round/semantics.ts';
import { rsqrtFp32 } from '../fp32-rsqrt/semantics.ts';
import { fp32FunctionSpecialAir } from './air.ts';
import { FUNCTION_SPECIAL_EVENT_WORDS } from './bus.ts';
import { type SpecialKind, specialKind } from './semantics.ts';

const at = fp32FunctionSpecialAir.offsets;
const CASE: Readonly<Record<SpecialKind, number>> = {
  zero: at.isZero,
  negative: at.isNegative,
  infinite: at.isInfinite,
  quiet: at.isQuiet,
  signaling: at.isSignaling,
  one: at.isOne,
  'near-one': at.isNearOne,
};

/** One row per log or rsqrt that takes no arithmetic. */
export const fp32FunctionSpecialChip = eventChip({
  air: fp32FunctionSpecialAir,
  eventWords: FUNCTION_SPECIAL_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const isLog = words[event] === opOf('fp32.log');
      const a = words[event + 1]!;
      const kind = specialKind(isLog, a)!;
      const significand = significandOf(a);
      cells[row + (isLog ? at.isLog : at.isRsqrt)] = 1;
      cells[row + at.aLo] = a & 0xffff;
      cells[row + at.aHi] = a >>> 16;
      cells[row + at.sign] = a >>> 31;
      cells[row + at.exponent] = exponentOf(a);
      cells[row + at.upper] = significand >>> 16;
      cells[row + at.special] = isSpecial(a) ? 1 : 0;
      cells[row + CASE[kind]] = 1;
      const fraction = isSpecial(a) ? a & 0x7f_ffff : significand;
      cells[row + at.inverse] = fraction === 0 ? 0 : inverse(felt(fraction));
      cells[row + at.outHi] = wordOf((isLog ? logFp32 : rsqrtFp32)(a)) >>> 16;
    }
  },
});
