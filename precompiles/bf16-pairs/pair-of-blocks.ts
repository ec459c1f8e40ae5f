/**
 * One pair of the products of two hint blocks as raw words, chosen in the row itself: for the chips that take products
 * whatever they are, where `bf16-pairs` hands out decoded ones.
 *
 * Assumes  the hint tape has halfwords below 2^16.
 * Ensures  x and y are elements a, a + 1 and b, b + 1 of the tape, a and b multiples of 2, on a row with isReal = 1.
 * Proof    one pair is chosen; a - 2 pair is 16 times an index of a block, which only the true pair makes it: a is even,
 *          and another pair is off by 2 to 14, an index of no block (above 2^26 mod p).
 */
import { array, bit, given } from '../../stark/air/air.ts';
import { type Expr, sum } from '../../stark/air/expr.ts';
import { HINT_BUS } from '../../vm/buses.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import { INVERSE_BLOCK } from '../bf16-dot/air.ts';
import { BLOCK } from '../bf16-dot/core.ts';
import type { CellsOf } from '../bf16-dot/prefix.ts';
import { PAIRS } from './bus.ts';

const TAPE = 'the hint bus: a halfword';

export const pairOfBlocksColumns = {
  pair: array(PAIRS, bit('1 for the pair of products in the blocks')),
  aBlock: array(BLOCK, given(TAPE, 'block of the first operand')),
  bBlock: array(BLOCK, given(TAPE, 'block of the second operand')),
  x: array(2, given('the chosen pair', 'first operands')),
  y: array(2, given('the chosen pair', 'second operands')),
};

/** States that the cells of `pairOfBlocksColumns` are those at elements a and b. */
export function pairOfBlocks(
  { assertZero, send }: Sender,
  { pair, aBlock, bBlock, x, y }: CellsOf<typeof pairOfBlocksColumns>,
  { a, b, isReal }: { readonly a: Expr; readonly b: Expr; readonly isReal: Expr },
): void {
  assertZero('one pair is chosen', sum(pair).minus(isReal));
  const offset = sum(pair.map((chosen, i) => chosen.times(2 * i)));
  const block = (element: Expr, halves: readonly Expr[]) => ({
    given: [element.minus(offset).times(INVERSE_BLOCK), ...halves],
  });
  send('a is in a hint block', HINT_BUS, block(a, aBlock), isReal);
  send('b is in a hint block', HINT_BUS, block(b, bBlock), isReal);
  for (const i of [0, 1]) {
    const chosenOf = (halves: readonly Expr[]): Expr =>
      sum(pair.map((chosen, at) => chosen.times(halves[2 * at + i]!)));
    assertZero(`x[${i}] is of the pair`, x[i]!.minus(chosenOf(aBlock)));
    assertZero(`y[${i}] is of the pair`, y[i]!.minus(chosenOf(bBlock)));
  }
}
