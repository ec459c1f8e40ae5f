import type { Machine } from '../../vm/executor/machine.ts';
import { EXPONENTIAL_CHIP } from './bus.ts';

/** Appends the event of one row of the relation: U as its sender writes it on the bus. */
export function recordExponential(machine: Machine, upper: number, middle: number, lower: number): void {
  const log = machine.log(EXPONENTIAL_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = upper;
  log.words[at + 1] = middle;
  log.words[at + 2] = lower;
}
