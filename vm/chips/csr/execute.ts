/**
 * Control and status registers. Source: RISC-V Unprivileged ISA, chapters 6 (Zicsr), 7 (counters) and 21.2 (fcsr).
 *
 * Decoding turns the six instructions on three registers into one, `csrrw` with a code of `fcsrCode` in immHi, and reads of
 * counters into `csrrs` without operands, or, for the upper half, into an addition of zeros. Any other register, and a write
 * to a counter, is no instruction of the machine.
 */
import {
  type Instruction,
  type ProgramFields,
  type ProgramRow,
  xAddress,
  xTarget,
} from '../../executor/instruction.ts';
import type { Machine } from '../../executor/machine.ts';
import type { Fields } from '../../isa/instruction.ts';
import { opOf, specOf } from '../../isa/op.ts';
import { CSR_NUMBERS } from '../../isa/zicsr.ts';
import { CLK_START, CLK_STEP, REGISTER } from '../../space.ts';
import { ADD_INSTRUCTIONS } from '../add/execute.ts';
import { type CsrAction, type FcsrName, readFcsr, updateFcsr } from './semantics.ts';

/** Logs of the two chips. */
export const CSR_CHIP = 'csr';
export const COUNTER_CHIP = 'counter';
/**
 * pc, clk, rs1 | rd << 8 | immLo << 16 | immHi << 24, value of rs1, of rd before, frm | fflags << 8 before, time of the
 * access before to rs1, to rd, to frm, to fflags.
 */
export const CSR_EVENT_WORDS = 10;
/** pc, clk, rd, value of rd before, time of the access before to rd. */
export const COUNTER_EVENT_WORDS = 5;

const FCSR_NAMES: readonly FcsrName[] = ['fflags', 'frm', 'fcsr'];
const ACTIONS: readonly CsrAction[] = ['write', 'set', 'clear'];
const LOW = ['cycle', 'time', 'instret'].map((name) => CSR_NUMBERS[name]!);
const HIGH = ['cycleh', 'timeh', 'instreth'].map((name) => CSR_NUMBERS[name]!);

/** immHi of an instruction on a part of fcsr: the bits isFrm, isFcsr, isSet, isClear of the chip. */
export const fcsrCode = (name: FcsrName, action: CsrAction): number =>
  FCSR_NAMES.indexOf(name) + 4 * ACTIONS.indexOf(action);
/** The inverse of `fcsrCode`. */
export const fcsrOf = (code: number): { readonly name: FcsrName; readonly action: CsrAction } => ({
  name: FCSR_NAMES[code & 3]!,
  action: ACTIONS[code >>> 2]!,
});

const [FCSR, COUNTER, ADD] = [opOf('csrrw'), opOf('csrrs'), opOf('add')];
const zero = ADD_INSTRUCTIONS.find(({ spec }) => spec.op === ADD)!;

export const CSR_INSTRUCTIONS: readonly Instruction[] = [
  ...ACTIONS.map((action, i) => csrInstruction(['csrrw', 'csrrs', 'csrrc'][i]!, action, false)),
  ...ACTIONS.map((action, i) => csrInstruction(['csrrwi', 'csrrsi', 'csrrci'][i]!, action, true)),
];

function csrInstruction(mnemonic: string, action: CsrAction, isImmediate: boolean): Instruction {
  return {
    spec: specOf(mnemonic),
    decode: (fields) => decode(fields, action, isImmediate),
    execute(machine, row) {
      if (row.op === FCSR) executeFcsr(machine, row);
      else if (row.op === COUNTER) executeCounter(machine, row);
      else executeUpper(machine, row);
    },
  };
}

function decode({ rd, rs1, imm }: Fields, action: CsrAction, isImmediate: boolean): ProgramFields | undefined {
  const name = FCSR_NAMES.find((part) => CSR_NUMBERS[part] === imm);
  const target = xTarget(rd);
  if (name !== undefined) {
    const source = isImmediate ? { rs1: xAddress(0), immLo: rs1 } : { rs1: xAddress(rs1) };
    return { op: FCSR, rd: target, ...source, immHi: fcsrCode(name, action) };
  }
  // Setting or clearing no bits is a read; anything else would write.
  if (action === 'write' || rs1 !== 0) return undefined;
  if (LOW.includes(imm)) return { op: COUNTER, rd: target };
  return HIGH.includes(imm) ? { op: ADD, rd: target, rs1: xAddress(0), rs2: xAddress(0) } : undefined;
}

function executeFcsr(machine: Machine, { rd, rs1, immLo, immHi }: ProgramRow): void {
  const { registers, clk } = machine;
  const before = { frm: registers[REGISTER.frm]!, fflags: registers[REGISTER.fflags]! };
  const value = registers[rs1]!;
  const { name, action } = fcsrOf(immHi);
  const log = machine.log(CSR_CHIP);
  if (log !== undefined) {
    const at = log.push();
    const { words } = log;
    words[at] = machine.pc;
    words[at + 1] = clk;
    words[at + 2] = rs1 | (rd << 8) | (immLo << 16) | (immHi << 24);
    words[at + 3] = value;
    words[at + 4] = registers[rd]!;
    words[at + 5] = before.frm | (before.fflags << 8);
    words[at + 6] = machine.touchRegister(rs1, clk);
    words[at + 7] = machine.touchRegister(rd, clk + 3);
    words[at + 8] = machine.touchRegister(REGISTER.frm, clk + 4);
    words[at + 9] = machine.touchRegister(REGISTER.fflags, clk + 5);
  }
  const after = updateFcsr(name, action, before, (value + immLo) >>> 0);
  registers[rd] = readFcsr(name, before);
  registers[REGISTER.frm] = after.frm;
  registers[REGISTER.fflags] = after.fflags;
  machine.next();
}

/** Instructions completed. */
const countOf = ({ clk }: Machine): number => (clk - CLK_START) / CLK_STEP;

function executeCounter(machine: Machine, { rd }: ProgramRow): void {
  const { registers, clk } = machine;
  const log = machine.log(COUNTER_CHIP);
  if (log !== undefined) {
    const at = log.push();
    const { words } = log;
    words[at] = machine.pc;
    words[at + 1] = clk;
    words[at + 2] = rd;
    words[at + 3] = registers[rd]!;
    words[at + 4] = machine.touchRegister(rd, clk + 3);
  }
  registers[rd] = countOf(machine) % 2 ** 32;
  machine.next();
}

/** 0 as long as the run can be proven; a run that does not record may be longer. */
function executeUpper(machine: Machine, row: ProgramRow): void {
  const upper = Math.floor(countOf(machine) / 2 ** 32);
  zero.execute(machine, row);
  if (upper !== 0) machine.registers[row.rd] = upper;
}
