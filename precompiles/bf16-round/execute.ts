import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { boxed, roundToBf16 } from './semantics.ts';

export const BF16_ROUND_CHIP = 'bf16-round';

export const BF16_ROUND_FAMILY: Fp32Family = {
  chip: BF16_ROUND_CHIP,
  mnemonics: ['fcvt.bf16.s'],
  raises: true,
  compute: (_op, mode, a) => boxed(roundToBf16(mode, a)),
};

export const BF16_ROUND_INSTRUCTIONS = fp32Instructions(BF16_ROUND_FAMILY);
