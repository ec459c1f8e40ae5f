/** Public entry of `ulpvm/vm`: loading and running programs, and what chips and instructions of one's own are made of. */

// Shared buses of the machine's chips.
export * from './buses.ts';
// What a chip is, and the log its rows are filled from.
export { type Chip, EventLog, eventChip, type KnownRows, type TraceTable } from './chip.ts';
// The frame of an instruction chip: state, program look-up, register accesses, and its trace.
export {
  type Access,
  access,
  accessColumns,
  type Frame,
  frameColumns,
  instruction,
  namedAccess,
  type Sender,
} from './chips/frame.ts';
export { writeAccess, writeAge, writeFrame } from './chips/frame-trace.ts';
export { addUp, choose, type Limbs } from './chips/limbs.ts';
// Instructions rd = f(rs1, rs2 or immediate): columns, constraints, execution and trace in one call each.
export { immediateForm, operandChip, operandInstruction, registerForm } from './chips/operand-event.ts';
export { immediateColumns, operandColumns, operands, operandsOf } from './chips/operands.ts';
// Finite relations that chips look up.
export { type FixedTable, fixedTable } from './chips/table.ts';
// The record of a run that halted.
export type { Execution, MemoryWords } from './executor/execution.ts';
// Instructions as the machine knows them.
export {
  defineInstructionSet,
  fAddress,
  type Instruction,
  type InstructionSet,
  immediate,
  type ProgramFields,
  type ProgramRow,
  xAddress,
  xTarget,
} from './executor/instruction.ts';
// From an ELF image to a program.
export { loadProgram } from './executor/load.ts';
// The state of a running machine, for the step of an instruction.
export { Machine as Stepper } from './executor/machine.ts';
export type { ElfImage, Program, ProgramInput, Segment } from './executor/program.ts';
// Running a program to its end, and why it stopped.
export { type Halted, type RunOptions, type RunResult, run, type Trapped } from './executor/run.ts';
export type { SourceLine, Trap, TrapCause } from './executor/trap.ts';
// Encodings of instructions.
export type { Fields, Format, InstructionSpec } from './isa/instruction.ts';
export { KNOWN_INSTRUCTIONS } from './isa/known.ts';
export { opOf, specOf } from './isa/op.ts';
export { type Decoded, defineTable, type InstructionTable } from './isa/table.ts';
// Addresses and times.
export * from './space.ts';
