import type { Machine } from '../../vm/executor/machine.ts';
import { recordRounding } from '../fp32-round/execute.ts';
import { recordSpecial } from '../fp32-special/execute.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialOutcome } from '../fp32-special/semantics.ts';
import { FP32_MUL_CHIP } from './bus.ts';
import { exactProduct, isNegativeProduct, lowerHalf, productExponent, upperHalf } from './semantics.ts';

/** Appends the events of one multiplication: its own and that of its rounding, or that of a special case. */
export function recordMultiplication(machine: Machine, mode: number, a: number, b: number): void {
  if (specialOutcome(OPERATION.mul, 0, a, b, 0) !== undefined) {
    recordSpecial(machine, OPERATION.mul, mode, 0, a, b, 0);
    return;
  }
  const log = machine.log(FP32_MUL_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = mode;
  log.words[at + 1] = a;
  log.words[at + 2] = b;
  const product = exactProduct(a, b);
  const exponent = productExponent(a, b);
  recordRounding(machine, isNegativeProduct(a, b), exponent, upperHalf(product), lowerHalf(product), false, mode);
}
