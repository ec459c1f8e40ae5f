/**
 * Events of the I/O instructions, which read one register, add an immediate to it, and access a second one:
 * pc, clk, imm, then address, value before and time of the access before, for both registers.
 */
import type { EventLog } from '../chip.ts';
import type { ProgramRow } from '../executor/instruction.ts';
import type { Machine } from '../executor/machine.ts';
import { writeAccess, writeFrame } from './frame-trace.ts';

export const IO_EVENT_WORDS = 9;

/** Appends an event: rs1 is accessed at clk, register `second` at clk + after. Returns the offset of its first word. */
export function pushIo(log: EventLog, machine: Machine, row: ProgramRow, second: number, after: number): number {
  const at = log.push();
  const { words } = log;
  const { clk, registers } = machine;
  words[at] = machine.pc;
  words[at + 1] = clk;
  words[at + 2] = row.imm;
  words[at + 3] = row.rs1;
  words[at + 4] = registers[row.rs1]!;
  words[at + 5] = machine.touchRegister(row.rs1, clk);
  words[at + 6] = second;
  words[at + 7] = registers[second]!;
  words[at + 8] = machine.touchRegister(second, clk + after);
  return at;
}

/** Writes the frame and both accesses of an event; `second` is the offset of the second access's columns, at time clk + after. */
export function writeIo(
  cells: Uint32Array,
  row: number,
  words: Uint32Array,
  at: number,
  offsets: { readonly isReal: number; readonly rs1Address: number; readonly second: number; readonly after: number },
): void {
  const clk = words[at + 1]!;
  writeFrame(cells, row + offsets.isReal, words[at]!, clk);
  writeAccess(cells, row + offsets.rs1Address, words[at + 3]!, words[at + 4]!, words[at + 5]!, clk);
  const secondTime = clk + offsets.after;
  writeAccess(cells, row + offsets.second, words[at + 6]!, words[at + 7]!, words[at + 8]!, secondTime);
}
