import type { Machine } from '../../vm/executor/machine.ts';
import { opOf } from '../../vm/isa/op.ts';
import { recordPower } from '../fp32-exp/execute.ts';
import { expFp32 } from '../fp32-exp/semantics.ts';
import { exp2Fp32 } from '../fp32-exp2/semantics.ts';
import { type Fp32Family, fp32Instructions } from '../fp32-frame/execute.ts';
import { recordLog } from '../fp32-log/execute.ts';
import { logFp32 } from '../fp32-log/semantics.ts';
import { recordRsqrt } from '../fp32-rsqrt/execute.ts';
import { rsqrtFp32 } from '../fp32-rsqrt/semantics.ts';
import { recordTanh } from '../fp32-tanh/execute.ts';
import { tanhFp32 } from '../fp32-tanh/semantics.ts';

/** A function of one operand. */
interface Fp32Function {
  readonly mnemonic: string;
  /** Its value at a word, with flags (`fp32-round/semantics.ts`). */
  readonly compute: (a: number) => number;
  /** Appends what the chips that answer for it need. */
  readonly record: (machine: Machine, a: number) => void;
}

const FUNCTIONS: readonly Fp32Function[] = [
  { mnemonic: 'fp32.exp', compute: expFp32, record: (machine, a) => recordPower(machine, 'exp', a) },
  { mnemonic: 'fp32.exp2', compute: exp2Fp32, record: (machine, a) => recordPower(machine, 'exp2', a) },
  { mnemonic: 'fp32.log', compute: logFp32, record: recordLog },
  { mnemonic: 'fp32.rsqrt', compute: rsqrtFp32, record: recordRsqrt },
  { mnemonic: 'fp32.tanh', compute: tanhFp32, record: recordTanh },
];

const BY_OP: ReadonlyMap<number, Fp32Function> = new Map(FUNCTIONS.map((f) => [opOf(f.mnemonic), f]));

export const FP32_FUNCTION_FAMILY: Fp32Family = {
  chip: 'fp32-function-call',
  mnemonics: FUNCTIONS.map(({ mnemonic }) => mnemonic),
  raises: true,
  compute: (op, _mode, a) => BY_OP.get(op)!.compute(a),
  record: (machine, op, _mode, a) => BY_OP.get(op)!.record(machine, a),
};

export const FP32_FUNCTION_INSTRUCTIONS = fp32Instructions(FP32_FUNCTION_FAMILY);
