import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { recordMultiplication } from '../fp32-mul/execute.ts';
import { mulFp32 } from '../fp32-mul/semantics.ts';

export const FP32_MUL_FAMILY: Fp32Family = {
  chip: 'fp32-mul-call',
  mnemonics: ['fmul.s'],
  raises: true,
  compute: (_op, mode, a, b) => mulFp32(mode, a, b),
  record: (machine, _op, mode, a, b) => recordMultiplication(machine, mode, a, b),
};

export const FP32_MUL_INSTRUCTIONS = fp32Instructions(FP32_MUL_FAMILY);
