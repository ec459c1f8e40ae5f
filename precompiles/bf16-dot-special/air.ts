/**
 * BF16-DOT-SPECIAL chip: one sum of a tensor core whose operands or accumulator have an infinity or NaN. One row a sum: 16
 * products by the arithmetic of Hopper, the first or last 8 of a block by that of Ampere.
 *
 * Assumes  OPERAND_BUS carries decoded BF16: an infinity is (+-1, 4000), a NaN (0, 4000); DOT_STATE_BUS states as
 *          `bf16-dot/state.ts` describes them.
 * Ensures  the state sent is the one `bf16-dot/semantics.ts` gives. A sum of finite operands and accumulator has no
 *          row here, as any other has none in `bf16-dot` and `bf16-dot-ampere`: every sum has one chip.
 * Proof    1. `bf16-special` says of every exponent sum whether a factor is special: sums of finite codes are at most
 *             254, with one special code at least 3,600. So plus + minus + nan = 1 on special lanes and 0 on others.
 *          2. On a special lane the product of the signed significands is 0 (a NaN, or infinity times zero) or has the
 *             sign of the infinity that results: plus, minus and nan are told apart by product = +-(excess + 1).
 *          3. The counts are at most 17, so an inverse exists exactly if some term is of the kind.
 *          4. Lanes of a half that is not summed do not count. A state of Ampere lies at the start of a half: block
 *             a / 16 or (a - 8) / 16, of which only one is an index of a block; the other is a half more mod p, above 2^29.
 * Padding  all zero: isReal = 0 silences operands, state and table; the counts are zero.
 */
import { array, below, bit, defineAir, given } from '../../stark/air/air.ts';
import { type Expr, expr, sum } from '../../stark/air/expr.ts';
import { OPERAND_BUS } from '../../vm/buses.ts';
import { SPECIAL_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { blockColumns, operandBlock } from '../bf16-dot/air.ts';
import { BLOCK } from '../bf16-dot/core.ts';
import { BF16_DOT_SPECIAL_CHIP, DOT_STATE_BUS, NAN_EXPONENT } from '../bf16-dot/state.ts';
import { SPECIAL_BUS } from './table.ts';

const LANES = BLOCK;
const HALF = BLOCK / 2;
const kinds = ['plus', 'minus', 'nan'] as const;

/** High and low part of the significand of a result: of the words 7f800000, ff800000 and of 7fffffff. */
const INFINITY_HIGH = 2 ** 14;
const NAN_HIGH = 2 ** 15 - 1;
const NAN_LOW = 2 ** 9 - 1;

export const bf16DotSpecialAir = defineAir({
  name: BF16_DOT_SPECIAL_CHIP,
  columns: {
    ...blockColumns,
    isAmpere: bit('1 for the arithmetic of Ampere, 0 for that of Hopper'),
    first: bit('1 if lanes 0 to 7 are summed'),
    second: bit('1 if lanes 8 to 15 are summed'),
    accInfinity: given('three constraints: 1 or 0', '1 if the accumulator is an infinity'),
    accNan: given('three constraints: 1 or 0', '1 if the accumulator is a NaN'),
    accInverse: given('free: an inverse exists or not', 'inverse of what an infinity or NaN has not'),
    plus: array(LANES, given('bf16-special and the three products: 1 or 0', '1 if the product is +infinity')),
    minus: array(LANES, given('bf16-special and the three products: 1 or 0', '1 if the product is -infinity')),
    nan: array(LANES, given('bf16-special and the three products: 1 or 0', '1 if the product is a NaN')),
    excess: array(LANES, below(8, '|product of significands| - 1 of an infinite product')),
    anyPlus: given('two constraints: 1 or 0', '1 if some term is +infinity'),
    anyMinus: given('two constraints: 1 or 0', '1 if some term is -infinity'),
    anyNan: given('two constraints: 1 or 0', '1 if some term is a NaN'),
    plusInverse: given('free: an inverse exists or not', 'inverse of the number of +infinities'),
    minusInverse: given('free: an inverse exists or not', 'inverse of the number of -infinities'),
    nanInverse: given('free: an inverse exists or not', 'inverse of the number of NaN'),
    isNan: given('a product of bits, by constraint', '1 if the result is a NaN'),
    negative: given('a product of bits, by constraint', '1 if the result is -infinity'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, clk, a, b, isAmpere, first, second } = local;
    const { accNegative, accExponent, accInfinity, accNan, isNan, negative } = local;
    const not = (x: Expr): Expr => expr(1).minus(x);
    receive(
      'the call has come to this block',
      DOT_STATE_BUS,
      { given: [isAmpere, clk, a, b, accNegative, local.accHigh, local.accLow, accExponent] },
      isReal,
    );
    // 4. The halves.
    assertZero('Hopper sums two halves, Ampere one', isReal.times(first.plus(second).plus(isAmpere).minus(2)));
    const start = (element: Expr): Expr => element.minus(not(first).times(HALF));
    send('a is a hint block', OPERAND_BUS, operandBlock(start(a), local.aSignificand, local.aExponent), isReal);
    send('b is a hint block', OPERAND_BUS, operandBlock(start(b), local.bSignificand, local.bExponent), isReal);

    // 1. and 2. The lanes.
    for (let i = 0; i < LANES; i++) {
      const [plus, minus, nan, excess] = [local.plus[i]!, local.minus[i]!, local.nan[i]!, local.excess[i]!];
      const product = local.aSignificand[i]!.times(local.bSignificand[i]!);
      const exponent = local.aExponent[i]!.plus(local.bExponent[i]!);
      send(
        `lane ${i} is of one kind if special`,
        SPECIAL_BUS,
        { given: [exponent], claimed: [plus.plus(minus).plus(nan)] },
        isReal,
      );
      assertZero(`lane ${i} is positive if plus`, plus.times(product.minus(excess).minus(1)));
      assertZero(`lane ${i} is negative if minus`, minus.times(product.plus(excess).plus(1)));
      assertZero(`lane ${i} has no value if nan`, nan.times(product));
    }

    // The accumulator.
    const [toInfinity, toNan] = [accExponent.minus(SPECIAL_EXPONENT), accExponent.minus(NAN_EXPONENT)];
    const finite = isReal.minus(accInfinity).minus(accNan);
    assertZero('the accumulator is an infinity', accInfinity.times(toInfinity));
    assertZero('the accumulator is a NaN', accNan.times(toNan));
    assertZero('the accumulator is finite', finite.times(toInfinity.times(toNan).times(local.accInverse).minus(1)));

    // 3. What there is.
    const accKind = { plus: accInfinity.times(not(accNegative)), minus: accInfinity.times(accNegative), nan: accNan };
    const any = { plus: local.anyPlus, minus: local.anyMinus, nan: local.anyNan };
    const inverses = { plus: local.plusInverse, minus: local.minusInverse, nan: local.nanInverse };
    for (const kind of kinds) {
      const lanes = local[kind];
      const halves = [first.times(sum(lanes.slice(0, HALF))), second.times(sum(lanes.slice(HALF)))];
      const count = sum([accKind[kind], ...halves]);
      assertZero(`without ${kind} there is none`, not(any[kind]).times(count));
      assertZero(`with ${kind} there is one`, count.times(inverses[kind]).minus(any[kind]));
    }
    assertZero('something is special', isReal.times(not(any.plus)).times(not(any.minus)).times(not(any.nan)));

    const step = first.plus(second).times(HALF);
    const opposed = any.plus.times(any.minus);
    assertZero('a NaN or opposed infinities give a NaN', not(isNan).minus(not(any.nan).times(not(opposed))));
    assertZero('minus gives a negative infinity', negative.minus(not(isNan).times(any.minus)));
    send(
      'the call goes on to the next block',
      DOT_STATE_BUS,
      {
        given: [isAmpere, clk, a.plus(step), b.plus(step)],
        claimed: [
          negative,
          isNan.times(NAN_HIGH - INFINITY_HIGH).plus(INFINITY_HIGH),
          isNan.times(NAN_LOW),
          isNan.times(NAN_EXPONENT - SPECIAL_EXPONENT).plus(SPECIAL_EXPONENT),
        ],
      },
      isReal,
    );
  },
});
