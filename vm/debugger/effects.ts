/** Which registers an instruction names as sources and as its target, by register address. */
import type { ProgramRow } from '../executor/instruction.ts';
import { operandsOf } from '../isa/instruction.ts';
import { F_NAMES, F_NUMBERS, X_NAMES, X_NUMBERS } from '../isa/registers.ts';
import { REGISTER } from '../space.ts';

export interface RegisterOperands {
  readonly read: readonly number[];
  readonly written: readonly number[];
}

const known = new WeakMap<ProgramRow, RegisterOperands>();

/** x0 is neither read nor written: it is a constant. */
export function registerOperands(row: ProgramRow): RegisterOperands {
  const before = known.get(row);
  if (before !== undefined) return before;
  const [read, written]: [number[], number[]] = [[], []];
  const { spec, fields } = row;
  for (const { register, field } of operandsOf(spec.syntax)) {
    if (register === undefined || (register === 'x' && fields[field] === 0)) continue;
    const address = (register === 'x' ? REGISTER.x0 : REGISTER.f0) + fields[field];
    (field === 'rd' ? written : read).push(address);
    // Accumulating instructions read their target: their row says `fd += ..`.
    if (field === 'rd' && spec.summary.startsWith('fd +=')) read.push(address);
  }
  const operands = { read, written };
  known.set(row, operands);
  return operands;
}

/** The ABI name of any register address but the sink's. */
export function registerName(address: number): string {
  if (address < REGISTER.f0) return X_NAMES[address]!;
  return F_NAMES[address - REGISTER.f0] ?? (address === REGISTER.frm ? 'frm' : 'fflags');
}

/** The address of a register by any of its names. */
export function registerAddress(name: string): number | undefined {
  const x = X_NUMBERS.get(name);
  if (x !== undefined) return REGISTER.x0 + x;
  if (name === 'frm') return REGISTER.frm;
  if (name === 'fflags') return REGISTER.fflags;
  const f = F_NUMBERS.get(name);
  return f === undefined ? undefined : REGISTER.f0 + f;
}

export const isFloatRegister = (address: number): boolean => address >= REGISTER.f0 && address < REGISTER.sink;
