/**
 * BF16-DOT-AMX-TILE-SLOW chip: a tile instruction as `bf16-dot-amx-tile` has it, whatever is added: both sums by
 * `amx-fma`. One row a tile instruction.
 *
 * Assumes  as `bf16-dot-amx-tile/air.ts`; AMX_FMA_BUS answers as its `bus.ts` says.
 * Ensures  as `bf16-dot-amx-tile/air.ts`.
 * Proof    1. States and elements: `bf16-dot-amx-tile/air.ts`. A state and its word: `bf16-dot-call/air.ts`. The
 *             significand of an infinite state says nothing.
 *          2. x + y is 1 * x + y, for zeros, subnormals, infinities and NaN as well.
 * Padding  all zero: silent on every bus; the decoded zero limbs are that of +0 (ranges of zeros).
 */
import { defineAir, given } from '../../stark/air/air.ts';
import type { Expr } from '../../stark/air/expr.ts';
import { AMX_FMA_BUS } from '../amx-fma/bus.ts';
import { accumulatorOf } from '../bf16-dot-amx/air.ts';
import { BF16_DOT_AMX_TILE_SLOW_CHIP } from '../bf16-dot-amx/state.ts';
import { amxWordColumns, wordOfState, wordState } from '../bf16-dot-amx-slow/air.ts';
import { tileColumns, tileConstraints } from '../bf16-dot-amx-tile/air.ts';

const FUSED = 'amx-fma: below 2^16';
/** 1 as a BF16. */
const ONE = 0x3f80;

export const bf16DotAmxTileSlowAir = defineAir({
  name: BF16_DOT_AMX_TILE_SLOW_CHIP,
  columns: {
    ...tileColumns,
    ...amxWordColumns('accWord', 'the accumulator'),
    ...amxWordColumns('evenWord', 'the even chain'),
    ...amxWordColumns('oddWord', 'the odd chain'),
    chainsLo: given(FUSED, 'low limb of the sum of the chains'),
    chainsHi: given(FUSED, 'high limb of the sum of the chains'),
    ...amxWordColumns('totalWord', 'the result'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, chainsLo, chainsHi } = local;
    const add = (name: string, x: readonly Expr[], y: readonly Expr[], result: readonly Expr[]): void =>
      send(name, AMX_FMA_BUS, { given: [ONE, ...x, ...y], claimed: result }, isReal);
    const [even, odd] = [
      [local.evenWordLo, local.evenWordHi],
      [local.oddWordLo, local.oddWordHi],
    ];
    add('the odd chain is added to the even one', even, odd, [chainsLo, chainsHi]);
    const total = [local.totalWordLo, local.totalWordHi];
    add('the chains are added to the accumulator', [local.accWordLo, local.accWordHi], [chainsLo, chainsHi], total);
    wordOfState(builder, local, 'accWord', 'the accumulator', accumulatorOf(local, 'acc'), isReal);
    wordOfState(builder, local, 'evenWord', 'the even chain', accumulatorOf(local, 'even'), isReal);
    wordOfState(builder, local, 'oddWord', 'the odd chain', accumulatorOf(local, 'odd'), isReal);
    tileConstraints(builder, local, wordState(builder, local, 'totalWord', 'the result', isReal));
  },
});
