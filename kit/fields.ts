/** Random instructions: fields that an instruction's syntax allows, and operands that it may not trap on. */
import { type Fields, type InstructionSpec, operandsOf } from '../vm/isa/instruction.ts';
import type { Random } from './random.ts';

const WORD_EDGES = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x3f80_0000, 0x7f7f_ffff, 0x7f80_0000, 0x7fc0_0000,
  0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xff80_0000, 0xffff_0000, 0xffff_ffff,
];

/** fflags, frm, fcsr, and the counters of Zicntr. */
const CSRS = [1, 2, 3, 0xc00, 0xc01, 0xc02, 0xc80, 0xc81, 0xc82];

/** A u32: an edge, any word, or one of 16 bits. */
export function randomWord(random: Random): number {
  const kind = random.below(3);
  return kind === 0 ? random.pick(WORD_EDGES) : kind === 1 ? random.u32() : random.below(2 ** 16);
}

/** FP32 patterns of nearby exponents, whose sums and products are neither 0 nor infinite. */
const randomFloat = (random: Random): number =>
  ((random.below(2) * 2 ** 31 + (112 + random.below(30)) * 2 ** 23 + random.below(2 ** 23)) | 0) >>> 0;

/** Values for the registers that an instruction reads, all drawn the same way. */
export type OperandKind = 'words' | 'floats' | 'RAM addresses' | 'multiples of 32' | 'small numbers' | 'one word';
export const OPERAND_KINDS: readonly OperandKind[] = [
  'words',
  'floats',
  'RAM addresses',
  'multiples of 32',
  'small numbers',
  'one word',
];

/** @param ramBase byte address of RAM that the instruction may access, a multiple of 64 */
export function randomOperand(random: Random, kind: OperandKind, ramBase: number): number {
  switch (kind) {
    case 'words':
    case 'one word':
      return randomWord(random);
    case 'floats':
      return randomFloat(random);
    case 'RAM addresses':
      return ramBase + 64 * random.below(4);
    case 'multiples of 32':
      return 32 * random.below(8);
    case 'small numbers':
      return random.below(6);
  }
}

/** Fields that the format can hold. */
export function randomFields(spec: InstructionSpec, random: Random): Fields {
  const names = new Set(operandsOf(spec.syntax).map(({ name }) => name));
  // x0 is a register of its own kind: a source of zero, and no destination.
  const register = (): number => (random.below(8) === 0 ? 0 : random.below(32));
  const fields = { rd: register(), rs1: register(), rs2: register(), rs3: register(), rm: random.below(5) };
  const used = new Set(operandsOf(spec.syntax).map(({ field }) => field));
  const kept = Object.fromEntries(Object.entries(fields).map(([name, v]) => [name, used.has(name as never) ? v : 0]));
  return { ...(kept as Omit<Fields, 'imm'>), imm: randomImmediate(spec, names, random), ...spec.fixed };
}

function randomImmediate(spec: InstructionSpec, names: ReadonlySet<string>, random: Random): number {
  if (names.has('csr')) return random.pick(CSRS);
  // Small ids choose among functions.
  if (names.has('id')) return random.below(random.below(2) === 0 ? 8 : 4096);
  const word = random.u32();
  switch (spec.format) {
    case 'I':
    case 'S':
      // Addresses are multiples of 32, so that a multiple of 4 keeps every access aligned.
      return random.below(2) === 0
        ? 0
        : names.has('imm') && spec.syntax.includes('(')
          ? 4 * random.below(8)
          : word >> 20;
    case 'B':
      return (word >> 19) & -4;
    case 'U':
      return word & -4096;
    case 'J':
      return ((word >> 11) & -4) % 2 ** 15;
    case 'shift':
      return random.below(32);
    default:
      return 0;
  }
}
