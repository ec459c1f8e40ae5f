import { describe, expect, test } from 'vitest';
import { operandsOf } from '../vm/isa/instruction.ts';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { disassemble } from './disassemble.ts';
import { readElf } from './elf.ts';
import { assemble } from './index.ts';
import { PSEUDO_INSTRUCTIONS } from './pseudo.ts';

/** The words of lines of assembly, at 0x10000. */
function words(lines: readonly string[]): number[] {
  const { elf, diagnostics } = assemble(
    { path: 'a.s', text: `.globl _start\n_start:\n${lines.join('\n')}\n` },
    { table },
  );
  if (elf === undefined) throw new Error(diagnostics[0]!.message);
  const { bytes } = readElf(elf).segments[0]!;
  return Array.from(new Uint32Array(bytes.slice().buffer));
}
const read = (line: string): string => disassemble(words([line])[0]!, table, { pc: 0x10000, pseudo: true });

describe('pseudo-instructions', () => {
  // As GNU objdump 2.40 prints these words.
  test.each([
    ['addi x0, x0, 0', 'nop'],
    ['addi a0, x0, 7', 'li a0, 7'],
    ['addi a0, x0, 0', 'li a0, 0'],
    ['addi a0, a1, 0', 'mv a0, a1'],
    ['jalr x0, 0(ra)', 'ret'],
    ['jalr x0, 0(t0)', 'jr t0'],
    ['jalr x0, 8(t0)', 'jr 8(t0)'],
    ['jalr ra, 0(t0)', 'jalr t0'],
    ['jal x0, 0x10008', 'j 0x10008'],
    ['beq a0, x0, 0x10008', 'beqz a0, 0x10008'],
    ['xori a0, a1, -1', 'not a0, a1'],
    ['sub a0, x0, a1', 'neg a0, a1'],
    ['sltiu a0, a1, 1', 'seqz a0, a1'],
    ['sltu a0, x0, a1', 'snez a0, a1'],
    ['fsgnj.s fa0, fa1, fa1', 'fmv.s fa0, fa1'],
    ['fsgnjn.s fa0, fa1, fa1', 'fneg.s fa0, fa1'],
    ['csrrs a0, frm, x0', 'frrm a0'],
    ['fence iorw, iorw', 'fence'],
  ])('%s reads %s', (line, pseudo) => {
    expect(read(line)).toBe(pseudo);
  });

  test.each(['addi a0, a1, 1', 'blt a0, a1, 0x10008', 'slt a0, a1, a2', 'fsgnj.s fa0, fa1, fa2', 'fence r, rw'])(
    '%s reads as itself',
    (line) => {
      expect(read(line)).toBe(line);
    },
  );

  test('whatever is printed assembles to the same word', () => {
    const operand: Readonly<Record<string, string>> = {
      ...{ imm: '-5', uimm: '9', shamt: '3', target: '0x10000', csr: 'frm', zimm: '2', rm: 'rne' },
      ...{ fd: 'ft1', fs1: 'ft2', fs2: 'ft3', rs1: 't1', rs2: 't2', rd: 't3' },
    };
    const lines = PSEUDO_INSTRUCTIONS.filter(({ expansion }) => expansion.length === 1).map(({ mnemonic, syntax }) =>
      operandsOf(syntax).reduce((line, { name, base }, i) => {
        const text = operand[name]!;
        return base ? `${line}(${text})` : `${line}${i === 0 ? ' ' : ', '}${text}`;
      }, mnemonic),
    );
    const assembled = words(lines);
    const printed = assembled.map((word, i) => disassemble(word, table, { pc: 0x10000 + 4 * i, pseudo: true }));
    expect(words(printed)).toEqual(assembled);
    expect(lines.length).toBeGreaterThan(60);
  });
});
