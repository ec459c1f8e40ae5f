import { felt, inverse, residue } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { fp32TanhAir } from './air.ts';
import { TANH_EVENT_WORDS } from './bus.ts';
import { tanhRow } from './row.ts';

const at = fp32TanhAir.offsets;
const RADIX = 2 ** 12;

/** One row per tangent of an operand in a window. */
export const fp32TanhChip = eventChip({
  air: fp32TanhAir,
  eventWords: TANH_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) writeRow(cells, i * stride, words[i * eventWords]!);
  },
});

const bit = (condition: boolean): number => (condition ? 1 : 0);

function writeRow(cells: Uint32Array, row: number, a: number): void {
  const { window, high, low, digits, isLess, quotient } = tanhRow(a);
  const { unitUpper, unitLower, k0 } = window;
  cells[row + at.isReal] = 1;
  cells[row + at.aLo] = a & 0xffff;
  cells[row + at.aSign] = a >>> 31;
  cells[row + at.key] = (a >>> 16) & 0x7fff;
  cells[row + at.power] = window.power;
  cells[row + at.upper] = residue(window.upper);
  cells[row + at.middle] = window.middle;
  cells[row + at.lower] = window.lower;
  cells[row + at.unitUpper] = unitUpper;
  cells[row + at.unitLower] = unitLower;
  cells[row + at.k0] = k0;
  cells[row + at.factor] = 2 ** k0;
  cells[row + at.isLess] = bit(isLess);
  cells[row + at.high] = high;
  cells[row + at.low] = low;
  cells[row + at.valueUpper] = digits[0]! * RADIX + digits[1]!;
  cells[row + at.value36] = digits[2]!;
  cells[row + at.value48] = digits[3]!;
  cells[row + at.valueLower] = digits[4]! * RADIX + digits[5]!;
  cells[row + at.value12] = digits[0]!;
  cells[row + at.value60] = digits[4]!;

  const fraction = quotient[0]! * RADIX + quotient[1]!; // < 2^24
  const guard = fraction & 1;
  const out = (fraction + guard) / 2; // < 2^23: no result is rounded up to a power of two
  const [outMiddle, outEnd] = [(out >>> 11) & 0x1f, out & 0x7ff];
  cells[row + at.outLo] = out & 0xffff;
  cells[row + at.outHead] = out >>> 16;
  cells[row + at.outMiddle] = outMiddle;
  cells[row + at.guard] = guard;
  cells[row + at.outInverse] = guard === 1 ? inverse(felt(out)) : 0;
  cells[row + at.further] = quotient[2]!;
  cells[row + at.further + 1] = quotient[3]!;

  const factors = [1, 32 * (out >>> 16) + outMiddle, 2 * outEnd - guard, quotient[2]!, quotient[3]!];
  const unit = (j: number): number => (j === 1 ? unitUpper : j === 2 ? unitLower : 0);
  const scale = 2 ** (k0 + bit(isLess));
  const column = (j: number): number => {
    let total = (digits[j - 1]! - unit(j)) * scale;
    for (let i = 0; i < Math.min(j, 5); i++) total -= (digits[j - 1 - i]! + unit(j - i)) * factors[i]!;
    return total;
  };
  const carry3 = -(column(1) * RADIX + column(2));
  const carry4 = carry3 * RADIX - column(3);
  const carry5 = carry4 * RADIX - column(4);
  const at72 = column(6);
  const lastCarry = Math.floor(at72 / 2 ** 16);
  cells[row + at.carry] = residue(carry3);
  cells[row + at.carry + 1] = residue(carry4);
  cells[row + at.carry + 2] = residue(carry5);
  cells[row + at.lastCarry] = residue(lastCarry);
  cells[row + at.dropped] = at72 - lastCarry * 2 ** 16;
  cells[row + at.remainder] = residue(column(5) + lastCarry * 2 ** 4 - carry5 * RADIX);
}
