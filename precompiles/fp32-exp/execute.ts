import type { Machine } from '../../vm/executor/machine.ts';
import { recordExpSpecial } from '../fp32-exp-special/execute.ts';
import { recordExponential } from '../fp32-exponential/execute.ts';
import { exponentialRow } from '../fp32-exponential/row.ts';
import { recordRounding } from '../fp32-round/execute.ts';
import { ROUNDING } from '../fp32-round/semantics.ts';
import { isOrdinary, type PowerFunction } from './argument-tables.ts';
import { powerOf } from './power.ts';

/** Event of the chips of exp and exp2: a. */
export const POWER_EVENT_WORDS = 1;

/** Appends the events of e^a or 2^a: its own with those of the relation and the rounding, or that of a special case. */
export function recordPower(machine: Machine, of: PowerFunction, a: number): void {
  if (!isOrdinary(of, a >>> 16)) {
    recordExpSpecial(machine, of, a);
    return;
  }
  const log = machine.log(`fp32-${of}`);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = a;
  const { doublings, whole, upper, middle, lower } = powerOf(of, a);
  const [mode, exponent] = [ROUNDING.rne, doublings + 7];
  if (whole > 0) {
    recordRounding(machine, false, exponent, whole * 2 ** 24, 0, false, mode);
    return;
  }
  recordExponential(machine, upper, middle, lower);
  const { valueUpper, value36 } = exponentialRow(upper, middle, lower);
  recordRounding(machine, false, exponent, valueUpper, value36 * 2 ** 20, true, mode);
}
