import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { M } from '../vm/isa/m.ts';
import { RV32I } from '../vm/isa/rv32i.ts';
import { defineTable } from '../vm/isa/table.ts';
import { assemble, disassemble, type ReadFile, readElf, renderAll } from './index.ts';

/** The instructions of a program, disassembled, or its diagnostics. */
function listing(text: string, files: Readonly<Record<string, string>> = {}): string[] {
  const read: ReadFile = (path, from) => {
    const found = [`${from.replace(/[^/]*$/, '')}${path}`, path].find((name) => files[name] !== undefined);
    return found === undefined ? undefined : { path: found, text: files[found]! };
  };
  const { elf, diagnostics } = assemble({ path: 'main.s', text }, { table, read });
  if (elf === undefined) return [renderAll(diagnostics)];
  const { segments, symbols } = readElf(elf);
  const names = new Map(symbols.map(({ name, address }) => [address, name]));
  const { address, bytes } = segments.find(({ execute }) => execute)!;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const words = Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true));
  return words.map((word, i) => disassemble(word, table, { pc: address + 4 * i, nameOf: (at) => names.get(at) }));
}

/** The words of the data segment. */
function words(text: string): number[] {
  const { elf, diagnostics } = assemble({ path: 'main.s', text: `_start: nop\n.data\n${text}\n` }, { table });
  expect(renderAll(diagnostics)).toBe('');
  const { bytes } = readElf(elf!).segments.find(({ write }) => write)!;
  return Array.from({ length: bytes.length / 4 }, (_, i) =>
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(4 * i, true),
  );
}

test('instructions of Xulp are written like any other', () => {
  const text = `_start:
    ulp.hint.w a0, 8(t0)
    ulp.hint.hu a1, (t0)
    ulp.pub.w a2, -4(sp)
    ulp.out a2, 0(zero)
    ulp.assert.eq a0, a1, 17
    bf16.dot.hopper fa0, a0, a1, a2
    poseidon2.sponge a0, a1, a2
    poseidon2.merkle a3, a4, a5`;
  expect(listing(text)).toEqual([
    'ulp.hint.w a0, 8(t0)',
    'ulp.hint.hu a1, 0(t0)',
    'ulp.pub.w a2, -4(sp)',
    'ulp.out a2, 0(zero)',
    'ulp.assert.eq a0, a1, 17',
    'bf16.dot.hopper fa0, a0, a1, a2',
    'poseidon2.sponge a0, a1, a2',
    'poseidon2.merkle a3, a4, a5',
  ]);
});

describe('expressions', () => {
  // Values by C's rules.
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['1 | 2 + 4', 7],
    ['1 | 6 & 3 ^ 1', 3],
    ['1 << 2 + 1', 8],
    ['7 & 3 == 3', 1],
    ['2 < 3 == 1', 1],
    ['0 || 5 && 2', 1],
    ['10 - 4 - 3', 3],
    ['100 / 10 / 5', 2],
    ['-7 / 2', -3],
    ['-7 % 4', -3],
    ['-8 >> 1', -4],
    ['~0', -1],
    ['!0 + !7', 1],
    ['- - 3', 3],
    ['0x1F + 0b101 + 017', 51],
    ["'A' + '\\n' + '\\x01'", 76],
    ['(1 << 63) >> 62', 2],
    ['size_a', 8],
    ['b - a == 8', 1],
  ])('%s', (text, value) => {
    const source = `a: .space 8\nb:\n.equ size_a, b - a\n.word ${text}`;
    expect(words(source)[2]! | 0).toBe(value);
  });

  test('symbols may be defined after their use, `.set` ones change', () => {
    expect(words('.word later, later + 1\n.equ later, 5\n.set x, 1\n.word x\n.set x, x + 1\n.word x')).toEqual([
      5, 6, 1, 2,
    ]);
  });

  test('the location counter is the address of what is placed, each number of a list its own, as in GNU as', () => {
    expect(words('.word ., . + 4, 7')).toEqual([0x11000, 0x11008, 7]);
  });
});

describe('files', () => {
  test('includes are read relative to the file that has them', () => {
    const files = { 'lib/a.s': '.include "b.s"\nli a0, 1', 'lib/b.s': 'b: ret' };
    expect(listing('_start: j b\n.include "lib/a.s"', files)).toEqual([
      'jal zero, b',
      'jalr zero, 0(ra)',
      'addi a0, zero, 1',
    ]);
  });

  test('several files are one program', () => {
    const files = [
      { path: 'a.s', text: '_start: call routine' },
      { path: 'b.s', text: '.globl routine\nroutine: ret' },
    ];
    expect(assemble(files, { table }).diagnostics).toEqual([]);
  });

  test('no file is a mistake of the caller', () => {
    expect(() => assemble([], { table })).toThrow(
      new RangeError('files: expected at least one source or object, got none'),
    );
  });
});

describe('macros', () => {
  test('quoted arguments may hold commas, the rest may be many', () => {
    const text = `.macro check a, b, text
      ulp.assert.eq \\a, \\b, "\\text"
    .endm
    .macro all first, more:vararg
      li t0, \\first
      .word \\more
    .endm
    _start: check a0, a1, "x, y"
    all 1, 2, 3`;
    expect(listing(text)).toEqual([
      'ulp.assert.eq a0, a1, 1',
      'addi t0, zero, 1',
      '.word 0x00000002',
      'lb zero, 0(zero)',
    ]);
  });

  test('a macro may define a macro, and a label stand before one', () => {
    const text =
      '.macro outer name\n.macro \\name r\nmv \\r, zero\n.endm\n.endm\nouter clear\n_start: clear a3\nj _start';
    expect(listing(text)).toEqual(['addi a3, zero, 0', 'jal zero, _start']);
  });

  test('what is not assembled may be anything', () => {
    expect(listing('_start: ret\n.if 0\n bad $ \u20ac "\n.include "none"\n.macro never\n.endif')).toEqual([
      'jalr zero, 0(ra)',
    ]);
  });
});

test('a machine knows only its own instructions and the pseudo-instructions they can express', () => {
  const small = defineTable(RV32I, M);
  const text = '_start: mv a0, a1\nfmv.s fa0, fa1\nulp.hint.w a0, 0(a1)\ncsrr a0, fcsr\n';
  const { diagnostics } = assemble({ path: 'main.s', text }, { table: small });
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'unknown-mnemonic: `fmv.s` is not an instruction or a macro',
    'unknown-mnemonic: `ulp.hint.w` is not an instruction or a macro',
    'unknown-mnemonic: `csrr` is not an instruction or a macro',
  ]);
});

test('compilers write directives that mean nothing here', () => {
  const text = `.file "a.c"
    .option nopic
    .attribute arch, "rv32im"
    .text
    .align 2
    .globl _start
    .type _start, @function
_start:
    .cfi_startproc
    addi sp,sp,-16
    lui a5,%hi(.LC0)
    addi a0,a5,%lo(.LC0)
    tail _start
    .cfi_endproc
    .size _start, .-_start
    .section .rodata.str1.4,"aMS",@progbits,1
    .align 2
.LC0:
    .string "hi"
    .comm shared,4,4
    .ident "GCC"
    .section .note.GNU-stack,"",@progbits`;
  expect(listing(text)).toEqual([
    'addi sp, sp, -16',
    'lui a5, 0x11',
    'addi a0, a5, 0',
    'auipc t1, 0x0',
    'jalr zero, -12(t1)',
  ]);
});

test('5000 lines assemble', () => {
  const lines = Array.from(
    { length: 1000 },
    (_, i) => `l${i}: li a0, ${i * 7919}\n la a1, l${i}\n lw a2, 4(a1)\n bnez a2, l${i}\n fadd.s fa0, fa1, fa2`,
  );
  const text = `_start:\n${lines.join('\n')}\n`;
  expect(assemble({ path: 'main.s', text }, { table }).diagnostics).toEqual([]);
});

test('no text makes the assembler throw', () => {
  const pieces = fc.constantFrom(
    ...'a0 sp fa0 x: 1: 1b 1f , ( ) + - * << % %hi( %lo( .word .macro .endm m \\a \\@ .rept .endr .if .else .endif'.split(
      ' ',
    ),
    ...'.set = .equ .align .section .text .data .bss .size .type @function "s" "\\n" "x 1.5 0x10 \'a\' . # /* */ ;'.split(
      ' ',
    ),
    ...'addi lw la li call beqz fadd.s ulp.assert.eq csrr fence ecall nop .float .string .space .fill .irp .comm'.split(
      ' ',
    ),
    '\n',
    '\n',
    '\n',
    '\u20ac',
    '3',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (list) => {
      const { elf, diagnostics } = assemble({ path: 'main.s', text: list.join(' ') }, { table });
      expect(elf === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
      renderAll(diagnostics);
      if (elf !== undefined) readElf(elf);
    }),
    { numRuns: 600 },
  );
});
