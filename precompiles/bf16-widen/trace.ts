import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { isNan, isSignalingNan } from '../fp32-add/semantics.ts';
import { writeNan } from '../fp32-decode/nan-trace.ts';
import { fp32Chip } from '../fp32-frame/trace.ts';
import { wordOf } from '../fp32-round/semantics.ts';
import { bf16WidenAir } from './air.ts';
import { BF16_WIDEN_FAMILY } from './execute.ts';

const at = bf16WidenAir.offsets;

/** One row per executed fcvt.s.bf16. */
export const bf16WidenChip = fp32Chip(bf16WidenAir, BF16_WIDEN_FAMILY, (cells, row, _op, _mode, a, _b, _c, result) => {
  const [word, gap] = [(a << 16) >>> 0, 0xffff - (a >>> 16)];
  writeNan(cells, row + at.aSign, word);
  cells[row + at.isBoxed] = gap === 0 ? 1 : 0;
  cells[row + at.gapInverse] = gap === 0 ? 0 : inverse(felt(gap));
  cells[row + at.keeps] = gap === 0 && !isNan(word) ? 1 : 0;
  cells[row + at.invalid] = gap === 0 && isSignalingNan(word) ? 1 : 0;
  cells[row + at.outHi] = wordOf(result) >>> 16;
});
