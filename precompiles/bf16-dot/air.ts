/**
 * BF16-DOT chip: one block of 16 products and an accumulator, summed as a Hopper or Blackwell tensor core does. One row a
 * block, for every block of finite operands: normal, subnormal, zero and overflowing results alike.
 *
 * Assumes  OPERAND_BUS carries decoded BF16 (`vm/chips/bf16-decode`), DOT_STATE_BUS states as `state.ts` describes them,
 *          with negative a bit, high < 2^15, low < 2^9.
 * Ensures  the state sent is the one `semantics.ts` gives for the state and operands received, and is the only one.
 * Proof    that of `sum-air.ts`. A state lies at element a: hint block a / 16, of which there is one only if a is a multiple
 *          of 16 (a / 16 mod p of any other is above 2^24, as blocks are not).
 * Padding  all zero: isReal = 0 silences operands, state and the tables of shifts; ranges are of zeros.
 */
import { array, bit, defineAir, given } from '../../stark/air/air.ts';
import type { Expr } from '../../stark/air/expr.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { OPERAND_BUS } from '../../vm/buses.ts';
import { BLOCK, HOPPER } from './core.ts';
import { partOf } from './prefix.ts';
import { ARITHMETIC, BF16_DOT_CHIP, DOT_STATE_BUS } from './state.ts';
import { type SumCells, sumColumns, sumConstraints, sumNames } from './sum-air.ts';

const DECODED = 'OPERAND_BUS: a decoded BF16';
/** Times an element index: the index of its block. */
export const INVERSE_BLOCK = inverse(felt(BLOCK));

/** Where a block begins, its decoded operands, and the accumulator. */
export const blockColumns = {
  isReal: bit('1 on the row of a block'),
  clk: given('the state bus', 'time of the call'),
  a: given('the state bus', 'element of the first operand'),
  b: given('the state bus', 'element of the second operand'),
  aSignificand: array(BLOCK, given(DECODED, 'signed significand of a')),
  aExponent: array(BLOCK, given(DECODED, 'exponent of a')),
  bSignificand: array(BLOCK, given(DECODED, 'signed significand of b')),
  bExponent: array(BLOCK, given(DECODED, 'exponent of b')),
  accNegative: given('the state bus: a bit', 'sign of the accumulator'),
  accHigh: given('the state bus: below 2^15', 'upper 15 bits of the significand'),
  accLow: given('the state bus: below 2^9', 'lower 9 bits of the significand'),
  accExponent: given('the state bus', 'exponent of the accumulator'),
};

/** Fields of a hint block on OPERAND_BUS. */
export const operandBlock = (element: Expr, significands: readonly Expr[], exponents: readonly Expr[]) => ({
  given: [element.times(INVERSE_BLOCK), ...significands, ...exponents],
});

export const bf16DotAir = defineAir({
  name: BF16_DOT_CHIP,
  columns: { ...blockColumns, ...sumColumns(HOPPER, '') },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal, clk, a, b } = local;
    receive(
      'the call has come to this block',
      DOT_STATE_BUS,
      { given: [ARITHMETIC.hopper, clk, a, b, local.accNegative, local.accHigh, local.accLow, local.accExponent] },
      isReal,
    );
    send('a is a hint block', OPERAND_BUS, operandBlock(a, local.aSignificand, local.aExponent), isReal);
    send('b is a hint block', OPERAND_BUS, operandBlock(b, local.bSignificand, local.bExponent), isReal);
    const cells: SumCells = partOf(local, '', sumNames) as never;
    sumConstraints(builder, HOPPER, cells, local, isReal);
    send(
      'the call goes on to the next block',
      DOT_STATE_BUS,
      {
        given: [ARITHMETIC.hopper, clk, a.plus(BLOCK), b.plus(BLOCK)],
        claimed: [cells.negative, cells.high, cells.low, cells.exponent],
      },
      isReal,
    );
  },
});
