/**
 * BF16-DOT-FMA chip: two products of a chain of fused multiply-adds. One row for two, whose results are zero, normal or
 * overflow; `bf16-dot-fma-slow` takes any other two.
 *
 * Assumes  PAIR_BUS as `bf16-pairs/bus.ts`; DOT_STATE_BUS states as `bf16-dot/state.ts` describes them, with negative a bit,
 *          high < 2^15, low < 2^9.
 * Ensures  the state sent is the one `semantics.ts` gives for the state and operands received.
 * Proof    that of `mac-air.ts`, twice: the second product takes the result of the first as its accumulator.
 * Padding  all zero: isReal = 0 silences operands, state and tables; ranges are of zeros.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { partOf, withPrefix } from '../bf16-dot/prefix.ts';
import { ARITHMETIC, DOT_STATE_BUS } from '../bf16-dot/state.ts';
import { PAIR_BUS } from '../bf16-pairs/bus.ts';
import { type MacCells, macColumns, macConstraints, macNames } from './mac-air.ts';
import { BF16_DOT_FMA_CHIP } from './state.ts';

/** Where two products begin, and the accumulator. */
export const pairColumns = {
  isReal: bit('1 on the row of two products'),
  clk: given('the state bus', 'time of the call'),
  a: given('the state bus', 'element of the first operand'),
  b: given('the state bus', 'element of the second operand'),
  accNegative: given('the state bus: a bit', 'sign of the accumulator'),
  accHigh: given('the state bus: below 2^15', 'upper 15 bits of the significand'),
  accLow: given('the state bus: below 2^9', 'lower 9 bits of the significand'),
  accExponent: given('the state bus', 'exponent of the accumulator'),
};

export const bf16DotFmaAir = defineAir({
  name: BF16_DOT_FMA_CHIP,
  columns: { ...pairColumns, ...withPrefix('first', macColumns), ...withPrefix('second', macColumns) },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal, clk, a, b, accNegative, accHigh, accLow, accExponent } = local;
    const first: MacCells = partOf(local, 'first', macNames) as never;
    const second: MacCells = partOf(local, 'second', macNames) as never;
    receive(
      'the call has come to these products',
      DOT_STATE_BUS,
      { given: [ARITHMETIC.fma, clk, a, b, accNegative, accHigh, accLow, accExponent] },
      isReal,
    );
    const operands = ({ a, b, productExponent }: MacCells) => [a, b, productExponent];
    send('the tape has these operands', PAIR_BUS, { given: [a, b, ...operands(first), ...operands(second)] }, isReal);
    const acc = { negative: accNegative, high: accHigh, low: accLow, exponent: accExponent };
    macConstraints(builder, first, acc, isReal, 'first: ');
    const between = { negative: first.isNegativeSum, high: first.high, low: first.low, exponent: first.exponent };
    macConstraints(builder, second, between, isReal, 'second: ');
    send(
      'the call goes on to the next products',
      DOT_STATE_BUS,
      {
        given: [ARITHMETIC.fma, clk, a.plus(2), b.plus(2)],
        claimed: [second.isNegativeSum, second.high, second.low, second.exponent],
      },
      isReal,
    );
  },
});
