import { describe, expect, test } from 'vitest';
import { SQUARES, typing, withStack } from '../../test/support/debuggee.ts';

const program = withStack(SQUARES);
const input = { publicInput: Uint32Array.of(3) };

describe('movement', () => {
  test('step goes into calls, next over them, finish out of them', () => {
    const { type } = typing(program, input);
    expect(type('next 3', 'next', 'reverse-next', 'step 2', 'finish', 'finish')).toMatchInlineSnapshot(`
      "next at main.s:8, pc 0x00010010, cycle 4
        mv a0, s0                          | main.s:8  mv a0, s0
      next+4 at main.s:9, pc 0x00010014, cycle 5
        auipc ra, 0x0                      | main.s:9  call square
      next at main.s:8, pc 0x00010010, cycle 4
        mv a0, s0                          | main.s:8  mv a0, s0
      square at main.s:22, pc 0x00010040, cycle 7
        addi sp, sp, -16                   | main.s:22  addi sp, sp, -16
      next+12 at main.s:10, pc 0x0001001c, cycle 13
        lw t0, 0(s1)                       | main.s:10  lw t0, 0(s1)
      error: this is the outermost function, it does not return"
    `);
  });

  test('backward: instructions, lines, calls and breakpoints', () => {
    const { type } = typing(program, input);
    expect(
      type(
        'continue',
        'back',
        'back 2',
        'reverse-step',
        'reverse-next 3',
        'break square',
        'reverse-continue',
        'reverse-finish',
        'reverse-continue',
        'reverse-continue',
      ),
    ).toMatchInlineSnapshot(`
      "halted with exit code 0 after 50 cycles
      next+44 at main.s:18, pc 0x0001003c, cycle 49
        ecall                              | main.s:18  ecall
      next+36 at main.s:16, pc 0x00010034, cycle 47
        li a0, 0                           | main.s:16  li a0, 0
      next+32 at main.s:15, pc 0x00010030, cycle 46
        ulp.out t0, 0(zero)                | main.s:15  ulp.out t0, 0(zero)
      next+20 at main.s:12, pc 0x00010024, cycle 43
        sw t0, 0(s1)                       | main.s:12  sw t0, 0(s1)
      breakpoint 1: square at main.s:22, pc 0x00010040
      breakpoint 1
      square at main.s:22, pc 0x00010040, cycle 35
        addi sp, sp, -16                   | main.s:22  addi sp, sp, -16
      next+8 at main.s:9, pc 0x00010018, cycle 34
        jalr 44(ra)                        | main.s:9  call square
      breakpoint 1
      square at main.s:22, pc 0x00010040, cycle 21
        addi sp, sp, -16                   | main.s:22  addi sp, sp, -16
      breakpoint 1
      square at main.s:22, pc 0x00010040, cycle 7
        addi sp, sp, -16                   | main.s:22  addi sp, sp, -16"
    `);
  });

  test('who wrote this: backward to the last write', () => {
    const { type } = typing(program, input);
    expect(
      type('continue', 'watch total', 'reverse-continue', 'memory total 1', 'stepi', 'memory total 1'),
    ).toMatchInlineSnapshot(`
      "halted with exit code 0 after 50 cycles
      watchpoint 1: change of 4 bytes at 0x00011000
      watchpoint 1 (change of 4 bytes at 0x00011000): write 4 bytes at 0x00011000: 0x0000000d -> 0x0000000e by next+20 at main.s:12, pc 0x00010024
      next+20 at main.s:12, pc 0x00010024, cycle 43
        sw t0, 0(s1)                       | main.s:12  sw t0, 0(s1)
      0x00011000  0x0000000d                                   ....
      watchpoint 1 (change of 4 bytes at 0x00011000): write 4 bytes at 0x00011000: 0x0000000d -> 0x0000000e by next+20 at main.s:12, pc 0x00010024
      next+24 at main.s:13, pc 0x00010028, cycle 44
        addi s0, s0, -1                    | main.s:13  addi s0, s0, -1
      0x00011000  0x0000000e                                   ...."
    `);
  });

  test('to a cycle, in either direction', () => {
    const { type } = typing(program, input);
    expect(type('goto 20', 'goto 4', 'goto 1000', 'step')).toMatchInlineSnapshot(`
      "next+8 at main.s:9, pc 0x00010018, cycle 20
        jalr 44(ra)                        | main.s:9  call square
      next at main.s:8, pc 0x00010010, cycle 4
        mv a0, s0                          | main.s:8  mv a0, s0
      halted with exit code 0 after 50 cycles
      error: the program has halted; go back with \`back\`, \`reverse-continue\` or \`goto\`"
    `);
  });
});

describe('changes', () => {
  test('make the run another from there on, and are made again after going back', () => {
    const { session, type } = typing(program, input);
    type('break next', 'continue');
    expect(
      type('set s0 1', 'set total 0x100', 'continue', 'public', 'goto 0', 'continue', 'registers s0', 'continue'),
    ).toMatchInlineSnapshot(`
      "halted with exit code 0 after 22 cycles, after changes
      input   0x00000003 (3)
      output  0x00000101 (257)
      _start at main.s:4, pc 0x00010000, cycle 0
        lui sp, 0x10000                    | main.s:4  li sp, 0x10000000
      breakpoint 1
      next at main.s:8, pc 0x00010010, cycle 4
        mv a0, s0                          | main.s:8  mv a0, s0
      s0 (x8)
        hex       0x00000001
        signed    1
        unsigned  1
        fp32      1e-45
        bf16      0 (high half), 9.1835e-41 (low half)
      halted with exit code 0 after 22 cycles, after changes"
    `);
    expect(type('set s0 1')).toBe('error: the program has halted: go back first');
    expect(session.timeline.edited).toBe(true);
  });

  test('a trap can be passed by', () => {
    const { type } = typing('.globl _start\n_start:\n  ebreak\n  li a7, 93\n  ecall\n');
    expect(
      type('continue', 'set pc 0x10004', 'continue', 'goto 0', 'set zero 1', 'set pc 3', 'set 0 1', 'set frm 8'),
    ).toMatchInlineSnapshot(`
      "trapped: breakpoint
        at _start at main.s:3, pc 0x00010000, cycle 0
        ebreak
        main.s:3  ebreak
      halted with exit code 0 after 2 cycles, after changes
      _start+4 at main.s:4, pc 0x00010004, cycle 0
        li a7, 93                          | main.s:4  li a7, 93
      error: zero is always 0
      error: 0x00000003 is not an instruction of the program
      error: 0x00000000 is not mapped
      error: value: expected a number from 0 to 7, got 8"
    `);
  });
});
