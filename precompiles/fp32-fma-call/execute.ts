import { opOf } from '../../vm/isa/op.ts';
import { recordFused } from '../fp32-fma/execute.ts';
import { fmaFp32 } from '../fp32-fma/semantics.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';

/** In the order of their ids: fmadd.s and the three after it. */
const MNEMONICS = ['fmadd.s', 'fmsub.s', 'fnmsub.s', 'fnmadd.s'];
const FMADD = opOf('fmadd.s');
/** Of an instruction by its id: 1 if the product is negated, plus 2 if the addend is. */
export const negationsOf = (op: number): number => [0, 2, 1, 3][op - FMADD]!;

export const FP32_FMA_FAMILY: Fp32Family = {
  chip: 'fp32-fma-call',
  mnemonics: MNEMONICS,
  raises: true,
  compute: (op, mode, a, b, c) => fmaFp32(mode, negationsOf(op), a, b, c),
  record: (machine, op, mode, a, b, c) => recordFused(machine, mode, negationsOf(op), a, b, c),
};

export const FP32_FMA_INSTRUCTIONS = fp32Instructions(FP32_FMA_FAMILY);
