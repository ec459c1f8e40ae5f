/**
 * BF16-DOT-TILE chip: one block of each of four dot products that are a tile: rows a0, a1 times rows b0, b1, as a Hopper
 * or Blackwell tensor core sums them. One row of it stands for four of `bf16-dot` and takes four operands instead of
 * eight. Which blocks come here is the prover's choice (`merge.ts`).
 *
 * Assumes  as `bf16-dot/air.ts`.
 * Ensures  of each of the four states received, the state sent is the one that `bf16-dot/semantics.ts` gives, and is the
 *          only one. Nothing relates the four to each other but the elements at which they are.
 * Proof    1. Each entry yij is a row of `bf16-dot`: its state is received at (ai, bj), its sum is that of the operands of
 *             ai and bj by `bf16-dot/sum-air.ts`, and its state is sent at (ai + 16, bj + 16). isReal is one bit for all
 *             four, so either all of that happens or none of it.
 *          2. The operands of ai are those of the hint block at element ai: one interaction states it for both entries
 *             of the row, since both receive their state at the same column ai. The same holds of bj.
 *          3. An element that is no multiple of 16 has no hint block, as in `bf16-dot/air.ts`.
 *          4. The entries may be of any calls, also of one call twice: the bus takes every state as often as it was sent,
 *             and a row moves a call on by at most four blocks (`bf16-dot-call/air.ts`, 2).
 * Padding  all zero: isReal = 0 silences operands, states and the tables of shifts; ranges are of zeros.
 */
import { array, bit, defineAir, given } from '../../stark/air/air.ts';
import type { Expr } from '../../stark/air/expr.ts';
import { OPERAND_BUS } from '../../vm/buses.ts';
import { operandBlock } from '../bf16-dot/air.ts';
import { BLOCK, HOPPER } from '../bf16-dot/core.ts';
import { type CellsOf, partOf, withPrefix } from '../bf16-dot/prefix.ts';
import { ARITHMETIC, DOT_STATE_BUS } from '../bf16-dot/state.ts';
import { type SumCells, sumColumns, sumConstraints, sumNames } from '../bf16-dot/sum-air.ts';
import { BF16_DOT_TILE_CHIP, ENTRIES, OPERANDS } from './event.ts';

const DECODED = 'OPERAND_BUS: a decoded BF16';
const STATE = 'the state bus';

/** Columns of one row of operands. */
const operandColumns = {
  element: given(STATE, 'its first element'),
  significand: array(BLOCK, given(DECODED, 'its signed significands')),
  exponent: array(BLOCK, given(DECODED, 'its exponents')),
};
/** Columns of what an entry has come with. */
const stateColumns = {
  clk: given(STATE, 'time of the call'),
  accNegative: given('the state bus: a bit', 'sign of the accumulator'),
  accHigh: given('the state bus: below 2^15', 'upper 15 bits of the significand'),
  accLow: given('the state bus: below 2^9', 'lower 9 bits of the significand'),
  accExponent: given(STATE, 'exponent of the accumulator'),
};
export const operandNames = Object.keys(operandColumns) as readonly (keyof typeof operandColumns)[];
export const stateNames = Object.keys(stateColumns) as readonly (keyof typeof stateColumns)[];

const entryColumns = <const P extends string>(entry: P) => ({
  ...withPrefix(entry, stateColumns),
  ...sumColumns(HOPPER, entry),
});

export const bf16DotTileAir = defineAir({
  name: BF16_DOT_TILE_CHIP,
  columns: {
    isReal: bit('1 on the row of a block of each entry'),
    ...withPrefix('a0', operandColumns),
    ...withPrefix('a1', operandColumns),
    ...withPrefix('b0', operandColumns),
    ...withPrefix('b1', operandColumns),
    ...entryColumns('y00'),
    ...entryColumns('y01'),
    ...entryColumns('y10'),
    ...entryColumns('y11'),
  },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal } = local;
    const operand = (name: string): CellsOf<typeof operandColumns> => partOf(local, name, operandNames) as never;
    for (const name of OPERANDS) {
      const { element, significand, exponent } = operand(name);
      send(`${name} is a hint block`, OPERAND_BUS, operandBlock(element, significand, exponent), isReal);
    }

    for (const { entry, a: rowOfA, b: rowOfB } of ENTRIES) {
      const [a, b] = [operand(rowOfA), operand(rowOfB)];
      const state: CellsOf<typeof stateColumns> = partOf<Expr, keyof typeof stateColumns>(local, entry, stateNames);
      const sum: SumCells = partOf(local, entry, sumNames) as never;
      const { clk, accNegative, accHigh, accLow, accExponent } = state;
      receive(
        `${entry}: the call has come to this block`,
        DOT_STATE_BUS,
        { given: [ARITHMETIC.hopper, clk, a.element, b.element, accNegative, accHigh, accLow, accExponent] },
        isReal,
      );
      const operands = {
        aSignificand: a.significand,
        aExponent: a.exponent,
        bSignificand: b.significand,
        bExponent: b.exponent,
      };
      sumConstraints(builder, HOPPER, sum, { ...operands, ...state }, isReal, `${entry}: `);
      send(
        `${entry}: the call goes on to the next block`,
        DOT_STATE_BUS,
        {
          given: [ARITHMETIC.hopper, clk, a.element.plus(BLOCK), b.element.plus(BLOCK)],
          claimed: [sum.negative, sum.high, sum.low, sum.exponent],
        },
        isReal,
      );
    }
  },
});
