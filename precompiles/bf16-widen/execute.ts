import { widenBf16 } from '../bf16-round/semantics.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';

export const BF16_WIDEN_FAMILY: Fp32Family = {
  chip: 'bf16-widen',
  mnemonics: ['fcvt.s.bf16'],
  raises: true,
  compute: (_op, _mode, a) => widenBf16(a),
};

export const BF16_WIDEN_INSTRUCTIONS = fp32Instructions(BF16_WIDEN_FAMILY);
