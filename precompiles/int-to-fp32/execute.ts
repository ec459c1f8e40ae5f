import { opOf } from '../../vm/isa/op.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { recordRounding } from '../fp32-round/execute.ts';
import { fromInteger, INTEGER_EXPONENT, isNegative, magnitudeOf } from './semantics.ts';

const UNSIGNED = opOf('fcvt.s.wu');

export const INT_TO_FP32_FAMILY: Fp32Family = {
  chip: 'int-to-fp32',
  mnemonics: ['fcvt.s.w', 'fcvt.s.wu'],
  raises: true,
  compute: (op, mode, a) => fromInteger(mode, op === UNSIGNED, a),
  record(machine, op, mode, a) {
    if (a === 0) return;
    const isUnsigned = op === UNSIGNED;
    recordRounding(machine, isNegative(isUnsigned, a), INTEGER_EXPONENT, magnitudeOf(isUnsigned, a), 0, false, mode);
  },
};

export const INT_TO_FP32_INSTRUCTIONS = fp32Instructions(INT_TO_FP32_FAMILY);
