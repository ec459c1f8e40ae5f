/** Operand values to instruction fields, with the range of each. Source: RISC-V Unprivileged ISA, chapters 2.2 to 2.5. */

import type { Fields, OperandName } from '../vm/isa/instruction.ts';
import { fail } from './diagnostic.ts';
import type { Span } from './source.ts';
import type { ModifierName } from './syntax.ts';

/** Unsigned operands and their highest value. */
const HIGHEST: Partial<Record<OperandName, number>> = {
  uimm: 0xfffff,
  shamt: 31,
  csr: 4095,
  zimm: 31,
  id: 4095,
  rm: 7,
  pred: 15,
  succ: 15,
};

/**
 * The fields of a numeric operand.
 *
 * @param value any integer; addresses are below 2^32
 * @param pc the instruction's address, for the operand `target`
 * @throws DiagnosticError if the value does not fit
 */
export function immediateFields(operand: OperandName, value: bigint, span: Span, pc: number): Partial<Fields> {
  if (operand === 'target') return { imm: branchOffset(value, span, pc) };
  const highest = HIGHEST[operand];
  if (highest === undefined) return { imm: signed12(value, span) };
  if (value < 0n || value > BigInt(highest)) {
    const help = operand === 'uimm' ? 'give the upper 20 bits, or the whole constant to `li`' : undefined;
    throw fail('immediate-out-of-range', `${NOUNS[operand]} ${value} is not in 0 to ${highest}`, span, help);
  }
  const number = Number(value);
  if (operand === 'rm') return { rm: number };
  if (operand === 'zimm') return { rs1: number };
  if (operand === 'uimm') return { imm: number << 12 };
  return { imm: operand === 'pred' ? number << 4 : number };
}

const NOUNS: Partial<Record<OperandName, string>> = {
  uimm: 'upper immediate',
  shamt: 'shift amount',
  csr: 'csr number',
  zimm: 'immediate',
  id: 'assertion id',
  rm: 'rounding mode',
  pred: 'fence set',
  succ: 'fence set',
};

/**
 * Checks that a branch or jump reaches its target and gives the offset.
 *
 * @param reach offsets are in [-reach, reach)
 */
export function checkReach(offset: number, reach: number, span: Span): void {
  if (offset >= -reach && offset < reach) return;
  const help =
    reach === 4096
      ? 'branch around a jump: invert the condition and use `j` for the far target'
      : 'use `call`, `tail` or `jump`, which reach every address';
  throw fail('branch-out-of-range', `the target is ${offset} bytes away, it must be within ${reach}`, span, help);
}

/** The field value of `%hi` and its like. `value` is an address, or an offset from the pc. */
export function modifiedImmediate(modifier: ModifierName, value: bigint): number {
  const word = Number(BigInt.asIntN(32, value));
  // The low part is sign-extended, so the upper part rounds to the nearest multiple of 4096.
  const low = (word << 20) >> 20;
  return modifier === '%lo' || modifier === '%pcrel_lo' ? low : (word - low) | 0;
}

function branchOffset(value: bigint, span: Span, pc: number): number {
  const offset = Number(BigInt.asIntN(32, value - BigInt(pc)));
  if (offset % 4 !== 0) throw fail('misaligned-target', 'instructions are at multiples of 4 bytes', span);
  return offset;
}

/** 32-bit patterns of negative numbers (0xfffff800 and above) are taken as those numbers, as GNU as does. */
function signed12(value: bigint, span: Span): number {
  const number = value >= 0xfffff800n && value <= 0xffffffffn ? value - (1n << 32n) : value;
  if (number >= -2048n && number <= 2047n) return Number(number);
  const message = `immediate ${value} does not fit in 12 signed bits (-2048 to 2047)`;
  throw fail('immediate-out-of-range', message, span, `load it into a register first: \`li t0, ${value}\``);
}
