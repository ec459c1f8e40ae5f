import type { Machine } from '../../vm/executor/machine.ts';
import { FUNCTION_SPECIAL_CHIP } from './bus.ts';

/** Appends the event of a function whose result takes no arithmetic; `op` is that of its instruction. */
export function recordFunctionSpecial(machine: Machine, op: number, a: number): void {
  const log = machine.log(FUNCTION_SPECIAL_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = op;
  log.words[at + 1] = a;
}
