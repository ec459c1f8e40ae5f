/**
 * BF16-DOT-AMX-SLOW chip: two products of a tile instruction by `amx-fma`, whatever they are. One row for two.
 *
 * Assumes  AMX_CHAINS_BUS states as `bf16-dot-amx/state.ts` describes them; AMX_FMA_BUS answers as its `bus.ts` says;
 *          the hint tape has halfwords below 2^16.
 * Ensures  the chains sent are those `bf16-dot-amx/semantics.ts` gives for the chains and operands received.
 * Proof    1. Operands: `bf16-pairs/pair-of-blocks.ts`.
 *          2. The first product is on top of the even chain, the second of the odd one.
 *          3. State and word: `bf16-dot-call/air.ts`. The significand of an infinite state says nothing.
 * Padding  all zero: silent on every bus; the decoded zero limbs are that of +0 (ranges of zeros).
 */
import { defineAir, given } from '../../stark/air/air.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import { AMX_FMA_BUS } from '../amx-fma/bus.ts';
import { accumulatorOf, stepColumns, tupleOf } from '../bf16-dot-amx/air.ts';
import { AMX_CHAINS_BUS, BF16_DOT_AMX_SLOW_CHIP } from '../bf16-dot-amx/state.ts';
import { decode, type WordPart, wordColumns } from '../bf16-dot-call/air.ts';
import type { Accumulator } from '../bf16-dot-fma/mac-air.ts';
import { pairOfBlocks, pairOfBlocksColumns } from '../bf16-pairs/pair-of-blocks.ts';

/** A word in limbs and taken apart. */
export const amxWordColumns = <const P extends string>(name: P, what: string) =>
  ({
    [`${name}Lo`]: given('its two parts, below 2^7 and 2^9', `low limb of ${what}`),
    [`${name}Hi`]: given('fp32-decode: below 2^16', `high limb of ${what}`),
    ...wordColumns(name, what),
  }) as { readonly [K in `${P}${WordPart | 'Lo' | 'Hi'}`]: ReturnType<typeof given> };

/** States that the cells of `amxWordColumns` are of one word, of the state that this gives. */
export function wordState(builder: Sender, local: object, name: string, what: string, active: Expr): Accumulator {
  const cells = local as Readonly<Record<string, Expr>>;
  const part = (of: WordPart): Expr => cells[`${name}${of}`]!;
  const { high, low } = decode(builder, what, part, { lo: cells[`${name}Lo`]!, hi: cells[`${name}Hi`]! }, active);
  return { negative: part('Sign'), high, low, exponent: part('Exponent') };
}

/** The same, and that `state` is of this word; the significand of an infinite one says nothing. */
export function wordOfState(
  builder: Sender,
  local: object,
  name: string,
  what: string,
  state: Accumulator,
  active: Expr,
): void {
  const cells = local as Readonly<Record<string, Expr>>;
  const word = wordState(builder, local, name, what, active);
  const isOther = expr(1).minus(cells[`${name}Special`]!.times(cells[`${name}Flat`]!));
  builder.assertZero(`${what} has the sign of the state`, state.negative.minus(word.negative));
  builder.assertZero(`${what} has the exponent of the state`, state.exponent.minus(word.exponent));
  builder.assertZero(`${what} has the upper part of the state`, isOther.times(state.high.minus(word.high)));
  builder.assertZero(`${what} has the lower part of the state`, isOther.times(state.low.minus(word.low)));
}

export const bf16DotAmxSlowAir = defineAir({
  name: BF16_DOT_AMX_SLOW_CHIP,
  columns: {
    ...stepColumns,
    ...pairOfBlocksColumns,
    ...amxWordColumns('oldEven', 'the even chain'),
    ...amxWordColumns('oldOdd', 'the odd chain'),
    ...amxWordColumns('newEven', 'the even chain after the first product'),
    ...amxWordColumns('newOdd', 'the odd chain after the second product'),
  },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal, clk, tile, a, b, x, y } = local;
    const [even, odd] = [accumulatorOf(local, 'even'), accumulatorOf(local, 'odd')];
    receive(
      'the chains have come to these products',
      AMX_CHAINS_BUS,
      { given: [clk, tile, a, b, ...tupleOf(even), ...tupleOf(odd)] },
      isReal,
    );

    // 1. The operands.
    pairOfBlocks(builder, local, local);

    // 2. The products.
    const fused = (name: string, i: 0 | 1, z: readonly Expr[], result: readonly Expr[]): void =>
      send(`the ${name} product is fused`, AMX_FMA_BUS, { given: [x[i]!, 0, y[i]!, ...z], claimed: result }, isReal);
    fused('first', 0, [local.oldEvenLo, local.oldEvenHi], [local.newEvenLo, local.newEvenHi]);
    fused('second', 1, [local.oldOddLo, local.oldOddHi], [local.newOddLo, local.newOddHi]);

    // 3. The states.
    wordOfState(builder, local, 'oldEven', 'the even chain', even, isReal);
    wordOfState(builder, local, 'oldOdd', 'the odd chain', odd, isReal);
    const newEven = wordState(builder, local, 'newEven', 'the new even chain', isReal);
    const newOdd = wordState(builder, local, 'newOdd', 'the new odd chain', isReal);
    send(
      'the chains go on to the next products',
      AMX_CHAINS_BUS,
      { given: [clk, tile, a.plus(2), b.plus(2)], claimed: [...tupleOf(newEven), ...tupleOf(newOdd)] },
      isReal,
    );
  },
});
