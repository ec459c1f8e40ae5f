import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32DivAir } from './air.ts';
import { DIV_EVENT_WORDS } from './bus.ts';
import { divFp32, divide } from './semantics.ts';

const at = fp32DivAir.offsets;

/** One row per division that takes arithmetic. */
export const fp32DivChip = eventChip({
  air: fp32DivAir,
  eventWords: DIV_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const event = i * eventWords;
      writeRow(cells, i * stride, words[event]!, words[event + 1]!, words[event + 2]!);
    }
  },
});

function writeRow(cells: Uint32Array, row: number, mode: number, a: number, b: number): void {
  const result = divFp32(mode, a, b);
  const word = wordOf(result);
  const [dividend, divisor] = [significandOf(a), significandOf(b)];
  cells[row + at.isReal] = 1;
  cells[row + at.mode] = mode;
  cells[row + at.aLo] = a & 0xffff;
  cells[row + at.aHi] = a >>> 16;
  cells[row + at.bLo] = b & 0xffff;
  cells[row + at.bHi] = b >>> 16;
  cells[row + at.outLo] = word & 0xffff;
  cells[row + at.outHi] = word >>> 16;
  cells[row + at.flags] = flagsOf(result);
  cells[row + at.aSign] = a >>> 31;
  cells[row + at.aExponent] = exponentOf(a);
  cells[row + at.aUpper] = dividend >>> 16;
  cells[row + at.bSign] = b >>> 31;
  cells[row + at.bExponent] = exponentOf(b);
  cells[row + at.bUpper] = divisor >>> 16;
  cells[row + at.bLowest] = b & 0xff;

  const { limbs, quotient, remainder } = divide(a, b);
  const gap = divisor - remainder - 1;
  if (limbs < 3) cells[row + at.limbs + limbs - 1] = 1;
  for (let i = 0, rest = quotient; i < 5; i++, rest = Math.floor(rest / 2 ** 8)) {
    cells[row + at.quotient + i] = rest % 2 ** 8;
  }
  const byte = (i: number): number => cells[row + at.quotient + i]!;
  cells[row + at.quotientInverse] = inverse(felt(byte(3) + 2 ** 8 * byte(4)));
  cells[row + at.remainderLo] = remainder & 0xffff;
  cells[row + at.remainderHi] = remainder >>> 16;
  cells[row + at.gapLo] = gap & 0xffff;
  cells[row + at.gapHi] = gap >>> 16;
  cells[row + at.sticky] = remainder === 0 ? 0 : 1;
  cells[row + at.stickyInverse] = remainder === 0 ? 0 : inverse(felt(remainder));
  cells[row + at.negative] = (a ^ b) >>> 31;

  const product = (k: number): number => {
    let total = 0;
    for (let j = 0; j < 3; j++) if (k >= j && k - j < 5) total += byte(k - j) * ((divisor >>> (8 * j)) & 0xff);
    return total;
  };
  let carry = 0;
  for (let i = 0; i < 3; i++) {
    const moved = (i === limbs ? dividend & 0xffff : 0) + (i === limbs + 1 ? dividend >>> 16 : 0);
    const added = (i === 0 ? remainder & 0xffff : 0) + (i === 1 ? remainder >>> 16 : 0);
    carry = (product(2 * i) + 2 ** 8 * product(2 * i + 1) + added + carry - moved) / 2 ** 16;
    cells[row + at.carry + i] = carry;
  }
}
