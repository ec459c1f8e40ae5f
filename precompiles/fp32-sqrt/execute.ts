import type { Machine } from '../../vm/executor/machine.ts';
import { recordRounding } from '../fp32-round/execute.ts';
import { recordSpecial } from '../fp32-special/execute.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialOutcome } from '../fp32-special/semantics.ts';
import { FP32_SQRT_CHIP } from './bus.ts';
import { rootExponent, squareRoot } from './semantics.ts';

/** Appends the events of one square root: its own and that of its rounding, or that of a special case. */
export function recordSquareRoot(machine: Machine, mode: number, a: number): void {
  if (specialOutcome(OPERATION.sqrt, 0, a, 0, 0) !== undefined) {
    recordSpecial(machine, OPERATION.sqrt, mode, 0, a, 0, 0);
    return;
  }
  const log = machine.log(FP32_SQRT_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = mode;
  log.words[at + 1] = a;
  const root = squareRoot(a);
  recordRounding(machine, false, rootExponent(a, root), 0, root.root, root.remainder !== 0, mode);
}
