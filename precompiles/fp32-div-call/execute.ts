import { recordDivision } from '../fp32-div/execute.ts';
import { divFp32 } from '../fp32-div/semantics.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';

export const FP32_DIV_FAMILY: Fp32Family = {
  chip: 'fp32-div-call',
  mnemonics: ['fdiv.s'],
  raises: true,
  compute: (_op, mode, a, b) => divFp32(mode, a, b),
  record: (machine, _op, mode, a, b) => recordDivision(machine, mode, a, b),
};

export const FP32_DIV_INSTRUCTIONS = fp32Instructions(FP32_DIV_FAMILY);
