/** One instruction word to text that assembles to the same word. */

import type { Fields, InstructionSpec, Operand } from '../vm/isa/instruction.ts';
import { operandsOf } from '../vm/isa/instruction.ts';
import { F_NAMES, ROUNDING_MODES, X_NAMES } from '../vm/isa/registers.ts';
import type { InstructionTable } from '../vm/isa/table.ts';
import { CSR_NUMBERS } from '../vm/isa/zicsr.ts';
import { FENCE_TSO } from './pseudo.ts';
import { pseudoReading } from './pseudo-names.ts';

export interface DisassembleOptions {
  /** The instruction's address; without it branch targets are written `. + 8`. */
  readonly pc?: number;
  /** The name of an address, if it has one. */
  readonly nameOf?: (address: number) => string | undefined;
  /** Prefer the pseudo-instruction that it reads as: `ret` for `jalr zero, 0(ra)`. */
  readonly pseudo?: boolean;
}

/** The instruction as its row writes it, or as a pseudo-instruction if that is asked for; `.word 0x..` if the table has none. */
export function disassemble(word: number, table: InstructionTable, options: DisassembleOptions = {}): string {
  const decoded = table.decode(word);
  if (decoded === undefined) return `.word 0x${(word >>> 0).toString(16).padStart(8, '0')}`;
  const { spec, fields } = decoded;
  // The sets of a fence are written, its mode is not.
  if (spec.mnemonic === 'fence' && fields.imm >>> 8 !== 0) {
    return word >>> 0 === FENCE_TSO ? 'fence.tso' : `.insn 0x${(word >>> 0).toString(16)}`;
  }
  const reading = options.pseudo === true ? pseudoReading(spec, fields) : undefined;
  const operands = operandsOf(spec.syntax);
  const { mnemonic, syntax } = reading ?? spec;
  let text = '';
  for (const { name, base } of operandsOf(syntax)) {
    const operand = operands[reading?.position.get(name) ?? operands.findIndex((one) => one.name === name)]!;
    const written = writeOperand(spec, operand, fields, options);
    if (written === undefined) continue;
    if (base) text += `(${written})`;
    else text += text === '' ? written : `, ${written}`;
  }
  return text === '' ? mnemonic : `${mnemonic} ${text}`;
}

/** One operand, or undefined for a rounding mode that may be left out. */
function writeOperand(
  spec: InstructionSpec,
  { name, field, register, optional }: Operand,
  fields: Fields,
  { pc, nameOf }: DisassembleOptions,
): string | undefined {
  const value = fields[field];
  if (register !== undefined) return (register === 'x' ? X_NAMES : F_NAMES)[value]!;
  switch (name) {
    case 'rm':
      return optional && value === ROUNDING_MODES['dyn'] ? undefined : keyOf(ROUNDING_MODES, value);
    case 'csr':
      return keyOf(CSR_NUMBERS, value) ?? `0x${value.toString(16)}`;
    case 'uimm':
      return `0x${(value >>> 12).toString(16)}`;
    case 'pred':
      return fenceSet(value >> 4);
    case 'succ':
      return fenceSet(value);
    case 'target': {
      if (pc === undefined) return value < 0 ? `. - ${-value}` : `. + ${value}`;
      const address = (pc + value) >>> 0;
      return nameOf?.(address) ?? `0x${address.toString(16)}`;
    }
    default:
      return spec.format === 'shift' ? String(value & 31) : String(value);
  }
}

function fenceSet(bits: number): string {
  const letters = [...'iorw'].filter((_, i) => (bits & (8 >> i)) !== 0).join('');
  return letters === '' ? '0' : letters;
}

function keyOf(names: Readonly<Record<string, number>>, value: number): string | undefined {
  return Object.keys(names).find((name) => names[name] === value);
}
