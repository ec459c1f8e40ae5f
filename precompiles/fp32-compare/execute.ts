import { specOf } from '../../vm/isa/op.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { COMPARISONS } from './semantics.ts';

const BY_OP = new Map(Object.entries(COMPARISONS).map(([mnemonic, compute]) => [specOf(mnemonic).op, compute]));

export const FP32_COMPARE_FAMILY: Fp32Family = {
  chip: 'fp32-compare',
  mnemonics: Object.keys(COMPARISONS),
  raises: true,
  compute: (op, _mode, a, b) => BY_OP.get(op)!(a, b),
};

export const FP32_COMPARE_INSTRUCTIONS = fp32Instructions(FP32_COMPARE_FAMILY);
