import type { Machine } from '../../vm/executor/machine.ts';
import { opOf } from '../../vm/isa/op.ts';
import { recordExponential } from '../fp32-exponential/execute.ts';
import { recordFunctionSpecial } from '../fp32-function-special/execute.ts';
import { specialKind } from '../fp32-function-special/semantics.ts';
import { recordNormalise } from '../fp32-normalise/execute.ts';
import { recordRounding } from '../fp32-round/execute.ts';
import { ROUNDING } from '../fp32-round/semantics.ts';
import { FP32_LOG_CHIP } from './bus.ts';
import { logRow } from './row.ts';

/** Appends the events of one logarithm: its own and those of what it asks for, or that of a special case. */
export function recordLog(machine: Machine, a: number): void {
  if (specialKind(true, a) !== undefined) {
    recordFunctionSpecial(machine, opOf('fp32.log'), a);
    return;
  }
  const log = machine.log(FP32_LOG_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = a;
  const { isSubnormal, isNegative, magnitude, power } = logRow(a);
  if (isSubnormal) recordNormalise(machine, a);
  recordExponential(machine, power.upper, power.middle, power.lower);
  const low = magnitude.middle * 256 + (magnitude.lower >>> 16);
  recordRounding(machine, isNegative, 7, magnitude.upper, low, true, ROUNDING.rne);
}
