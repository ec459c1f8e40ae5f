import { felt, inverse, P, reduce } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { ROUNDING, wordOf } from '../fp32-round/semantics.ts';
import { fp32SpecialAir } from './air.ts';
import { SPECIAL_EVENT_WORDS } from './bus.ts';
import { CLASS } from './outcome.ts';
import { classOf, specialOutcome, specialResult } from './semantics.ts';

const at = fp32SpecialAir.offsets;
const bit = (condition: boolean): number => (condition ? 1 : 0);

/** One row per operation that takes no arithmetic. */
export const fp32SpecialChip = eventChip({
  air: fp32SpecialAir,
  eventWords: SPECIAL_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const bits = words[event]!;
      const [operation, mode, negations] = [bits & 3, (bits >>> 2) & 7, bits >>> 5];
      const [a, b, c] = [words[event + 1]!, words[event + 2]!, words[event + 3]!];
      const { limb, sign, copies, flags } = specialOutcome(operation, negations, a, b, c)!;
      const result = specialResult(operation, mode, negations, a, b, c);
      const productSign = ((a ^ b) >>> 31) ^ (negations & 1);
      cells[row + at.isMul + operation] = 1; // the order of OPERATION
      cells[row + at.mode] = mode;
      cells[row + at.negateProduct] = negations & 1;
      cells[row + at.negateAddend] = negations >>> 1;
      writeOperand(cells, row + at.aLo, a);
      writeOperand(cells, row + at.bLo, b);
      writeOperand(cells, row + at.cLo, c);
      cells[row + at.productSign] = productSign;
      cells[row + at.opposed] = productSign ^ (c >>> 31) ^ (negations >>> 1);
      cells[row + at.limb] = limb;
      cells[row + at.productSigned] = bit(sign === 'product');
      cells[row + at.addendSigned] = bit(sign === 'addend');
      cells[row + at.modeSigned] = bit(sign === 'mode');
      cells[row + at.copies] = bit(copies);
      cells[row + at.flags] = flags;
      cells[row + at.isDown] = bit(mode === ROUNDING.rdn);
      cells[row + at.modeInverse] = mode === ROUNDING.rdn ? 0 : inverse(reduce(mode - ROUNDING.rdn + P));
      cells[row + at.outLo] = wordOf(result) & 0xffff;
      cells[row + at.outHi] = wordOf(result) >>> 16;
    }
  },
});

/** The ten cells of `operandColumns`, contiguous from its low limb. */
function writeOperand(cells: Uint32Array, offset: number, word: number): void {
  const kind = classOf(word);
  const fraction = kind >= CLASS.infinite ? word & 0x7f_ffff : significandOf(word);
  cells[offset] = word & 0xffff;
  cells[offset + 1] = word >>> 16;
  cells[offset + 2] = word >>> 31;
  cells[offset + 3] = exponentOf(word);
  cells[offset + 4] = significandOf(word) >>> 16;
  cells[offset + 5] = bit(kind === CLASS.zero);
  cells[offset + 6] = bit(kind === CLASS.infinite);
  cells[offset + 7] = bit(kind === CLASS.quiet);
  cells[offset + 8] = bit(kind === CLASS.signaling);
  cells[offset + 9] = fraction === 0 ? 0 : inverse(felt(fraction));
}
