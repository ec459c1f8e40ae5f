import type { Machine } from '../../vm/executor/machine.ts';
import { recordRounding } from '../fp32-round/execute.ts';
import { FP32_ADD_CHIP, FP32_ADD_SPECIAL_CHIP } from './bus.ts';
import { exactSum, isSpecial, sumExponent } from './semantics.ts';

/** Appends the events of one addition: its own, and that of the rounding it needs unless the sum is zero. */
export function recordAddition(machine: Machine, mode: number, subtract: boolean, a: number, b: number): void {
  const special = isSpecial(a) || isSpecial(b);
  const log = machine.log(special ? FP32_ADD_SPECIAL_CHIP : FP32_ADD_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = mode | (subtract ? 8 : 0);
  log.words[at + 1] = a;
  log.words[at + 2] = b;
  if (special) return;
  const other = subtract ? (b ^ 0x8000_0000) >>> 0 : b;
  const sum = exactSum(a, other);
  if (sum === 0) return;
  const magnitude = Math.abs(sum);
  const exponent = sumExponent(a, b);
  recordRounding(machine, sum < 0, exponent, Math.floor(magnitude), 0, magnitude % 1 !== 0, mode);
}
