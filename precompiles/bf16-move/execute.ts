/** fmv.x.h takes the low half of fs1 whether or not it is NaN-boxed. RISC-V Unprivileged ISA, chapter 24 (Zfh). */
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';

export const BF16_MOVE_FAMILY: Fp32Family = {
  chip: 'bf16-move',
  mnemonics: ['fmv.x.h'],
  raises: false,
  compute: (_op, _mode, a) => ((a << 16) >> 16) >>> 0,
};

export const BF16_MOVE_INSTRUCTIONS = fp32Instructions(BF16_MOVE_FAMILY);
