/**
 * The pseudo-instruction that an instruction reads as: `addi a0, a1, 0` is `mv a0, a1`. From the same rows as the
 * assembler's expansion, so what is printed assembles to the same word.
 *
 * Only rows with one instruction count, and only those that say something: a literal operand or one operand twice. A
 * permutation of operands alone (`bgt` for `blt`) would read every such instruction both ways. The row with the most
 * literals wins: `ret` before `jr ra` before `jalr`.
 */

import { type Fields, type InstructionSpec, operandsOf } from '../vm/isa/instruction.ts';
import { ROUNDING_MODES, X_NUMBERS } from '../vm/isa/registers.ts';
import { CSR_NUMBERS } from '../vm/isa/zicsr.ts';
import { PSEUDO_INSTRUCTIONS, type Pseudo } from './pseudo.ts';

/** A pseudo-instruction and, for every operand it is written with, the operand of the instruction that it is. */
export interface PseudoReading {
  readonly mnemonic: string;
  /** As in an instruction's row: names of operands of the pseudo-instruction. */
  readonly syntax: string;
  /** Position among the operands of the instruction, by operand name of the pseudo-instruction. */
  readonly position: ReadonlyMap<string, number>;
}

interface Pattern extends PseudoReading {
  /** By position, the operands that are fixed. */
  readonly literals: readonly (readonly [position: number, value: number])[];
  /** Positions that hold the same. */
  readonly equal: readonly (readonly [number, number])[];
}

/** `li` of a small number is no row: its expansion depends on the value. */
const SMALL_LI: Pseudo = { mnemonic: 'li', syntax: 'rd, imm', expansion: ['addi rd, x0, imm'] };

const FENCE_SETS: Readonly<Record<string, number>> = { iorw: 15, w: 1 };

const PATTERNS = patternsByMnemonic([SMALL_LI, ...PSEUDO_INSTRUCTIONS]);

/** How an instruction reads, or undefined if it reads best as itself. */
export function pseudoReading(spec: InstructionSpec, fields: Fields): PseudoReading | undefined {
  const patterns = PATTERNS.get(spec.mnemonic);
  if (patterns === undefined) return undefined;
  const values = operandsOf(spec.syntax).map(({ name, field }) =>
    // Both fence sets are in one field.
    name === 'pred' ? fields.imm >> 4 : name === 'succ' ? fields.imm & 15 : fields[field],
  );
  return patterns.find(
    ({ literals, equal }) =>
      literals.every(([i, value]) => values[i] === value) && equal.every(([i, j]) => values[i] === values[j]),
  );
}

function patternsByMnemonic(rows: readonly Pseudo[]): ReadonlyMap<string, readonly Pattern[]> {
  const patterns = new Map<string, Pattern[]>();
  for (const { mnemonic, syntax, expansion } of rows) {
    if (expansion.length !== 1 || expansion[0]!.includes('%')) continue;
    const [, base = '', operands = ''] = /^(\S+)\s*(.*)$/.exec(expansion[0]!) ?? [];
    const tokens = [...operands.matchAll(/[\w.-]+/g)].map(([token]) => token);
    const position = new Map<string, number>();
    const [literals, equal]: [[number, number][], [number, number][]] = [[], []];
    tokens.forEach((token, i) => {
      const value = literal(token);
      if (value !== undefined) literals.push([i, value]);
      else if (position.has(token)) equal.push([position.get(token)!, i]);
      else position.set(token, i);
    });
    if (literals.length + equal.length === 0) continue;
    const list = patterns.get(base) ?? [];
    patterns.set(base, [...list, { mnemonic, syntax, position, literals, equal }]);
  }
  for (const list of patterns.values()) list.sort((a, b) => b.literals.length - a.literals.length);
  return patterns;
}

/** What a token of an expansion is if it is no operand: a register, a number, a csr, a rounding mode, a fence set. */
function literal(token: string): number | undefined {
  if (/^-?(0x[0-9a-f]+|\d+)$/.test(token)) return Number(token);
  const register = /^x\d+$/.test(token) ? X_NUMBERS.get(token) : undefined;
  return register ?? CSR_NUMBERS[token] ?? ROUNDING_MODES[token] ?? FENCE_SETS[token];
}
