/** Results that take no arithmetic, by operand words. The cases are in `outcome.ts`. Bit patterns only. */
import { isNan, isSignalingNan } from '../fp32-add/semantics.ts';
import { ROUNDING, withFlags } from '../fp32-round/semantics.ts';
import { CLASS, caseIndex, OUTCOME_AT, type Outcome } from './outcome.ts';

const INFINITY = 0x7f80_0000;

/** `CLASS` of a word. */
export function classOf(word: number): number {
  const magnitude = word & 0x7fff_ffff;
  if (magnitude === 0) return CLASS.zero;
  if (magnitude < INFINITY) return CLASS.finite;
  if (!isNan(word)) return CLASS.infinite;
  return isSignalingNan(word) ? CLASS.signaling : CLASS.quiet;
}

/** The case of an operation on these words, undefined if it takes arithmetic. `negations`: 1 of the product, 2 of c. */
export function specialOutcome(
  operation: number,
  negations: number,
  a: number,
  b: number,
  c: number,
): Outcome | undefined {
  const opposed = (((a ^ b ^ c) >>> 31) ^ negations ^ (negations >>> 1)) & 1;
  return OUTCOME_AT[caseIndex(operation, classOf(a), classOf(b), classOf(c), a >>> 31, opposed)];
}

/** The word with its flags of an operation that takes no arithmetic, -1 of any other. Operands it lacks are 0. */
export function specialResult(
  operation: number,
  mode: number,
  negations: number,
  a: number,
  b: number,
  c: number,
): number {
  const outcome = specialOutcome(operation, negations, a, b, c);
  if (outcome === undefined) return -1;
  const { limb, sign, copies, flags } = outcome;
  const product = ((a ^ b) >>> 31) ^ (negations & 1);
  const addend = (c >>> 31) ^ (negations >>> 1);
  const negative =
    sign === 'product' ? product : sign === 'addend' ? addend : sign === 'mode' && mode === ROUNDING.rdn ? 1 : 0;
  return withFlags(limb * 2 ** 16 + negative * 2 ** 31 + (copies ? c & 0x7fff_ffff : 0), flags);
}
