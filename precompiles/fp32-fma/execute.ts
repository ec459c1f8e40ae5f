import type { Machine } from '../../vm/executor/machine.ts';
import { recordRounding } from '../fp32-round/execute.ts';
import { recordSpecial } from '../fp32-special/execute.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialOutcome } from '../fp32-special/semantics.ts';
import { FP32_FMA_CHIP } from './bus.ts';
import { fusedSum, isInexact, isZeroSum, lowerHalf, upperHalf } from './semantics.ts';

/**
 * Appends the events of one fused operation: its own and that of the rounding it needs unless the sum is zero, or that of
 * a special case. `negations`: 1 of the product, 2 of c.
 */
export function recordFused(machine: Machine, mode: number, negations: number, a: number, b: number, c: number): void {
  if (specialOutcome(OPERATION.fma, negations, a, b, c) !== undefined) {
    recordSpecial(machine, OPERATION.fma, mode, negations, a, b, c);
    return;
  }
  const log = machine.log(FP32_FMA_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = mode | (negations << 3);
  log.words[at + 1] = a;
  log.words[at + 2] = b;
  log.words[at + 3] = c;
  const sum = fusedSum(negations, a, b, c);
  if (isZeroSum(sum)) return;
  const { negative, drop } = sum;
  recordRounding(machine, negative, sum.exponent + 16 * drop, upperHalf(sum), lowerHalf(sum), isInexact(sum), mode);
}
