import type { Machine } from '../../vm/executor/machine.ts';
import { EXP_SPECIAL_CHIP } from './bus.ts';

/** Appends the event of an exponential that takes no arithmetic. */
export function recordExpSpecial(machine: Machine, of: 'exp' | 'exp2', a: number): void {
  const log = machine.log(EXP_SPECIAL_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = of === 'exp2' ? 1 : 0;
  log.words[at + 1] = a;
}
