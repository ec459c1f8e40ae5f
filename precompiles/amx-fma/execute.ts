import type { Machine } from '../../vm/executor/machine.ts';
import { recordFused } from '../fp32-fma/execute.ts';
import { ROUNDING } from '../fp32-round/semantics.ts';
import { AMX_FMA_CHIP } from './bus.ts';
import { amxFma, flushedOperands } from './semantics.ts';

/** Appends the events of one step, its own and those of the arithmetic it asks for, and gives the result. */
export function recordAmxFma(machine: Machine, x: number, y: number, z: number): number {
  const log = machine.log(AMX_FMA_CHIP)!;
  const at = log.push();
  log.words[at] = x;
  log.words[at + 1] = y;
  log.words[at + 2] = z;
  recordFused(machine, ROUNDING.rne, 0, ...flushedOperands(x, y, z));
  return amxFma(x, y, z);
}
