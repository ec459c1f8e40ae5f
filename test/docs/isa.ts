/** Writes `docs/isa.md`: the instructions of the machine, their encodings, and which chip proves each. */
import type { Extension } from '../../machine/machine.ts';
import { FP32_FUNCTION_BUS } from '../../precompiles/fp32-function-call/bus.ts';
import { type Air, tupleOf } from '../../stark/air/air.ts';
import { type Column, columnsOf, type Expr, evaluate } from '../../stark/air/expr.ts';
import * as F from '../../stark/field/koala-bear.ts';
import { reduce } from '../../stark/field/koala-bear.ts';
import { PROGRAM_BUS } from '../../vm/buses.ts';
import type { Instruction } from '../../vm/executor/instruction.ts';
import { encode, fieldsOf } from '../../vm/isa/encoding.ts';
import { F as FLOAT } from '../../vm/isa/f.ts';
import type { FieldName, InstructionSpec } from '../../vm/isa/instruction.ts';
import { KNOWN_INSTRUCTIONS } from '../../vm/isa/known.ts';
import { M } from '../../vm/isa/m.ts';
import { RV32I } from '../../vm/isa/rv32i.ts';
import { XULP } from '../../vm/isa/xulp.ts';
import { ZFBFMIN } from '../../vm/isa/zfbfmin.ts';
import { CSR_NUMBERS, ZICSR } from '../../vm/isa/zicsr.ts';
import { ISA_TEXT } from './isa-text.ts';
import { markdownTable } from './table.ts';

const SETS: readonly (readonly [title: string, specs: readonly InstructionSpec[]])[] = [
  ['RV32I', RV32I],
  ['M', M],
  ['F', FLOAT],
  ['Zicsr', ZICSR],
  ['Zfbfmin', ZFBFMIN],
  ['Xulp', XULP],
];

export function isaDocument(extensions: readonly Extension[]): string {
  const instructions = new Map<string, { instruction: Instruction; extension: Extension }>();
  for (const extension of extensions) {
    for (const instruction of extension.instructions ?? []) {
      instructions.set(instruction.spec.mnemonic, { instruction, extension });
    }
  }
  const tables = SETS.flatMap(([title, specs]) => {
    const rows = specs.flatMap((spec) => {
      const known = instructions.get(spec.mnemonic);
      return known === undefined ? [] : [instructionRow(known.instruction, known.extension)];
    });
    if (rows.length === 0) return [];
    return [`### ${title}`, markdownTable(['instruction', 'encoding, from bit 31 down', 'meaning', 'proven by'], rows)];
  });
  const missing = KNOWN_INSTRUCTIONS.specs.map(({ mnemonic }) => mnemonic).filter((name) => !instructions.has(name));
  return `${[
    ...ISA_TEXT,
    '## Instructions',
    TABLES,
    ...tables,
    ...(missing.length === 0
      ? []
      : [
          '### Encoded, but not of this machine',
          `Tools that read any program know these too; here their words are illegal instructions: ${missing.map((name) => `\`${name}\``).join(', ')}.`,
        ]),
  ].join('\n\n')}\n`;
}

const TABLES = `Encodings of the standard sets are those of the RISC-V Unprivileged ISA (20240411) and of the BF16 extensions 1.0. "As \`x\`" says that decoding turns the instruction into another one: \`addi\` is \`add\` with register x0 and an immediate, and so on; the chip then proves that one. [chips.md](chips.md) describes the chips.`;

function instructionRow({ spec, decode }: Instruction, { chips = [] }: Extension): string[] {
  // An instruction on a register of its own: fcsr.
  const fields = spec.syntax.includes('csr') ? { imm: CSR_NUMBERS['fcsr']! } : {};
  const { op } = decode(fieldsOf(spec, encode(spec, fields)), 0)!;
  const provers = chips
    .filter(({ air }) => opsOf(air).has(op) || functionsOf(air, chips).has(op))
    .map(({ air }) => air.name);
  const proven = KNOWN_INSTRUCTIONS.byOp(op)!.mnemonic;
  const by = provers.map((name) => `[${name}](chips.md#${name})`).join(', ');
  const how = provers.length === 0 ? 'nothing: it traps' : op === spec.op ? by : `${by}, as \`${proven}\``;
  return [
    `\`${spec.mnemonic}${spec.syntax === '' ? '' : ` ${spec.syntax}`}\``,
    `\`${encodingText(spec)}\``,
    spec.summary,
    how,
  ];
}

/** The ids that a chip looks up in the program: its `op` is a polynomial in bits. */
const opsOf = (air: Air): Set<number> =>
  new Set(
    air.interactions.flatMap((i) =>
      i.bus.name === PROGRAM_BUS.name && i.direction === 'send' ? valuesOf(tupleOf(i)[1]!) : [],
    ),
  );

/**
 * The functions that a chip answers for on `fp32-function`; all that its chips answer for if it asks for whatever function
 * the program says.
 */
function functionsOf(air: Air, chips: readonly { readonly air: Air }[]): Set<number> {
  const uses = air.interactions.filter(({ bus }) => bus.name === FP32_FUNCTION_BUS.name);
  const isCall = uses.some(({ direction }) => direction === 'send');
  const answers = isCall ? chips.flatMap((chip) => chip.air.interactions) : uses;
  return new Set(
    answers.flatMap((i) =>
      i.bus.name === FP32_FUNCTION_BUS.name && i.direction === 'receive' ? valuesOf(tupleOf(i)[0]!) : [],
    ),
  );
}

/** The values of a polynomial in bits. */
function valuesOf(polynomial: Expr): number[] {
  const columns = new Set<Column>();
  columnsOf(polynomial, (column) => columns.add(column));
  const bits = [...columns];
  return Array.from({ length: 2 ** bits.length }, (_, choice) => {
    const column = (of: Column): F.Felt => reduce((choice >>> bits.indexOf(of)) & 1);
    return evaluate<F.Felt>(polynomial, { constant: (value) => value, column, add: F.add, sub: F.sub, mul: F.mul });
  });
}

const binary = (value: number, digits: number): string => value.toString(2).padStart(digits, '0');

/** Fields and fixed bits in the order of the word. */
function encodingText(spec: InstructionSpec): string {
  const field = (name: FieldName, digits = 5): string => {
    const fixed = spec.fixed?.[name];
    return fixed === undefined ? name : binary(fixed, digits);
  };
  const funct3 = spec.funct3 === undefined ? 'rm' : binary(spec.funct3, 3);
  const [rd, rs1, rs2, opcode] = [field('rd'), field('rs1'), field('rs2'), binary(spec.opcode, 7)];
  const upper = binary(spec.funct7 ?? 0, 7);
  const words: Record<InstructionSpec['format'], string[]> = {
    R: [upper, rs2, rs1, funct3, rd, opcode],
    R4: [field('rs3'), binary(spec.funct2 ?? 0, 2), rs2, rs1, funct3, rd, opcode],
    I: [spec.fixed?.imm === undefined ? 'imm[11:0]' : binary(spec.fixed.imm & 0xfff, 12), rs1, funct3, rd, opcode],
    shift: [upper, 'shamt', rs1, funct3, rd, opcode],
    S: ['imm[11:5]', rs2, rs1, funct3, 'imm[4:0]', opcode],
    B: ['imm[12|10:5]', rs2, rs1, funct3, 'imm[4:1|11]', opcode],
    U: ['imm[31:12]', rd, opcode],
    J: ['imm[20|10:1|11|19:12]', rd, opcode],
  };
  return words[spec.format].join(' ');
}
