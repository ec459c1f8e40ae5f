import type { Machine } from '../../vm/executor/machine.ts';
import { FP32_NORMALISE_CHIP } from './bus.ts';

/** Appends the event of a positive subnormal word whose significand is asked for. */
export function recordNormalise(machine: Machine, a: number): void {
  const log = machine.log(FP32_NORMALISE_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = a;
}
