/**
 * BF16-DOT-AMX chip: two products of a tile instruction, the first on top of its even chain and the second of its odd
 * one. One row for two, whose results are zero, normal or overflow, of operands that are not subnormal;
 * `bf16-dot-amx-slow` takes any other two.
 *
 * Assumes  NORMAL_PAIR_BUS as its `bus.ts`; AMX_CHAINS_BUS states as `state.ts` describes them, with negative bits,
 *          high < 2^15, low < 2^9. No chain is subnormal: it begins at +0, and no result is (FTZ).
 * Ensures  the chains sent are those `semantics.ts` gives for the chains and operands received.
 * Proof    that of `bf16-dot-fma/mac-air.ts`, twice. DAZ and FTZ have no part in it: no operand is subnormal, and a
 *          result has an exponent from -126 on after it is rounded, which is what is not tiny.
 * Padding  all zero: isReal = 0 silences operands, chains and tables; ranges are of zeros.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { partOf, withPrefix } from '../bf16-dot/prefix.ts';
import {
  type Accumulator,
  type NormalMacCells,
  normalMacColumns,
  normalMacConstraints,
  normalMacNames,
} from '../bf16-dot-fma/mac-air.ts';
import { NORMAL_PAIR_BUS } from '../bf16-normal-pairs/bus.ts';
import { AMX_CHAINS_BUS, BF16_DOT_AMX_CHIP } from './state.ts';

const CHAINS = 'the bus of chains';

/** An accumulator on a bus. */
export const accumulatorColumns = <const P extends string>(prefix: P, bus: string, what: string) =>
  withPrefix(prefix, {
    negative: given(`${bus}: a bit`, `sign of ${what}`),
    high: given(`${bus}: below 2^15`, `upper 15 bits of the significand of ${what}`),
    low: given(`${bus}: below 2^9`, `lower 9 bits of the significand of ${what}`),
    exponent: given(bus, `exponent of ${what}`),
  });
export const accumulatorNames = ['negative', 'high', 'low', 'exponent'] as const;
/** The cells of `accumulatorColumns`, and their place on a bus. */
export const accumulatorOf = (local: object, prefix: string): Accumulator => partOf(local, prefix, accumulatorNames);
export const tupleOf = ({ negative, high, low, exponent }: Accumulator) => [negative, high, low, exponent];

/** Where two products begin, and both chains. */
export const stepColumns = {
  isReal: bit('1 on the row of two products'),
  clk: given(CHAINS, 'time of the call'),
  tile: given(CHAINS, 'element that the tile instruction begins with'),
  a: given(CHAINS, 'element of the first operand'),
  b: given(CHAINS, 'element of the second operand'),
  ...accumulatorColumns('even', CHAINS, 'the even chain'),
  ...accumulatorColumns('odd', CHAINS, 'the odd chain'),
};

export const bf16DotAmxAir = defineAir({
  name: BF16_DOT_AMX_CHIP,
  columns: { ...stepColumns, ...withPrefix('first', normalMacColumns), ...withPrefix('second', normalMacColumns) },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal, clk, tile, a, b } = local;
    const [even, odd] = [accumulatorOf(local, 'even'), accumulatorOf(local, 'odd')];
    const first: NormalMacCells = partOf(local, 'first', normalMacNames) as never;
    const second: NormalMacCells = partOf(local, 'second', normalMacNames) as never;
    receive(
      'the chains have come to these products',
      AMX_CHAINS_BUS,
      { given: [clk, tile, a, b, ...tupleOf(even), ...tupleOf(odd)] },
      isReal,
    );
    const operands = (mac: NormalMacCells) => [mac.a, mac.b, mac.productExponent];
    send(
      'the tape has these operands, and none is subnormal',
      NORMAL_PAIR_BUS,
      { given: [a, b, ...operands(first), ...operands(second)] },
      isReal,
    );
    normalMacConstraints(builder, first, even, isReal, 'first: ');
    normalMacConstraints(builder, second, odd, isReal, 'second: ');
    const after = ({ isNegativeSum, high, low, exponent }: NormalMacCells) => [isNegativeSum, high, low, exponent];
    send(
      'the chains go on to the next products',
      AMX_CHAINS_BUS,
      { given: [clk, tile, a.plus(2), b.plus(2)], claimed: [...after(first), ...after(second)] },
      isReal,
    );
  },
});
