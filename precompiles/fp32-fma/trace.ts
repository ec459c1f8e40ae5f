import { type Felt, felt, inverse, mul, P, reduce, residue } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { productLimbValues } from '../../vm/chips/product.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { flagsOf, ROUNDING, wordOf } from '../fp32-round/semantics.ts';
import { fp32FmaAir } from './air.ts';
import { FMA_EVENT_WORDS } from './bus.ts';
import { addendShift, fmaFp32, fusedSum, isInexact, isZeroSum, LARGEST_SHIFT, NUM_LIMBS } from './semantics.ts';

const at = fp32FmaAir.offsets;

/** One row per operation that takes arithmetic. */
export const fp32FmaChip = eventChip({
  air: fp32FmaAir,
  eventWords: FMA_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const event = i * eventWords;
      const bits = words[event]!;
      writeRow(cells, i * stride, bits & 7, bits >>> 3, words[event + 1]!, words[event + 2]!, words[event + 3]!);
    }
  },
});

const bit = (condition: boolean): number => (condition ? 1 : 0);
const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));

function writeRow(
  cells: Uint32Array,
  row: number,
  mode: number,
  negations: number,
  a: number,
  b: number,
  c: number,
): void {
  const result = fmaFp32(mode, negations, a, b, c);
  const word = wordOf(result);
  cells[row + at.isReal] = 1;
  cells[row + at.mode] = mode;
  cells[row + at.negateProduct] = negations & 1;
  cells[row + at.negateAddend] = negations >>> 1;
  writeOperand(cells, row + at.aLo, row + at.aSign, a);
  writeOperand(cells, row + at.bLo, row + at.bSign, b);
  writeOperand(cells, row + at.cLo, row + at.cSign, c);
  cells[row + at.outLo] = word & 0xffff;
  cells[row + at.outHi] = word >>> 16;
  cells[row + at.flags] = flagsOf(result);
  cells[row + at.aLowest] = a & 0xff;
  cells[row + at.bLowest] = b & 0xff;
  cells[row + at.factorsInverse] = inverse(mul(significandOf(a) as Felt, significandOf(b) as Felt));
  const productSign = ((a ^ b) >>> 31) ^ (negations & 1);
  const opposed = productSign ^ (c >>> 31) ^ (negations >>> 1);
  cells[row + at.productSign] = productSign;
  cells[row + at.opposed] = opposed;

  const addend = significandOf(c);
  const shift = addendShift(a, b, c);
  const place = addend === 0 ? 0 : Math.min(Math.max(shift, 0), LARGEST_SHIFT);
  cells[row + at.isFar] = bit(addend !== 0 && shift < 0);
  cells[row + at.isHuge] = bit(addend !== 0 && shift > LARGEST_SHIFT);
  cells[row + at.excess] = addend === 0 ? 0 : Math.abs(shift - place);
  cells[row + at.addendIsZero] = bit(addend === 0);
  cells[row + at.addendInverse] = addend === 0 ? 0 : inverse(felt(addend));
  const [limbs, zeros] = [Math.floor(place / 16), place % 16];
  const power = 2 ** zeros;
  const moved = (c & 0xffff) * power;
  cells[row + at.limbs + limbs] = 1;
  cells[row + at.zeros] = zeros;
  cells[row + at.power] = power;
  cells[row + at.movedLow] = Math.floor(moved / 2 ** 16);
  cells[row + at.stayedLow] = (moved % 2 ** 16) / power;

  const sum = fusedSum(negations, a, b, c);
  const { drop } = sum;
  const isReversed = !isZeroSum(sum) && bit(sum.negative) !== productSign;
  for (let i = 0; i < NUM_LIMBS; i++) {
    if (i < drop) cells[row + at.dropped + i] = sum.limbs[i]!;
    else if (i < drop + 4) cells[row + at.w + i - drop] = sum.limbs[i]!;
  }
  cells[row + at.drop + drop] = 1;
  const product = productLimbValues(significandOf(a), significandOf(b));
  const second = Math.floor(moved / 2 ** 16) + (addend >>> 16) * power;
  let carry = 0;
  for (let i = 0; i < NUM_LIMBS - 1; i++) {
    const term = i === limbs ? moved % 2 ** 16 : i === limbs + 1 ? second : 0;
    const digit = isReversed ? -sum.limbs[i]! : sum.limbs[i]!;
    carry = ((product[i - 2] ?? 0) + (opposed === 1 ? -term : term) + carry - digit) / 2 ** 16;
    cells[row + (i === 0 ? at.borrow : at.carry + i - 1)] = residue(carry);
  }
  cells[row + at.isReversed] = bit(isReversed);
  cells[row + at.negative] = productSign ^ bit(isReversed);
  cells[row + at.exponent] = residue(sum.exponent + 16 * drop);

  let below = 0;
  for (let i = 0; i < drop; i++) below += sum.limbs[i]!;
  let lead = sum.limbs[drop + 3]!;
  if (drop === 0) for (let i = 0; i < 3; i++) lead += sum.limbs[i]!;
  cells[row + at.sticky] = bit(isInexact(sum));
  cells[row + at.stickyInverse] = inverseOrZero(below);
  cells[row + at.isZero] = bit(isZeroSum(sum));
  cells[row + at.leadInverse] = inverseOrZero(lead);
  cells[row + at.isDown] = bit(mode === ROUNDING.rdn);
  cells[row + at.modeInverse] = mode === ROUNDING.rdn ? 0 : inverse(reduce(mode - ROUNDING.rdn + P));
}

/** Two limbs at `limbs`; sign, exponent and upper significand at `parts`. */
function writeOperand(cells: Uint32Array, limbs: number, parts: number, word: number): void {
  cells[limbs] = word & 0xffff;
  cells[limbs + 1] = word >>> 16;
  cells[parts] = word >>> 31;
  cells[parts + 1] = exponentOf(word);
  cells[parts + 2] = significandOf(word) >>> 16;
}
