import type { Machine } from '../../vm/executor/machine.ts';
import { FP32_SPECIAL_CHIP } from './bus.ts';

/** Appends the event of an operation that takes no arithmetic. `negations`: 1 of the product, 2 of c. */
export function recordSpecial(
  machine: Machine,
  operation: number,
  mode: number,
  negations: number,
  a: number,
  b: number,
  c: number,
): void {
  const log = machine.log(FP32_SPECIAL_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = operation | (mode << 2) | (negations << 5);
  log.words[at + 1] = a;
  log.words[at + 2] = b;
  log.words[at + 3] = c;
}
