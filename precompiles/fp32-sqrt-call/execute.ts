import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { recordSquareRoot } from '../fp32-sqrt/execute.ts';
import { sqrtFp32 } from '../fp32-sqrt/semantics.ts';

export const FP32_SQRT_FAMILY: Fp32Family = {
  chip: 'fp32-sqrt-call',
  mnemonics: ['fsqrt.s'],
  raises: true,
  compute: (_op, mode, a) => sqrtFp32(mode, a),
  record: (machine, _op, mode, a) => recordSquareRoot(machine, mode, a),
};

export const FP32_SQRT_INSTRUCTIONS = fp32Instructions(FP32_SQRT_FAMILY);
