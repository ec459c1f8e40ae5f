import { opOf } from '../../vm/isa/op.ts';
import { recordAddition } from '../fp32-add/execute.ts';
import { addFp32 } from '../fp32-add/semantics.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';

const FSUB = opOf('fsub.s');

export const FP32_ADD_FAMILY: Fp32Family = {
  chip: 'fp32-add-call',
  mnemonics: ['fadd.s', 'fsub.s'],
  raises: true,
  compute: (op, mode, a, b) => addFp32(mode, op === FSUB, a, b),
  record: (machine, op, mode, a, b) => recordAddition(machine, mode, op === FSUB, a, b),
};

export const FP32_ADD_INSTRUCTIONS = fp32Instructions(FP32_ADD_FAMILY);
