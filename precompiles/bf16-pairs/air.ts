/**
 * BF16-PAIRS chip: hands the products of two hint blocks out in pairs. One row per two blocks.
 *
 * Assumes  OPERAND_BUS carries decoded BF16 (`vm/chips/bf16-decode`).
 * Ensures  what is received on PAIR_BUS is what `bus.ts` says.
 * Proof    operands are those of blocks a and b; pair i is of elements 16 a + 2 i and 16 b + 2 i and the next ones. A pair is
 *          handed out at most once a row, and by a real row only.
 * Padding  all zero: isReal = 0 silences the operands, and with them `isAsked` every pair.
 */
import { array, bit, defineAir, given } from '../../stark/air/air.ts';
import type { Bus } from '../../stark/air/bus.ts';
import { OPERAND_BUS } from '../../vm/buses.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import { BLOCK } from '../bf16-dot/core.ts';
import type { CellsOf } from '../bf16-dot/prefix.ts';
import { BF16_PAIRS_CHIP, PAIR_BUS, PAIRS } from './bus.ts';

const DECODED = 'OPERAND_BUS: a decoded BF16';

/** Two blocks and who asks for their products. */
export const pairsColumns = {
  isReal: bit('1 on the row of two blocks'),
  a: given('OPERAND_BUS: an index', 'hint block of the first operand'),
  b: given('OPERAND_BUS: an index', 'hint block of the second operand'),
  aSignificand: array(BLOCK, given(DECODED, 'signed significand of a')),
  aExponent: array(BLOCK, given(DECODED, 'exponent of a')),
  bSignificand: array(BLOCK, given(DECODED, 'signed significand of b')),
  bExponent: array(BLOCK, given(DECODED, 'exponent of b')),
  isAsked: array(PAIRS, bit('1 if the pair is asked for')),
};
export type PairsCells = CellsOf<typeof pairsColumns>;

/** States that the cells are those of the blocks, and hands the pairs out on `bus`. */
export function pairsConstraints({ assertZero, send, receive }: Sender, cells: PairsCells, bus: Bus): void {
  const { isReal, a, b, aSignificand, aExponent, bSignificand, bExponent, isAsked } = cells;
  send('a is a hint block', OPERAND_BUS, { given: [a, ...aSignificand, ...aExponent] }, isReal);
  send('b is a hint block', OPERAND_BUS, { given: [b, ...bSignificand, ...bExponent] }, isReal);
  isAsked.forEach((asked, pair) => {
    const [first, second] = [2 * pair, 2 * pair + 1];
    assertZero(`pair ${pair} is of a block`, asked.times(isReal.not()));
    const product = (i: number) => [aSignificand[i]!, bSignificand[i]!, aExponent[i]!.plus(bExponent[i]!)];
    receive(
      `pair ${pair} was asked for`,
      bus,
      {
        given: [a.times(BLOCK).plus(first), b.times(BLOCK).plus(first)],
        claimed: [...product(first), ...product(second)],
      },
      asked,
    );
  });
}

export const bf16PairsAir = defineAir({
  name: BF16_PAIRS_CHIP,
  columns: pairsColumns,
  define: (builder) => pairsConstraints(builder, builder.local, PAIR_BUS),
});
