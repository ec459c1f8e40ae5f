/**
 * Single instructions on a machine made for the test: decoded by the chip, executed, recorded and written to its trace,
 * so that a chip's test starts from rows that its own executor side produced.
 */
import type { Rows } from '../stark/air/check.ts';
import { type Chip, checkCells, EventLog } from '../vm/chip.ts';
import type { Execution } from '../vm/executor/execution.ts';
import type { Instruction, ProgramRow } from '../vm/executor/instruction.ts';
import { Machine } from '../vm/executor/machine.ts';
import type { Program, ProgramInput } from '../vm/executor/program.ts';
import type { Fields } from '../vm/isa/instruction.ts';
import { REGISTER, TEXT_BASE } from '../vm/space.ts';

/** Where the text ends and zero-initialised RAM starts: room for 256 instructions. */
const RAM_BASE = TEXT_BASE + 1024;

export interface Step {
  readonly mnemonic: string;
  readonly fields?: Partial<Fields>;
  /** Registers set before this step, by address (f0 is 32): what the program did so far. */
  readonly registers?: Readonly<Record<number, number>>;
  /** RAM words set before this step, by word address. */
  readonly ram?: Readonly<Record<number, number>>;
  /** Where the instruction is. Default: the slot after the last one. */
  readonly pc?: number;
}

export interface Stepped {
  readonly machine: Machine;
  /** The decoded instructions, in order. */
  readonly rows: readonly ProgramRow[];
  /** The trace of a chip. */
  trace(chip: Chip): Rows;
}

/**
 * Executes the steps. Before the first one every access of it is aged: its word was last accessed 2^16 + 1 earlier, so
 * that both limbs of every age have room for a forgery.
 */
export function stepped(
  instructions: readonly Instruction[],
  chips: readonly (Chip & { readonly eventWords: number })[],
  steps: readonly Step[],
  input: ProgramInput = {},
): Stepped {
  const logs = new Map(chips.map((chip) => [chip.air.name, new EventLog(chip.eventWords)]));
  const machine = new Machine(emptyProgram, input, logs);
  machine.clk = 2 ** 17 + 1;
  const rows: ProgramRow[] = [];
  for (const { mnemonic, fields = {}, registers = {}, ram = {}, pc = TEXT_BASE + 4 * rows.length } of steps) {
    const instruction = instructions.find(({ spec }) => spec.mnemonic === mnemonic);
    if (instruction === undefined) throw new RangeError(`mnemonic: expected one of the chip, got ${mnemonic}`);
    const row = programRow(instruction, fields, pc);
    if (row === undefined) throw new RangeError(`fields: expected an instruction of the machine, got ${mnemonic}`);
    for (const [address, value] of Object.entries(registers)) machine.registers[Number(address)] = value;
    for (const [word, value] of Object.entries(ram)) machine.ram.write(Number(word), value);
    if (rows.length === 0) {
      const past = machine.clk - 2 ** 16 - 1;
      for (let address = 0; address < REGISTER.count; address++) machine.registerClk[address] = past;
      machine.registerClk[row.rs2] = past + 1;
      for (const word of Object.keys(ram)) machine.ram.touch(Number(word), past + 2);
      if (instruction.spec.format === 'R4') machine.registerClk[REGISTER.f0 + row.fields.rs3] = past + 2;
      machine.registerClk[row.rd] = past + 3;
      machine.registerClk[REGISTER.frm] = past + 4;
      machine.registerClk[REGISTER.fflags] = past + 5;
    }
    machine.pc = pc;
    instruction.execute(machine, row);
    rows.push(row);
  }
  return { machine, rows, trace: (chip) => traceOf(chip, { ...machine, logs } as unknown as Execution) };
}

/** A program without text or data, with RAM from word `ramBase` on. */
export const emptyProgram: Program = {
  entry: TEXT_BASE,
  textBase: TEXT_BASE,
  rows: [],
  image: { address: new Uint32Array(0), value: new Uint32Array(0) },
  ramBase: RAM_BASE / 4,
  symbols: [],
  lineOf: () => undefined,
  assertions: new Map(),
};

/** The row of the program table; undefined if the machine has no such instruction. Fields left out are 0. */
export function programRow(instruction: Instruction, fields: Partial<Fields>, pc: number): ProgramRow | undefined {
  const all: Fields = { rd: 0, rs1: 0, rs2: 0, rs3: 0, imm: 0, rm: 0, ...fields };
  const decoded = instruction.decode(all, pc);
  if (decoded === undefined) return undefined;
  const program = { rd: 0, rs1: 0, rs2: 0, immLo: 0, immHi: 0, target: 0, ...decoded };
  const imm = (program.immLo | (program.immHi << 16)) >>> 0;
  return { ...program, pc, fields: all, imm, spec: instruction.spec, instruction };
}

/** The rows of a chip without padding, stride as wide as the table. */
export function traceOf(chip: Chip, execution: Execution): Rows {
  const stride = Math.ceil(chip.air.main.length / 4) * 4;
  const numRows = chip.rows(execution);
  const cells = new Uint32Array(numRows * stride);
  chip.fill(execution, { cells, stride });
  checkCells(chip.air, { cells, stride }, numRows);
  return {
    main: Array.from({ length: numRows }, (_, row) =>
      Array.from(cells.subarray(row * stride, row * stride + chip.air.main.length)),
    ),
  };
}

/** The all-zero padding row. */
export const paddingRow = (chip: Chip): Rows => ({ main: [new Array<number>(chip.air.main.length).fill(0)] });
