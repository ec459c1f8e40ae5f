/**
 * The frame of a floating-point instruction: on top of the frame of every instruction (`vm/chips/frame.ts`) the rounding
 * mode, static or from frm, and the exceptions that it accrues into fflags. A chip takes the parts that it needs:
 *
 * - `accessColumns('rs2')`, `accessColumns('rs3')`: a second and third source; decoding puts the address of rs3 into
 *   `target`;
 * - `roundingColumns`: the instruction has a rounding mode;
 * - `flagsColumns`: the instruction can raise a flag.
 *
 * Assumes  the frame. Decoding (`execute.ts`) gives immLo in [0, 4] and immHi = 0 for a static mode, immLo = 0 and
 *          immHi = 1 for the dynamic one. frm is below 2^3 and fflags below 2^5 with high limbs 0: they start as 0, and
 *          nothing but this frame and `vm/chips/csr` writes them.
 * Ensures  `mode` is the rounding mode in [0, 4]; an instruction whose mode is reserved has no row. Whoever reads rd next
 *          receives `result`, and whoever reads fflags next its value before OR `raised`.
 * Proof    mode = immLo + immHi frm is in [0, 7], and mode + 3 is below 2^3. the table has one `after` for every
 *          (before, raised), and none for a `raised` that is not five bits.
 * Padding  isReal = 0: silent on every bus; ages are range-checked zeros.
 */
import { below, type Declaration, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr, type Operand } from '../../stark/air/expr.ts';
import { FLAGS_BUS } from '../../vm/chips/csr/flags-table.ts';
import {
  type AccessColumns,
  access,
  accessColumns,
  frameColumns,
  instruction,
  namedAccess,
  type Sender,
} from '../../vm/chips/frame.ts';
import { REGISTER, SPACE } from '../../vm/space.ts';

/** State, first source and target: what every floating-point instruction has. */
export const fp32Columns = { ...frameColumns, ...accessColumns('rs1'), ...accessColumns('rd') };

export const roundingColumns = {
  immLo: given('the program bus: 0 to 4', 'static rounding mode, 0 for the dynamic one'),
  immHi: given('the program bus: a bit', '1 for the dynamic rounding mode'),
  mode: given('a constraint and a range check: 0 to 4', 'rounding mode'),
  frmLo: given('the memory bus: below 2^3', 'frm'),
  frmClk: given('the memory bus', 'time of the last access to frm'),
  frmAgeLo: u16('low limb of the time between the accesses to frm, less one'),
  frmAgeHi: below(13, 'high limb of the time between the accesses to frm, less one'),
};

export const flagsColumns = {
  fflagsLo: given('the memory bus: below 2^5', 'fflags before'),
  fflagsClk: given('the memory bus', 'time of the last access to fflags'),
  fflagsAgeLo: u16('low limb of the time between the accesses to fflags, less one'),
  fflagsAgeHi: below(13, 'high limb of the time between the accesses to fflags, less one'),
  accrued: given('flags: below 2^5', 'fflags after'),
};

type CellsOf<D extends Readonly<Record<string, Declaration<undefined>>>> = { readonly [K in keyof D]: Expr };
type Rs2Cells = CellsOf<AccessColumns<'rs2'>>;
type Rs3Cells = CellsOf<AccessColumns<'rs3'>>;
type RoundingCells = CellsOf<typeof roundingColumns>;
type FlagsCells = CellsOf<typeof flagsColumns>;
export type Fp32Cells = CellsOf<typeof fp32Columns> & Partial<Rs2Cells & Rs3Cells & RoundingCells & FlagsCells>;

/**
 * States the instruction of a row. `result`: range-checked limbs, or expressions that are limbs for other reasons.
 * `raised`: the five flags of the operation, for a chip with `flagsColumns`; linear.
 */
export function fp32Frame(
  builder: Sender,
  local: Fp32Cells,
  {
    op,
    result,
    raised,
  }: {
    readonly op: Operand;
    readonly result: { readonly lo: Operand; readonly hi: Operand };
    readonly raised?: Operand;
  },
): void {
  const { isReal: active, pc, clk, rs2Address: rs2, rs3Address: target, immLo, immHi } = local;
  instruction(builder, {
    ...{ active, pc, clk, op, rd: local.rdAddress, rs1: local.rs1Address },
    ...(rs2 && { rs2 }),
    ...(target && { target }),
    ...(immLo && { immLo }),
    ...(immHi && { immHi }),
  });
  namedAccess(builder, local, 'rs1', { now: clk, active });
  if (rs2) namedAccess(builder, local as Rs2Cells, 'rs2', { now: clk.plus(1), active });
  if (target) namedAccess(builder, local as Rs3Cells, 'rs3', { now: clk.plus(2), active });
  namedAccess(builder, local, 'rd', { now: clk.plus(3), active, written: result });
  if (immHi) roundingMode(builder, local as RoundingCells, active, clk.plus(4));
  if (raised !== undefined) accrue(builder, local as FlagsCells, active, clk.plus(5), raised);
}

function roundingMode(builder: Sender, cells: RoundingCells, active: Expr, now: Expr): void {
  const { immLo, immHi, mode, frmLo: lo, frmClk: clk, frmAgeLo: ageLo, frmAgeHi: ageHi } = cells;
  access(builder, { name: 'frm', ...fcsr(REGISTER.frm), lo, clk, ageLo, ageHi, now, active });
  builder.assertZero('the mode is that of the instruction or of frm', mode.minus(immLo).minus(immHi.times(lo)));
  builder.send('the mode is not reserved', RANGE_BUS, { claimed: [3, mode.plus(3)] }, active);
}

function accrue(builder: Sender, cells: FlagsCells, active: Expr, now: Expr, raised: Operand): void {
  const { fflagsLo: lo, fflagsClk: clk, fflagsAgeLo: ageLo, fflagsAgeHi: ageHi, accrued } = cells;
  const written = { lo: accrued, hi: 0 };
  access(builder, { name: 'fflags', ...fcsr(REGISTER.fflags), lo, clk, ageLo, ageHi, now, active, written });
  builder.send('the flags accrue', FLAGS_BUS, { given: [lo, raised], claimed: [accrued] }, active);
}

/** A part of fcsr on the memory bus: one small limb. */
const fcsr = (address: number): { space: number; address: Expr; hi: Expr } => ({
  space: SPACE.register,
  address: expr(address),
  hi: expr(0),
});
