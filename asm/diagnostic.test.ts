import { describe, expect, test } from 'vitest';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { assemble, type ReadFile, renderAll } from './index.ts';

/** Everything the assembler has to say about statements in a program that is complete but for them. */
function complaints(text: string, files: Readonly<Record<string, string>> = {}): string {
  const read: ReadFile = (path) => (files[path] === undefined ? undefined : { path, text: files[path] });
  const source = `_start:\n${text}\n`;
  const { elf, diagnostics } = assemble({ path: 'main.s', text: source }, { table, read });
  expect(elf === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  return renderAll(diagnostics);
}

describe('a diagnostic is underlined where it stands and says what to do', () => {
  test('immediates', () => {
    expect(complaints('  addi a0, a0, 4096\n\tslli\ta0, a0, 32\n  lui a0, 0x100000')).toMatchInlineSnapshot(`
      "error[immediate-out-of-range]: immediate 4096 does not fit in 12 signed bits (-2048 to 2047)
       --> main.s:2:16
        |
      2 |   addi a0, a0, 4096
        |                ^^^^
        = help: load it into a register first: \`li t0, 4096\`

      error[immediate-out-of-range]: shift amount 32 is not in 0 to 31
       --> main.s:3:15
        |
      3 | 	slli	a0, a0, 32
        | 	    	        ^^

      error[immediate-out-of-range]: upper immediate 1048576 is not in 0 to 1048575
       --> main.s:4:11
        |
      4 |   lui a0, 0x100000
        |           ^^^^^^^^
        = help: give the upper 20 bits, or the whole constant to \`li\`

      3 errors"
    `);
  });

  test('misspelt names', () => {
    expect(
      complaints('  adid a0, a0, 1\n  addi a0, a8, 1\n  j strat\n.wrod 3\n  fadd.s fa0, fa1, fa9'),
    ).toMatchInlineSnapshot(`
      "error[unknown-mnemonic]: \`adid\` is not an instruction or a macro
       --> main.s:2:3
        |
      2 |   adid a0, a0, 1
        |   ^^^^
        = help: did you mean \`addi\`?

      error[unknown-register]: \`a8\` is not an x register
       --> main.s:3:12
        |
      3 |   addi a0, a8, 1
        |            ^^
        = help: did you mean \`a0\`?

      error[undefined-symbol]: \`strat\` is not defined
       --> main.s:4:5
        |
      4 |   j strat
        |     ^^^^^

      error[unknown-directive]: \`.wrod\` is not a directive
       --> main.s:5:1
        |
      5 | .wrod 3
        | ^^^^^
        = help: did you mean \`.word\`?

      error[unknown-register]: \`fa9\` is not an f register
       --> main.s:6:20
        |
      6 |   fadd.s fa0, fa1, fa9
        |                    ^^^
        = help: did you mean \`fa0\`?

      5 errors"
    `);
  });

  test('operands of the wrong kind or number', () => {
    expect(
      complaints('  add a0, a1\n  add a0, a1, fa2\n  lw a0, 4[sp]\n  lw a0, 4(fa0)\n  fadd.s fa0, fa1, fa2, up'),
    ).toMatchInlineSnapshot(`
      "error[operand-count]: \`add\` cannot have 2 operands
       --> main.s:2:3
        |
      2 |   add a0, a1
        |   ^^^^^^^^^^
        = help: write \`add rd, rs1, rs2\` or \`add rd, rs1, imm\`

      error[bad-operand]: expected an x register, got the register \`fa2\`
       --> main.s:3:15
        |
      3 |   add a0, a1, fa2
        |               ^^^
        = help: write \`add rd, rs1, rs2\` or \`add rd, rs1, imm\`

      error[unexpected-character]: unexpected \`[\`
       --> main.s:4:11
        |
      4 |   lw a0, 4[sp]
        |           ^

      error[bad-operand]: expected an address as \`offset(register)\`, got the register \`fa0\`
       --> main.s:5:12
        |
      5 |   lw a0, 4(fa0)
        |            ^^^
        = help: write \`lw rd, imm(rs1)\` or \`lw rd, target\`

      error[bad-operand]: expected a rounding mode (rne, rtz, rdn, rup, rmm, dyn), got \`up\`
       --> main.s:6:25
        |
      6 |   fadd.s fa0, fa1, fa2, up
        |                         ^^
        = help: write \`fadd.s fd, fs1, fs2, rm\`

      5 errors"
    `);
  });

  test('targets out of reach or between instructions', () => {
    expect(complaints('  beqz a0, far\n  j . + 2\n  .space 5000\nfar: ret')).toMatchInlineSnapshot(`
      "error[branch-out-of-range]: the target is 5008 bytes away, it must be within 4096
       --> main.s:2:12
        |
      2 |   beqz a0, far
        |            ^^^
        = help: branch around a jump: invert the condition and use \`j\` for the far target

      error[misaligned-target]: instructions are at multiples of 4 bytes
       --> main.s:3:5
        |
      3 |   j . + 2
        |     ^^^^^

      2 errors"
    `);
  });

  test('symbols defined twice, by themselves, or like a register', () => {
    expect(
      complaints('twice: nop\ntwice: nop\nt0: nop\n.equ one, two\n.equ two, one\nli a0, 1b\n.word one'),
    ).toMatchInlineSnapshot(`
      "error[duplicate-symbol]: \`twice\` is already defined
       --> main.s:3:1
        |
      3 | twice: nop
        | ^^^^^
        = note: first defined at main.s:2:1

      error[reserved-name]: \`t0\` is a register, a symbol needs another name
       --> main.s:4:1
        |
      4 | t0: nop
        | ^^

      error[circular-definition]: \`two\` is defined by itself
       --> main.s:5:11
        |
      5 | .equ one, two
        |           ^^^

      error[undefined-symbol]: there is no label \`1:\` before
       --> main.s:7:8
        |
      7 | li a0, 1b
        |        ^^

      4 errors"
    `);
  });

  test('a place inside macros and includes says how it got there', () => {
    const files = {
      'lib.s': '.macro inner reg\n  addi \\reg, \\reg, 5000\n.endm\n.macro outer\n  inner t0\n.endm\n  outer\n  bad',
    };
    expect(complaints('  nop\n.include "lib.s"\n.include "none.s"', files)).toMatchInlineSnapshot(`
      "error[immediate-out-of-range]: immediate 5000 does not fit in 12 signed bits (-2048 to 2047)
       --> lib.s:2:16
        |
      2 |   addi t0, t0, 5000
        |                ^^^^
        = note: in macro \`inner\`, used at lib.s:5:3
        = note: in macro \`outer\`, used at lib.s:7:3
        = note: included at main.s:3:1
        = help: load it into a register first: \`li t0, 5000\`

      error[unknown-mnemonic]: \`bad\` is not an instruction or a macro
       --> lib.s:8:3
        |
      8 |   bad
        |   ^^^
        = note: included at main.s:3:1

      error[include-not-found]: there is no file \`none.s\`
       --> main.s:4:10
        |
      4 | .include "none.s"
        |          ^^^^^^^^

      3 errors"
    `);
  });

  test('text from a macro argument without its quotes', () => {
    expect(complaints('.macro m text\n ulp.assert.eq a0, a1, \\text\n.endm\n m "no good"')).toMatchInlineSnapshot(`
      "error[syntax]: unexpected \`good\`
       --> main.s:3:27
        |
      3 |  ulp.assert.eq a0, a1, no good
        |                           ^^^^
        = note: in macro \`m\`, used at main.s:5:2
        = help: a quoted macro argument loses its quotes: write \`"\\argument"\` in the body

      1 error"
    `);
  });

  test('blocks that do not close, or close nothing', () => {
    expect(complaints('.endif\n.if 1\n.rept 2\nnop')).toMatchInlineSnapshot(`
      "error[unmatched-block]: \`.endif\` without an \`.if\`
       --> main.s:2:1
        |
      2 | .endif
        | ^^^^^^

      error[unmatched-block]: this condition has no \`.endif\`
       --> main.s:3:1
        |
      3 | .if 1
        | ^^^

      error[unmatched-block]: \`.rept\` has no \`.endr\`
       --> main.s:4:1
        |
      4 | .rept 2
        | ^^^^^

      3 errors"
    `);
  });

  test('characters, strings and comments that are not', () => {
    expect(complaints('  nop €\n.string "abc\n.string "\\q"\n  nop /* never closed\n')).toMatchInlineSnapshot(`
      "error[unexpected-character]: unexpected \`€\`
       --> main.s:2:7
        |
      2 |   nop €
        |       ^

      error[unterminated]: this string has no closing \`"\`
       --> main.s:3:9
        |
      3 | .string "abc
        |         ^^^^

      error[bad-string]: unknown escape \`\\q\`
       --> main.s:4:9
        |
      4 | .string "\\q"
        |         ^^^^

      error[unterminated]: this comment has no closing \`*/\`
       --> main.s:5:7
        |
      5 |   nop /* never closed
        |       ^^^^^^^^^^^^^^^

      4 errors"
    `);
  });

  test('numbers that are not known or not defined', () => {
    expect(
      complaints('  li a0, _start\n  .space later\nlater = 4\n.word 1 / 0, _start * 2, 1.5\n.float x'),
    ).toMatchInlineSnapshot(`
      "error[not-constant]: the value of this operand is not known here
       --> main.s:2:10
        |
      2 |   li a0, _start
        |          ^^^^^^
        = help: for an address use \`la\`; a constant must be defined before \`li\` uses it

      error[not-constant]: \`later\` is not known at this point
       --> main.s:3:10
        |
      3 |   .space later
        |          ^^^^^
        = help: here a symbol must be defined before it is used

      error[division-by-zero]: the divisor is zero
       --> main.s:5:11
        |
      5 | .word 1 / 0, _start * 2, 1.5
        |           ^

      error[bad-float]: \`x\` is not a floating-point literal
       --> main.s:6:8
        |
      6 | .float x
        |        ^

      4 errors"
    `);
  });

  test('a program without an entry point', () => {
    const { diagnostics } = assemble({ path: 'main.s', text: 'nop\n' }, { table });
    expect(renderAll(diagnostics)).toMatchInlineSnapshot(`
      "error[no-entry]: the program has no \`_start\`
       --> main.s:1:1
        |
      1 | nop
        | ^
        = help: put \`.globl _start\` and \`_start:\` before the first instruction

      1 error"
    `);
  });
});

describe('every mistake has its code', () => {
  test.each([
    ['.align 20', 'bad-alignment'],
    ['.float 1x', 'syntax'],
    ['.float sp', 'bad-float'],
    ['.float 1e39', 'value-out-of-range'],
    ['.byte 256', 'value-out-of-range'],
    ['.word 1 << 65', 'value-out-of-range'],
    ['.word (1 << 63) * 4', 'expression-overflow'],
    ['.data\nnop', 'instruction-outside-text'],
    ['.byte 1\nnop', 'misaligned-instruction'],
    ['.macro m a:req\n.endm\nm', 'macro-arguments'],
    ['.macro m\n.endm\nm 1', 'macro-arguments'],
    ['.macro m\n.endm\n.macro m\n.endm', 'duplicate-macro'],
    ['.macro m\nm\n.endm\nm', 'nested-too-deep'],
    ['.macro m\nm\nm\n.endm\nm', 'nested-too-deep'],
    [`.word ${'('.repeat(5000)}1${')'.repeat(5000)}`, 'nested-too-deep'],
    [`.word ${'-'.repeat(5000)}1`, 'nested-too-deep'],
    ['.rept 1 << 21\n.endr', 'too-many-repetitions'],
    ['.rept 1 << 20\n.rept 1 << 20\n.endr\n.endr', 'too-many-repetitions'],
    ['.space 1 << 30', 'section-too-large'],
    ['.bss\n.word 1', 'section-conflict'],
    ['.section .odd', 'section-conflict'],
    ['.section .text, "aw"', 'section-conflict'],
    ['.section .note, "", @progbits\nlost: .word 1\n.text\nla a0, lost', 'section-conflict'],
    ['lw a0, %pcrel_lo(_start)(a0)', 'pcrel-lo-without-hi'],
    ['addi a0, a0, %hi(4)', 'bad-operand'],
    ['addi a0, a0, %lo(4) + 1', 'syntax'],
    ['lui a0, %nope(4)', 'syntax'],
    ['fence wi, r', 'bad-operand'],
    ['.popsection', 'unmatched-block'],
    ['.if 1\n.else\n.else\n.endif', 'unmatched-block'],
    ['.error "stop"', 'user-error'],
    ['j missing', 'undefined-symbol'],
    ['.equ a0, 1', 'reserved-name'],
    ['.type _start, @thing', 'bad-operand'],
    ['ulp.assert.eq a0, a1, 4096', 'immediate-out-of-range'],
    ['ulp.assert.eq a0, a1', 'operand-count'],
    ['.word 09', 'syntax'],
    ['.include main.s', 'syntax'],
    ['\\name', 'syntax'],
  ])('%j', (text, code) => {
    const { diagnostics } = assemble({ path: 'main.s', text: `_start: nop\n${text}\n` }, { table });
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
  });

  test('4096 messages do not fit', () => {
    const text = Array.from({ length: 4096 }, (_, i) => `ulp.assert.eq a0, a1, "m${i}"`).join('\n');
    const { diagnostics } = assemble({ path: 'main.s', text: `_start:\n${text}` }, { table });
    expect(diagnostics.map(({ code }) => code)).toContain('too-many-assertions');
  });

  test('.warning does not stop', () => {
    expect(complaints('.warning "slow"\nnop')).toContain('warning[user-warning]: slow');
  });

  test('a line repeated by .rept reports once', () => {
    const { diagnostics } = assemble({ path: 'main.s', text: '_start:\n.rept 100\n bad\n.endr\n' }, { table });
    expect(diagnostics.length).toBe(1);
  });
});
