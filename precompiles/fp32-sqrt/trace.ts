import { felt, inverse, P } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32SqrtAir } from './air.ts';
import { SQRT_EVENT_WORDS } from './bus.ts';
import { sqrtFp32, squareRoot } from './semantics.ts';

const at = fp32SqrtAir.offsets;

/** One row per square root that takes arithmetic. */
export const fp32SqrtChip = eventChip({
  air: fp32SqrtAir,
  eventWords: SQRT_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const event = i * eventWords;
      writeRow(cells, i * stride, words[event]!, words[event + 1]!);
    }
  },
});

const bit = (condition: boolean): number => (condition ? 1 : 0);

function writeRow(cells: Uint32Array, row: number, mode: number, a: number): void {
  const result = sqrtFp32(mode, a);
  const word = wordOf(result);
  const significand = significandOf(a);
  const [upper, lower] = [significand >>> 16, significand & 0xffff];
  cells[row + at.isReal] = 1;
  cells[row + at.mode] = mode;
  cells[row + at.aLo] = lower;
  cells[row + at.aHi] = a >>> 16;
  cells[row + at.outLo] = word & 0xffff;
  cells[row + at.outHi] = word >>> 16;
  cells[row + at.flags] = flagsOf(result);
  cells[row + at.exponent] = exponentOf(a);
  cells[row + at.upper] = upper;

  const { isOdd, isSmall, root, remainder } = squareRoot(a);
  const gap = 2 * root - remainder;
  const byte = (i: number): number => (root >>> (8 * i)) & 0xff;
  cells[row + at.isOdd] = bit(isOdd);
  cells[row + at.isSmall] = bit(isSmall);
  for (let i = 0; i < 3; i++) cells[row + at.root + i] = byte(i);
  cells[row + at.rootUpper] = byte(3);
  for (let i = 0; i < 2; i++) {
    cells[row + at.remainder + i] = Math.floor(remainder / 2 ** (16 * i)) % 2 ** 16;
    cells[row + at.gap + i] = Math.floor(gap / 2 ** (16 * i)) % 2 ** 16;
  }
  const square = (k: number): number => {
    let total = 0;
    for (let i = Math.max(0, k - 3); i <= Math.min(3, k); i++) total += byte(i) * byte(k - i);
    return total;
  };
  const limbOfT = isSmall ? 0 : 16 * lower * (isOdd ? 2 : 1);
  let carry = 0;
  for (let i = 0; i < 3; i++) {
    const left = i < 2 ? cells[row + at.remainder + i]! : -limbOfT;
    carry = (square(2 * i) + 2 ** 8 * square(2 * i + 1) + left + carry) / 2 ** 16;
    if (i < 2) cells[row + at.carry + i] = carry;
  }
  cells[row + at.lastCarry] = carry < 0 ? carry + P : carry;
  const limbs = cells[row + at.remainder]! + cells[row + at.remainder + 1]!;
  cells[row + at.sticky] = bit(remainder !== 0);
  cells[row + at.stickyInverse] = remainder === 0 ? 0 : inverse(felt(limbs));
}
