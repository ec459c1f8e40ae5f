/** Trace side of `nan.ts`. */
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { exponentOf, isNan, isSignalingNan, isSpecial, significandOf } from '../fp32-add/semantics.ts';

/** Writes the cells of `nanColumns(name)`, contiguous from `offsets[name + 'Sign']`. `word` is a u32. */
export function writeNan(cells: Uint32Array, at: number, word: number): void {
  const [special, nan] = [isSpecial(word), isNan(word)];
  cells[at] = word >>> 31;
  cells[at + 1] = exponentOf(word);
  cells[at + 2] = significandOf(word) >>> 16;
  cells[at + 3] = special ? 1 : 0;
  cells[at + 4] = nan ? 1 : 0;
  cells[at + 5] = nan ? inverse(felt(word & 0x7f_ffff)) : 0;
  cells[at + 6] = special ? (word >>> 22) & 1 : 0;
  cells[at + 7] = special ? (word >>> 16) & 0x3f : 0;
  cells[at + 8] = isSignalingNan(word) ? 1 : 0;
}
