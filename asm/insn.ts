/**
 * `.insn`: an instruction by its fields, for those an assembler has no name for.
 *
 * `.insn r opcode, funct3, funct7, rd, rs1, rs2`, `r4` with funct3, funct2 and rs3, `i opcode, funct3, rd, imm(rs1)` or
 * `rd, rs1, imm`, `s opcode, funct3, rs2, imm(rs1)`, `b` or `sb opcode, funct3, rs1, rs2, target`, `u opcode, rd, imm`,
 * `j` or `uj opcode, rd, target`, and `.insn word`. Registers are of either file.
 *
 * Source: Using as, chapter 9.38.4 (RISC-V Instruction Formats).
 */

import type { Format, InstructionSpec } from '../vm/isa/instruction.ts';
import { F_NUMBERS } from '../vm/isa/registers.ts';
import { fail } from './diagnostic.ts';
import { chooseForm, slotsOf } from './form.ts';
import type { Program } from './program.ts';
import { textOf } from './source.ts';
import type { OperandNode, Statement } from './syntax.ts';

/** By the name of the format: the numbers before the operands, and the ways of writing these. */
const KINDS: Readonly<Record<string, { format: Format; numbers: readonly Part[]; syntaxes: readonly string[] }>> = {
  r: { format: 'R', numbers: ['opcode', 'funct3', 'funct7'], syntaxes: ['rd, rs1, rs2'] },
  r4: { format: 'R4', numbers: ['opcode', 'funct3', 'funct2'], syntaxes: ['rd, rs1, rs2, rs3'] },
  i: { format: 'I', numbers: ['opcode', 'funct3'], syntaxes: ['rd, imm(rs1)', 'rd, rs1, imm'] },
  s: { format: 'S', numbers: ['opcode', 'funct3'], syntaxes: ['rs2, imm(rs1)'] },
  b: { format: 'B', numbers: ['opcode', 'funct3'], syntaxes: ['rs1, rs2, target'] },
  u: { format: 'U', numbers: ['opcode'], syntaxes: ['rd, uimm'] },
  j: { format: 'J', numbers: ['opcode'], syntaxes: ['rd, target'] },
};
const SYNONYMS: Readonly<Record<string, string>> = { sb: 'b', uj: 'j' };

type Part = 'opcode' | 'funct2' | 'funct3' | 'funct7';
const LIMITS: Readonly<Record<Part, bigint>> = { opcode: 127n, funct2: 3n, funct3: 7n, funct7: 127n };

/**
 * Assembles a `.insn`.
 *
 * @param name the format, or undefined where there is none
 * @param statement the rest, with the operands after the format
 */
export function insnDirective(program: Program, name: string | undefined, statement: Statement): void {
  const { operands, span } = statement;
  if (name === undefined) {
    const [only] = operands;
    if (operands.length !== 1 || only?.kind !== 'expression') {
      throw fail('bad-operand', 'expected a format or a word', span, 'write `.insn r`, r4, i, s, b, u or j');
    }
    const word = program.numberNow(only.expression);
    if (word < 0n || word > 0xffffffffn || (word & 3n) !== 3n) {
      throw fail('value-out-of-range', `${word} is not an instruction of 32 bits`, span);
    }
    program.word(Number(word), span);
    return;
  }
  const kind = KINDS[SYNONYMS[name] ?? name];
  if (kind === undefined) {
    throw fail('bad-operand', `\`${name}\` is not a format`, span, 'write `.insn r`, r4, i, s, b, u or j');
  }
  const { format, numbers, syntaxes } = kind;
  const parts = numbers.map((part, i): [Part, number] => [part, partOf(program, operands[i], part, statement)]);
  const written = operands.slice(numbers.length);
  const specs = syntaxes.map((syntax) => spec(format, Object.fromEntries(parts), inFiles(syntax, written)));
  const forms = specs.map((one) => ({ syntax: one.syntax, slots: slotsOf(one.syntax), meaning: { spec: one } }));
  const { form, args } = chooseForm({ ...statement, operands: written }, forms);
  if ('spec' in form.meaning) program.place(form.meaning.spec, args, span);
}

function partOf(program: Program, node: OperandNode | undefined, part: Part, statement: Statement): number {
  if (node?.kind !== 'expression') {
    throw fail('operand-count', `\`.insn\` needs its ${part} here`, node?.span ?? statement.span);
  }
  const value = program.numberNow(node.expression);
  if (value < 0n || value > LIMITS[part] || (part === 'opcode' && (value & 3n) !== 3n)) {
    throw fail('value-out-of-range', `${value} is not an ${part}`, node.span);
  }
  return Number(value);
}

/** The syntax with `f` registers where they are written. */
function inFiles(syntax: string, operands: readonly OperandNode[]): string {
  const names = operands.map((node) => (node.kind === 'expression' ? textOf(node.span) : ''));
  return syntax
    .split(', ')
    .map((name, i) => (F_NUMBERS.has(names[i] ?? '') ? name.replace(/^r/, 'f') : name))
    .join(', ');
}

function spec(format: Format, parts: Partial<Record<Part, number>>, syntax: string): InstructionSpec {
  const { opcode = 0, ...rest } = parts;
  return { mnemonic: '.insn', op: 0, format, opcode, ...rest, syntax, summary: '' };
}
