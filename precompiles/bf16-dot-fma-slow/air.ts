/**
 * BF16-DOT-FMA-SLOW chip: two products of a chain of fused multiply-adds by `fp32-fma`, whatever they are. One row for two.
 *
 * Assumes  DOT_STATE_BUS states as `bf16-dot/state.ts` describes them; FP32_FMA_BUS answers as its `bus.ts` says; the hint
 *          tape has halfwords below 2^16.
 * Ensures  the state sent is the one `bf16-dot-fma/semantics.ts` gives for the state and operands received.
 * Proof    1. Operands: `bf16-pairs/pair-of-blocks.ts`.
 *          2. A BF16 is the high limb of a binary32: x * y + acc is what fp32-fma answers for x 2^16 and y 2^16, to nearest even.
 *          3. State and word: `bf16-dot-call/air.ts`. The significand of an infinite state says nothing.
 * Padding  all zero: silent on every bus; the decoded zero limbs are that of +0 (ranges of zeros).
 */
import { array, defineAir, given } from '../../stark/air/air.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { ARITHMETIC, DOT_STATE_BUS } from '../bf16-dot/state.ts';
import { decode, wordColumns } from '../bf16-dot-call/air.ts';
import { pairColumns } from '../bf16-dot-fma/air.ts';
import { BF16_DOT_FMA_SLOW_CHIP } from '../bf16-dot-fma/state.ts';
import { pairOfBlocks, pairOfBlocksColumns } from '../bf16-pairs/pair-of-blocks.ts';
import { FP32_FMA_BUS } from '../fp32-fma/bus.ts';

const FUSED = 'fp32-fma: below 2^16';

export const bf16DotFmaSlowAir = defineAir({
  name: BF16_DOT_FMA_SLOW_CHIP,
  columns: {
    ...pairColumns,
    ...pairOfBlocksColumns,
    oldLo: given('its two parts, below 2^7 and 2^9', 'low limb of the accumulator'),
    oldHi: given('fp32-decode: below 2^16', 'high limb of the accumulator'),
    ...wordColumns('old', 'the accumulator'),
    midLo: given(FUSED, 'low limb after the first product'),
    midHi: given(FUSED, 'high limb after the first product'),
    outLo: given(FUSED, 'low limb after the second product'),
    outHi: given(FUSED, 'high limb after the second product'),
    ...wordColumns('out', 'the result'),
    flags: array(2, given('fp32-fma', 'unused: flags of the products')),
  },
  define(builder) {
    const { local, assertZero, send, receive } = builder;
    const { isReal, clk, a, b, x, y, accNegative, accHigh, accLow, accExponent } = local;
    receive(
      'the call has come to these products',
      DOT_STATE_BUS,
      { given: [ARITHMETIC.fma, clk, a, b, accNegative, accHigh, accLow, accExponent] },
      isReal,
    );

    // 1. The operands.
    pairOfBlocks(builder, local, local);

    // 2. The products.
    const { oldLo, oldHi, midLo, midHi, outLo, outHi, flags } = local;
    const fused = (name: string, i: 0 | 1, acc: readonly Expr[], result: readonly Expr[]): void =>
      send(
        `the ${name} product is fused`,
        FP32_FMA_BUS,
        { given: [0, 0, 0, 0, x[i]!, 0, y[i]!, ...acc], claimed: [...result, flags[i]!] },
        isReal,
      );
    fused('first', 0, [oldLo, oldHi], [midLo, midHi]);
    fused('second', 1, [midLo, midHi], [outLo, outHi]);

    // 3. The states.
    const old = decode(builder, 'old', (part) => local[`old${part}`], { lo: oldLo, hi: oldHi }, isReal);
    const out = decode(builder, 'out', (part) => local[`out${part}`], { lo: outLo, hi: outHi }, isReal);
    assertZero('the accumulator has the sign of the state', accNegative.minus(local.oldSign));
    assertZero('the accumulator has the exponent of the state', accExponent.minus(local.oldExponent));
    const isOther = expr(1).minus(local.oldSpecial.times(local.oldFlat));
    assertZero('the accumulator has the upper part of the state', isOther.times(accHigh.minus(old.high)));
    assertZero('the accumulator has the lower part of the state', isOther.times(accLow.minus(old.low)));
    send(
      'the call goes on to the next products',
      DOT_STATE_BUS,
      {
        given: [ARITHMETIC.fma, clk, a.plus(2), b.plus(2)],
        claimed: [local.outSign, out.high, out.low, local.outExponent],
      },
      isReal,
    );
  },
});
