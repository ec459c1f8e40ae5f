import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode, fieldRange, identity, variableFields } from './encoding.ts';
import { F } from './f.ts';
import { type FieldName, type Fields, type InstructionSpec, operandsOf } from './instruction.ts';
import { KNOWN_INSTRUCTIONS } from './known.ts';
import { M } from './m.ts';
import { RV32I } from './rv32i.ts';
import { defineTable } from './table.ts';
import { XULP } from './xulp.ts';
import { ZFBFMIN } from './zfbfmin.ts';
import { ZICSR } from './zicsr.ts';

const table = KNOWN_INSTRUCTIONS;
const spec = (mnemonic: string): InstructionSpec => table.byMnemonic(mnemonic)!;

function value(of: InstructionSpec, name: FieldName): fc.Arbitrary<number> {
  if (name === 'rm') return fc.constantFrom(0, 1, 2, 3, 4, 7);
  const [low, high, step] = fieldRange(of, name);
  const any = fc.integer({ min: low / step, max: high / step }).map((n) => n * step);
  return fc.oneof({ arbitrary: any, weight: 2 }, fc.constantFrom(low, high, 0));
}

const instruction = fc
  .constantFrom(...table.specs)
  .chain((of) =>
    fc
      .record(Object.fromEntries(variableFields(of).map((name) => [name, value(of, name)])))
      .map((fields) => ({ of, fields: fields as Partial<Fields> })),
  );

describe('the instruction table', () => {
  test('holds every instruction of RV32IMF_Zicsr_Zfbfmin and Xulp', () => {
    expect([RV32I, M, F, ZICSR, ZFBFMIN, XULP].map((rows) => rows.length)).toEqual([40, 8, 26, 6, 6, 37]);
  });

  test('no word is two instructions', () => {
    for (const a of table.specs) {
      for (const b of table.specs) {
        const [x, y] = [identity(a), identity(b)];
        if (a !== b) expect(((x.match ^ y.match) & x.mask & y.mask) !== 0, `${a.mnemonic} ${b.mnemonic}`).toBe(true);
      }
    }
  });

  test('every field of a format is an operand, fixed or declared ignored', () => {
    const ignored = new Map([['fence', ['rd', 'rs1']]]);
    for (const of of table.specs) {
      const written = new Set(operandsOf(of.syntax).map(({ field }) => field));
      const rest = variableFields(of).filter((name) => !written.has(name));
      expect(rest, of.mnemonic).toEqual(ignored.get(of.mnemonic) ?? []);
    }
  });

  test('decoding gives back what was encoded', () => {
    fc.assert(
      fc.property(instruction, ({ of, fields }) => {
        const decoded = table.decode(encode(of, fields));
        expect(decoded?.spec.mnemonic).toBe(of.mnemonic);
        expect(decoded?.fields).toEqual({ rd: 0, rs1: 0, rs2: 0, rs3: 0, imm: 0, rm: 0, ...of.fixed, ...fields });
      }),
      { numRuns: 3000 },
    );
  });

  test('a word that decodes encodes to itself', () => {
    const word = fc
      .tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(...table.specs))
      .map(([bits, of]) => ((bits & ~identity(of).mask) | identity(of).match) >>> 0);
    fc.assert(
      fc.property(word, (w) => {
        const decoded = table.decode(w);
        if (decoded === undefined) {
          expect([5, 6]).toContain((w >>> 12) & 7);
        } else {
          expect(encode(decoded.spec, { ...decoded.fields, ...decoded.spec.fixed })).toBe(w);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('encodings', () => {
  // Words from the RISC-V Unprivileged ISA listings; the assembler's tests compare every instruction with GNU as.
  test.each([
    ['ecall', {}, 0x00000073],
    ['ebreak', {}, 0x00100073],
    ['addi', { rd: 10, rs1: 0, imm: -1 }, 0xfff00513],
    ['beq', { rs1: 5, rs2: 6, imm: -4096 }, 0x80628063],
    ['jal', { rd: 1, imm: -0x100000 }, 0x800000ef],
    ['lui', { rd: 31, imm: -4096 }, 0xffffffb7],
    ['srai', { rd: 1, rs1: 1, imm: 31 }, 0x41f0d093],
    ['fence', { imm: 0x0ff }, 0x0ff0000f],
  ] as const)('%s %o', (mnemonic, fields, word) => {
    expect(encode(spec(mnemonic), fields)).toBe(word);
  });

  test.each([
    ['addi', { imm: 2048 }, 'imm: expected an integer in -2048..2047, got 2048'],
    ['beq', { imm: 3 }, 'imm: expected an integer in -4096..4094, a multiple of 2, got 3'],
    ['add', { rd: 32 }, 'rd: expected an integer in 0..31, got 32'],
    ['fsqrt.s', { rs2: 1 }, 'rs2: expected 0, got 1'],
    ['ulp.assert.eq', { imm: 4096 }, 'imm: expected an integer in 0..4095, got 4096'],
  ] as const)('%s refuses %o', (mnemonic, fields, message) => {
    expect(() => encode(spec(mnemonic), fields)).toThrow(new RangeError(message));
  });

  test.each([0, 0xffffffff, 0x00000013 ^ 3, 0x02007033 ^ (1 << 26)])('%i is illegal', (word) => {
    expect(table.decode(word)).toBeUndefined();
  });

  test('a reserved rounding mode is illegal', () => {
    expect(table.decode(encode(spec('fadd.s'), { rm: 5 }))).toBeUndefined();
  });
});

describe('composing a table', () => {
  const add = spec('add');

  test.each([
    [{ ...add, op: 250 }, 'specs: expected unique mnemonics, got add twice'],
    [{ ...add, mnemonic: 'plus' }, 'specs: expected unique op ids, got 28 for add and plus'],
    [{ ...add, mnemonic: 'plus', op: 250 }, 'specs: expected disjoint encodings, got add and plus'],
    [{ ...add, mnemonic: 'plus', op: 250, funct3: 8 }, 'funct3 of plus: expected an integer in 0..7, got 8'],
    [{ ...add, mnemonic: 'x x', op: 250 }, 'mnemonic: expected lower-case letters, digits and dots, got "x x"'],
    [
      { ...add, mnemonic: 'plus', op: 250, format: 'Q' as never },
      'format of plus: expected one of R, R4, I, shift, S, B, U, J, got Q',
    ],
    [{ ...add, mnemonic: 'plus', op: 250, opcode: 0x30 }, 'opcode of plus: expected low bits 11, got 48'],
  ])('refuses a row that clashes (%#)', (row, message) => {
    expect(() => defineTable(RV32I, [row])).toThrow(new RangeError(message));
  });
});
