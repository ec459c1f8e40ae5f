import { opOf } from '../../vm/isa/op.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { toInteger } from './semantics.ts';

const UNSIGNED = opOf('fcvt.wu.s');

export const FP32_TO_INT_FAMILY: Fp32Family = {
  chip: 'fp32-to-int',
  mnemonics: ['fcvt.w.s', 'fcvt.wu.s'],
  raises: true,
  compute: (op, mode, a) => toInteger(mode, op === UNSIGNED, a),
};

export const FP32_TO_INT_INSTRUCTIONS = fp32Instructions(FP32_TO_INT_FAMILY);
