import { residue } from '../../stark/field/koala-bear.ts';
import { type Chip, eventChip } from '../../vm/chip.ts';
import { exponentialRow } from '../fp32-exponential/row.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32ExpAir } from './air.ts';
import type { PowerFunction } from './argument-tables.ts';
import { POWER_EVENT_WORDS } from './execute.ts';
import { ARGUMENT_LIMBS, type Power, powerOf, TERM_LIMBS } from './power.ts';
import { expFp32 } from './semantics.ts';

/**
 * A chip with one row per power that takes arithmetic. `compute`: the result with its flags; `more` fills the cells that
 * the air has besides `powerColumns`.
 */
export function powerChip(
  air: typeof fp32ExpAir,
  of: PowerFunction,
  compute: (a: number) => number,
  more: (cells: Uint32Array, row: number, a: number, power: Power) => void,
): Chip & { readonly eventWords: number } {
  const at = air.offsets;
  return eventChip({
    air,
    eventWords: POWER_EVENT_WORDS,
    fill({ words, count }, { cells, stride }) {
      for (let i = 0; i < count; i++) {
        const [row, a] = [i * stride, words[i]!];
        const result = compute(a);
        const power = powerOf(of, a);
        cells[row + at.isReal] = 1;
        cells[row + at.aHi] = a >>> 16;
        cells[row + at.lowByte] = a & 0xff;
        cells[row + at.highByte] = (a >>> 8) & 0xff;
        cells[row + at.outLo] = wordOf(result) & 0xffff;
        cells[row + at.outHi] = wordOf(result) >>> 16;
        cells[row + at.flags] = flagsOf(result);
        cells[row + at.scale] = power.scale;
        cells[row + at.doublings] = residue(power.doublings);
        for (let limb = 0; limb < 3; limb++) {
          cells[row + at.argument + limb] = residue(power.argument[ARGUMENT_LIMBS + limb]!);
          cells[row + at.low + limb] = residue(power.low[TERM_LIMBS + limb]!);
          cells[row + at.high + limb] = residue(power.high[TERM_LIMBS + limb]!);
        }
        if (power.whole > 0) cells[row + at.w3] = power.whole * 2 ** 8;
        else {
          const value = exponentialRow(power.upper, power.middle, power.lower);
          cells[row + at.w3] = value.valueUpper >>> 16;
          cells[row + at.w2] = value.valueUpper & 0xffff;
          cells[row + at.value36] = value.value36;
          cells[row + at.value48] = value.value48;
          cells[row + at.valueLower] = value.valueLower;
        }
        more(cells, row, a, power);
      }
    },
  });
}

export const fp32ExpChip = powerChip(fp32ExpAir, 'exp', expFp32, () => {});
