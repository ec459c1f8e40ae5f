import type { Machine } from '../../vm/executor/machine.ts';
import { isNegativeProduct } from '../fp32-mul/semantics.ts';
import { recordRounding } from '../fp32-round/execute.ts';
import { recordSpecial } from '../fp32-special/execute.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialOutcome } from '../fp32-special/semantics.ts';
import { FP32_DIV_CHIP } from './bus.ts';
import { divide, quotientExponent } from './semantics.ts';

/** Appends the events of one division: its own and that of its rounding, or that of a special case. */
export function recordDivision(machine: Machine, mode: number, a: number, b: number): void {
  if (specialOutcome(OPERATION.div, 0, a, b, 0) !== undefined) {
    recordSpecial(machine, OPERATION.div, mode, 0, a, b, 0);
    return;
  }
  const log = machine.log(FP32_DIV_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = mode;
  log.words[at + 1] = a;
  log.words[at + 2] = b;
  const { limbs, quotient, remainder } = divide(a, b);
  const [high, low] = [Math.floor(quotient / 2 ** 32), quotient % 2 ** 32];
  const exponent = quotientExponent(a, b, limbs);
  recordRounding(machine, isNegativeProduct(a, b), exponent, high, low, remainder !== 0, mode);
}
