/**
 * The three-register instruction: reads rs1 and rs2, adds an immediate to rs2, writes rd. Its air side; `operand-event.ts`
 * is the executor's and the trace's.
 *
 * Assumes  the frame (`frame.ts`); `decode` gives rs2 = x0 wherever it gives an immediate, so that one of them is 0 and
 *          the sum of their limbs is a word. x0 is never written and holds 0.
 * Ensures  a is the value of rs1, b of rs2 or the immediate; whoever reads rd next receives `result`.
 */
import { type Declaration, given } from '../../stark/air/air.ts';
import type { Expr, Operand } from '../../stark/air/expr.ts';
import { accessColumns, frameColumns, instruction, namedAccess, type Sender } from './frame.ts';
import type { Limbs } from './limbs.ts';

export const operandColumns = {
  ...frameColumns,
  ...accessColumns('rs1'),
  ...accessColumns('rs2'),
  ...accessColumns('rd'),
};

export const immediateColumns = {
  immLo: given('the program bus', 'low limb of the immediate'),
  immHi: given('the program bus', 'high limb of the immediate'),
};

type CellsOf<D extends Readonly<Record<string, Declaration<undefined>>>> = { readonly [K in keyof D]: Expr };
export type OperandCells = CellsOf<typeof operandColumns> & Partial<CellsOf<typeof immediateColumns>>;

/** The operands of a row: linear expressions. */
export const operandsOf = (local: OperandCells): { readonly a: Limbs; readonly b: Limbs } => ({
  a: { lo: local.rs1Lo, hi: local.rs1Hi },
  b: { lo: local.rs2Lo.plus(local.immLo ?? 0), hi: local.rs2Hi.plus(local.immHi ?? 0) },
});

/** `result`: range-checked limbs, or an expression that is a limb for other reasons. */
export function operands(
  builder: Sender,
  local: OperandCells,
  { op, result }: { readonly op: Operand; readonly result: { readonly lo: Operand; readonly hi: Operand } },
): void {
  const { isReal: active, pc, clk, immLo, immHi } = local;
  instruction(builder, {
    active,
    pc,
    clk,
    op,
    rd: local.rdAddress,
    rs1: local.rs1Address,
    rs2: local.rs2Address,
    ...(immLo && { immLo }),
    ...(immHi && { immHi }),
  });
  namedAccess(builder, local, 'rs1', { now: clk, active });
  namedAccess(builder, local, 'rs2', { now: clk.plus(1), active });
  namedAccess(builder, local, 'rd', { now: clk.plus(3), active, written: result });
}
