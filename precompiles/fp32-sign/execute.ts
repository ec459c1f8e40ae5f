import { opOf } from '../../vm/isa/op.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { SIGN_INJECTIONS } from './semantics.ts';

const BY_OP = new Map(Object.entries(SIGN_INJECTIONS).map(([mnemonic, compute]) => [opOf(mnemonic), compute]));

export const FP32_SIGN_FAMILY: Fp32Family = {
  chip: 'fp32-sign',
  mnemonics: Object.keys(SIGN_INJECTIONS),
  raises: false,
  compute: (op, _mode, a, b) => BY_OP.get(op)!(a, b),
};

export const FP32_SIGN_INSTRUCTIONS = fp32Instructions(FP32_SIGN_FAMILY);
