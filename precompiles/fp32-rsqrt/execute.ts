import type { Machine } from '../../vm/executor/machine.ts';
import { opOf } from '../../vm/isa/op.ts';
import { recordFunctionSpecial } from '../fp32-function-special/execute.ts';
import { specialKind } from '../fp32-function-special/semantics.ts';
import { FP32_RSQRT_CHIP } from './bus.ts';

/** Appends the event of one reciprocal square root: its own, or that of a special case. */
export function recordRsqrt(machine: Machine, a: number): void {
  if (specialKind(false, a) !== undefined) {
    recordFunctionSpecial(machine, opOf('fp32.rsqrt'), a);
    return;
  }
  const log = machine.log(FP32_RSQRT_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = a;
}
