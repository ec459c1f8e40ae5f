/**
 * BF16-DOT-AMPERE chip: one block of 16 products as an Ampere or Ada tensor core sums it: 8 products and the accumulator,
 * then the other 8 and that. One row a block, for every block of finite operands whose first sum does not overflow; or
 * for the first half alone, if the second has an infinity or NaN, or the first sum overflows.
 *
 * Assumes  as `bf16-dot/air.ts`.
 * Ensures  the state sent, after 16 products or after 8, is the one `bf16-dot/semantics.ts` gives, and is the only one.
 * Proof    that of `bf16-dot/sum-air.ts`, twice: the second sum takes the result of the first as its accumulator. Where
 *          it is not active the first result is sent, as the state before element a + 8.
 *          A state at a half has no row here: a / 16 is no index of a block then, but one half more mod p, above 2^29.
 * Padding  all zero: isReal = isWhole = 0 silences operands, state and the tables of shifts; ranges are of zeros.
 */
import { bit, defineAir } from '../../stark/air/air.ts';
import type { Expr } from '../../stark/air/expr.ts';
import { OPERAND_BUS } from '../../vm/buses.ts';
import { blockColumns, operandBlock } from '../bf16-dot/air.ts';
import { AMPERE, BLOCK } from '../bf16-dot/core.ts';
import { partOf } from '../bf16-dot/prefix.ts';
import { ARITHMETIC, BF16_DOT_AMPERE_CHIP, DOT_STATE_BUS } from '../bf16-dot/state.ts';
import { type SumCells, sumColumns, sumConstraints, sumNames } from '../bf16-dot/sum-air.ts';

const HALF = AMPERE.products;

export const bf16DotAmpereAir = defineAir({
  name: BF16_DOT_AMPERE_CHIP,
  columns: {
    ...blockColumns,
    isWhole: bit('1 if both halves are summed, 0 if only the first'),
    ...sumColumns(AMPERE, 'first'),
    ...sumColumns(AMPERE, 'second'),
  },
  define(builder) {
    const { local, assertZero, send, receive } = builder;
    const { isReal, isWhole, clk, a, b } = local;
    receive(
      'the call has come to this block',
      DOT_STATE_BUS,
      { given: [ARITHMETIC.ampere, clk, a, b, local.accNegative, local.accHigh, local.accLow, local.accExponent] },
      isReal,
    );
    send('a is a hint block', OPERAND_BUS, operandBlock(a, local.aSignificand, local.aExponent), isReal);
    send('b is a hint block', OPERAND_BUS, operandBlock(b, local.bSignificand, local.bExponent), isReal);
    assertZero('only a block is summed whole', isWhole.times(isReal.not()));

    const first: SumCells = partOf(local, 'first', sumNames) as never;
    const second: SumCells = partOf(local, 'second', sumNames) as never;
    const half = (from: number) => {
      const of = (cells: readonly Expr[]): readonly Expr[] => cells.slice(from, from + HALF);
      return {
        aSignificand: of(local.aSignificand),
        aExponent: of(local.aExponent),
        bSignificand: of(local.bSignificand),
        bExponent: of(local.bExponent),
      };
    };
    sumConstraints(builder, AMPERE, first, { ...local, ...half(0) }, isReal, 'first half: ');
    const between = {
      accNegative: first.negative,
      accHigh: first.high,
      accLow: first.low,
      accExponent: first.exponent,
    };
    sumConstraints(builder, AMPERE, second, { ...between, ...half(HALF) }, isWhole, 'second half: ');
    const sent = (name: string, by: number, { negative, high, low, exponent }: SumCells, active: Expr): void =>
      send(
        name,
        DOT_STATE_BUS,
        { given: [ARITHMETIC.ampere, clk, a.plus(by), b.plus(by)], claimed: [negative, high, low, exponent] },
        active,
      );
    sent('the call goes on to the next block', BLOCK, second, isWhole);
    sent('the call goes on to the second half', HALF, first, isReal.minus(isWhole));
  },
});
