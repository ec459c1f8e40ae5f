import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { classOf } from './semantics.ts';

export const FP32_CLASS_FAMILY: Fp32Family = {
  chip: 'fp32-class',
  mnemonics: ['fclass.s'],
  raises: false,
  compute: (_op, _mode, a) => classOf(a),
};

export const FP32_CLASS_INSTRUCTIONS = fp32Instructions(FP32_CLASS_FAMILY);
