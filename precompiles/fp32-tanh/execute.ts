import type { Machine } from '../../vm/executor/machine.ts';
import { recordExponential } from '../fp32-exponential/execute.ts';
import { END_WINDOWS, FIRST_WINDOW, FP32_TANH_CHIP, FP32_TANH_SPECIAL_CHIP } from './bus.ts';
import { tanhPower } from './row.ts';

/** Appends the events of one hyperbolic tangent: its own and that of its exponential, or that of a special case. */
export function recordTanh(machine: Machine, a: number): void {
  const key = (a >>> 16) & 0x7fff;
  const isSpecial = key < FIRST_WINDOW || key >= END_WINDOWS;
  const log = machine.log(isSpecial ? FP32_TANH_SPECIAL_CHIP : FP32_TANH_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = a;
  if (isSpecial) return;
  const { powerUpper, powerMiddle, powerLower } = tanhPower(a);
  recordExponential(machine, powerUpper, powerMiddle, powerLower);
}
