/** Programs from instruction words, and the instructions of the base machine. */
import { ADD_INSTRUCTIONS } from '../../vm/chips/add/execute.ts';
import { BITWISE_INSTRUCTIONS } from '../../vm/chips/bitwise/execute.ts';
import { BRANCH_INSTRUCTIONS } from '../../vm/chips/branch/execute.ts';
import { COMPARE_INSTRUCTIONS } from '../../vm/chips/compare/execute.ts';
import { DIVIDE_INSTRUCTIONS } from '../../vm/chips/divide/execute.ts';
import { SYSTEM_INSTRUCTIONS } from '../../vm/chips/halt/execute.ts';
import { JUMP_INSTRUCTIONS } from '../../vm/chips/jump/execute.ts';
import { LOAD_INSTRUCTIONS } from '../../vm/chips/load/execute.ts';
import { MULTIPLY_INSTRUCTIONS } from '../../vm/chips/multiply/execute.ts';
import { SHIFT_INSTRUCTIONS } from '../../vm/chips/shift/execute.ts';
import { STORE_INSTRUCTIONS } from '../../vm/chips/store/execute.ts';
import { UPPER_INSTRUCTIONS } from '../../vm/chips/upper/execute.ts';
import { defineInstructionSet, type Instruction } from '../../vm/executor/instruction.ts';
import { loadProgram } from '../../vm/executor/load.ts';
import type { Program } from '../../vm/executor/program.ts';
import { operandsOf } from '../../vm/isa/instruction.ts';
import { TEXT_BASE } from '../../vm/space.ts';

/** Those that have no floating-point registers. */
export const BASE_INSTRUCTIONS: readonly Instruction[] = [
  ...[ADD_INSTRUCTIONS, BITWISE_INSTRUCTIONS, BRANCH_INSTRUCTIONS, COMPARE_INSTRUCTIONS, JUMP_INSTRUCTIONS],
  ...[SHIFT_INSTRUCTIONS, MULTIPLY_INSTRUCTIONS, DIVIDE_INSTRUCTIONS],
  ...[LOAD_INSTRUCTIONS, STORE_INSTRUCTIONS, UPPER_INSTRUCTIONS, SYSTEM_INSTRUCTIONS],
]
  .flat()
  .filter(({ spec }) => operandsOf(spec.syntax).every(({ register }) => register !== 'f'));

/** The words as text at TEXT_BASE, entered at its start, readable as data too. */
export function programOf(words: readonly number[], instructions: readonly Instruction[] = BASE_INSTRUCTIONS): Program {
  const bytes = new Uint8Array(Uint32Array.from(words).buffer);
  const text = { address: TEXT_BASE, bytes, memoryBytes: bytes.length, write: false, execute: true };
  return loadProgram({ entry: TEXT_BASE, segments: [text] }, defineInstructionSet(instructions));
}
