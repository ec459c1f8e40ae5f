/**
 * BF16-DOT-AMX-TILE chip: a tile instruction of a dot product, its begin and its end: both chains leave at +0, come
 * back after all products, and acc + (even + odd) is the next accumulator. One row a tile instruction whose sums
 * `fastAdd` has; `bf16-dot-amx-tile-slow` takes any other.
 *
 * Assumes  DOT_STATE_BUS and AMX_CHAINS_BUS states as their `state.ts` describe them, negative a bit, high < 2^15, low
 *          < 2^9. Whatever takes chains sends them on by two elements, and none of them subnormal.
 * Ensures  the state sent is that after 32 elements, or after 16 in the state `amxEnd`, which only a call takes: a tile
 *          instruction of 16 is the last. It is the one of `bf16-dot-amx/semantics.ts`.
 * Proof    1. A call has one state at an element, so one tile instruction begins there: of (clk, tile = a) the chains
 *             are sent once at a and taken once at a + 32 or a + 16. Between them, every step goes on by two elements,
 *             and heights are below p / 32: the chains taken are those after exactly these elements.
 *          2. acc is no subnormal: it is zero by constraint, or has its top bit.
 *          3. The sums are those of `add-air.ts`: even + odd, then acc + that. The first leaves no -0.
 * Padding  all zero: isReal = 0 silences states, chains and tables; ranges are of zeros.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { expr } from '../../stark/air/expr.ts';
import { ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import { BLOCK } from '../bf16-dot/core.ts';
import { type CellsOf, partOf, withPrefix } from '../bf16-dot/prefix.ts';
import { ARITHMETIC, DOT_STATE_BUS, LOW_BITS } from '../bf16-dot/state.ts';
import { accumulatorColumns, accumulatorOf, tupleOf } from '../bf16-dot-amx/air.ts';
import { AMX_CHAINS_BUS, BF16_DOT_AMX_TILE_CHIP, TILE_BLOCKS } from '../bf16-dot-amx/state.ts';
import { type Accumulator, significandOf } from '../bf16-dot-fma/mac-air.ts';
import { type AddCells, addColumns, addConstraints, addNames } from './add-air.ts';

const STATE = 'the state bus';
const CHAINS = 'the bus of chains';

/** Where a tile instruction begins, the accumulator, and the chains after its products. */
export const tileColumns = {
  isReal: bit('1 on the row of a tile instruction'),
  isTail: bit('1 if it has one block'),
  clk: given(STATE, 'time of the call'),
  a: given(STATE, 'element of the first operand'),
  b: given(STATE, 'element of the second operand'),
  ...accumulatorColumns('acc', STATE, 'the accumulator'),
  ...accumulatorColumns('even', CHAINS, 'the even chain'),
  ...accumulatorColumns('odd', CHAINS, 'the odd chain'),
};

/** States that the cells are those of a tile instruction that leaves `after`. */
export function tileConstraints(
  { send, receive }: Sender,
  { isReal, isTail, clk, a, b, ...accumulators }: CellsOf<typeof tileColumns>,
  after: Accumulator,
): void {
  const [acc, even, odd] = ['acc', 'even', 'odd'].map((name) => tupleOf(accumulatorOf(accumulators, name)));
  receive(
    'the call has come to this tile instruction',
    DOT_STATE_BUS,
    { given: [ARITHMETIC.amx, clk, a, b, ...acc!] },
    isReal,
  );
  const zero = [0, 0, 0, ZERO_EXPONENT];
  send('both chains begin at +0', AMX_CHAINS_BUS, { given: [clk, a, a, b, ...zero, ...zero] }, isReal);
  const length = expr(TILE_BLOCKS).minus(isTail).times(BLOCK);
  const ends = [a.plus(length), b.plus(length)];
  receive('the chains have come to the end', AMX_CHAINS_BUS, { given: [clk, a, ...ends, ...even!, ...odd!] }, isReal);
  const next = isTail.times(ARITHMETIC.amxEnd - ARITHMETIC.amx).plus(ARITHMETIC.amx);
  send(
    'the call goes on to the next tile instruction',
    DOT_STATE_BUS,
    { given: [next, clk, ...ends], claimed: tupleOf(after) },
    isReal,
  );
}

export const bf16DotAmxTileAir = defineAir({
  name: BF16_DOT_AMX_TILE_CHIP,
  columns: {
    ...tileColumns,
    accIsZero: bit('1 if the accumulator is a zero'),
    ...withPrefix('chains', addColumns),
    ...withPrefix('total', addColumns),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal, accIsZero } = local;
    const [acc, even, odd] = ['acc', 'even', 'odd'].map((name) => accumulatorOf(local, name));
    assertZero('a zero accumulator has no significand', accIsZero.times(significandOf(acc!)));
    send(
      'any other has its top bit',
      RANGE_BUS,
      { claimed: [23 - LOW_BITS, acc!.high.minus(isReal.minus(accIsZero).times(2 ** (23 - LOW_BITS)))] },
      isReal,
    );
    const chains: AddCells = partOf(local, 'chains', addNames) as never;
    const total: AddCells = partOf(local, 'total', addNames) as never;
    const sum = addConstraints(builder, chains, even!, odd!, isReal, 'chains: ');
    tileConstraints(builder, local, addConstraints(builder, total, acc!, sum, isReal, 'total: '));
  },
});
