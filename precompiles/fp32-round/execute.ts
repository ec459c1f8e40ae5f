import type { Machine } from '../../vm/executor/machine.ts';
import { FP32_ROUND_CHIP } from './bus.ts';

/** Appends the event of one rounding of (2^32 high + low + s) * 2^(exponent - 63); see `roundToFp32`. */
export function recordRounding(
  machine: Machine,
  negative: boolean,
  exponent: number,
  high: number,
  low: number,
  sticky: boolean,
  mode: number,
): void {
  const log = machine.log(FP32_ROUND_CHIP);
  if (log === undefined) return;
  const at = log.push();
  log.words[at] = high;
  log.words[at + 1] = low;
  log.words[at + 2] = exponent;
  log.words[at + 3] = (negative ? 1 : 0) | (sticky ? 2 : 0) | (mode << 2);
}
