import { describe, expect, test } from 'vitest';
import { SQUARES, typing, withStack } from '../../test/support/debuggee.ts';
import { COMMANDS, commandOf, helpLines } from './commands.ts';

const program = withStack(SQUARES);
const input = {
  publicInput: Uint32Array.of(3),
  hints: Uint16Array.of(0x3f80, 0xc000, 7),
  advice: Uint32Array.of(5, 6),
};

describe('breakpoints', () => {
  test('by symbol, line and cycle, with the calls that led there', () => {
    const { type } = typing(program, input);
    expect(
      type('break square', 'break main.s:11', 'break @9', 'continue', 'continue', 'backtrace', 'continue', 'info'),
    ).toMatchInlineSnapshot(`
      "breakpoint 1: square at main.s:22, pc 0x00010040
      breakpoint 2: main.s:11
      breakpoint 3: cycle 9
      breakpoint 1
      square at main.s:22, pc 0x00010040, cycle 7
        addi sp, sp, -16                   | main.s:22  addi sp, sp, -16
      breakpoint 3
      square+8 at main.s:24, pc 0x00010048, cycle 9
        mul a0, a0, a0                     | main.s:24  mul a0, a0, a0
      #0  square: square+8 at main.s:24, pc 0x00010048
      #1  _start: next+8 at main.s:9, pc 0x00010018
      breakpoint 2
      next+16 at main.s:11, pc 0x00010020, cycle 14
        add t0, t0, a0                     | main.s:11  add t0, t0, a0
      1  square at main.s:22, pc 0x00010040, hit once
      2  main.s:11, hit once
      3  cycle 9, hit once"
    `);
  });

  test('at the places of a macro, written and used', () => {
    const source =
      '.globl _start\n.macro twice reg\n  add \\reg, \\reg, \\reg\n.endm\n_start:\n  twice a0\n  twice a1\n  ebreak\n';
    const { type } = typing(source);
    expect(type('break main.s:3', 'break 7', 'continue', 'continue', 'continue')).toMatchInlineSnapshot(`
      "breakpoint 1: main.s:3, 2 places
      breakpoint 2: main.s:7
      breakpoint 1, 2
      _start+4 at main.s:7, pc 0x00010004, cycle 1
        add a1, a1, a1                     | main.s:7  twice a1
      trapped: breakpoint
        at _start+8 at main.s:8, pc 0x00010008, cycle 2
        ebreak
        main.s:8  ebreak
      error: the program has trapped; go back with \`back\`, \`reverse-continue\` or \`goto\`"
    `);
  });
});

describe('watchpoints', () => {
  test('on a change, a write and a read of RAM, and on a register', () => {
    const { type } = typing(program, input);
    expect(
      type(
        'watch total',
        'continue',
        'continue',
        'delete 1',
        'rwatch total 1',
        'continue',
        'watch s0',
        'continue',
        'info',
      ),
    ).toMatchInlineSnapshot(`
      "watchpoint 1: change of 4 bytes at 0x00011000
      watchpoint 1 (change of 4 bytes at 0x00011000): write 4 bytes at 0x00011000: 0x00000000 -> 0x00000009 by next+20 at main.s:12, pc 0x00010024
      next+24 at main.s:13, pc 0x00010028, cycle 16
        addi s0, s0, -1                    | main.s:13  addi s0, s0, -1
      watchpoint 1 (change of 4 bytes at 0x00011000): write 4 bytes at 0x00011000: 0x00000009 -> 0x0000000d by next+20 at main.s:12, pc 0x00010024
      next+24 at main.s:13, pc 0x00010028, cycle 30
        addi s0, s0, -1                    | main.s:13  addi s0, s0, -1
      watchpoint 2: read of 1 byte at 0x00011000
      watchpoint 2 (read of 1 byte at 0x00011000): read 4 bytes at 0x00011000: 0x0000000d by next+12 at main.s:10, pc 0x0001001c
      next+16 at main.s:11, pc 0x00010020, cycle 42
        add t0, t0, a0                     | main.s:11  add t0, t0, a0
      watchpoint 3: change of s0
      watchpoint 3 (change of s0): write: 0x00000001 -> 0x00000000 by next+24 at main.s:13, pc 0x00010028
      next+28 at main.s:14, pc 0x0001002c, cycle 45
        bnez s0, next                      | main.s:14  bnez s0, next
      2  read of 1 byte at 0x00011000, hit once
      3  change of s0, hit once"
    `);
  });

  test('one that is never hit says so at the end', () => {
    const { type } = typing(program, input);
    expect(type('watch total+4', 'awatch 0x10000', 'continue', 'info')).toMatchInlineSnapshot(`
      "watchpoint 1: change of 4 bytes at 0x00011004
      watchpoint 2: access of 4 bytes at 0x00010000
      halted with exit code 0 after 50 cycles
      1  change of 4 bytes at 0x00011004, hit 0 times
      2  access of 4 bytes at 0x00010000, hit 0 times"
    `);
  });

  test('a part of a word: a byte beside it is not a hit, writing the same is no change', () => {
    const source =
      '.globl _start\n_start:\n  la a1, v\n  li a0, 5\n  sb a0, 1(a1)\n  sb a0, 2(a1)\n  sb a0, 2(a1)\n  ebreak\n.data\nv: .word 0\n';
    const { type } = typing(source);
    expect(type('watch v+2 1', 'wwatch v+2 1', 'continue', 'continue', 'continue')).toMatchInlineSnapshot(`
      "watchpoint 1: change of 1 byte at 0x00011002
      watchpoint 2: write of 1 byte at 0x00011002
      watchpoint 1 (change of 1 byte at 0x00011002): write 1 byte at 0x00011002: 0x00 -> 0x05 by _start+16 at main.s:6, pc 0x00010010
      watchpoint 2 (write of 1 byte at 0x00011002): write 1 byte at 0x00011002: 0x00 -> 0x05 by _start+16 at main.s:6, pc 0x00010010
      _start+20 at main.s:7, pc 0x00010014, cycle 5
        sb a0, 2(a1)                       | main.s:7  sb a0, 2(a1)
      watchpoint 2 (write of 1 byte at 0x00011002): write 1 byte at 0x00011002: 0x05 -> 0x05 by _start+20 at main.s:7, pc 0x00010014
      _start+24 at main.s:8, pc 0x00010018, cycle 6
        ebreak                             | main.s:8  ebreak
      trapped: breakpoint
        at _start+24 at main.s:8, pc 0x00010018, cycle 6
        ebreak
        main.s:8  ebreak"
    `);
  });
});

describe('views', () => {
  test('registers as integers, and every reading of one', () => {
    const { type } = typing('.globl _start\n_start:\n  li a0, -3\n  li a1, 0x3fc0bf80\n  fmv.w.x fa0, a1\n  ebreak\n');
    expect(type('continue', 'registers', 'registers a1 fa0')).toMatchInlineSnapshot(`
      "trapped: breakpoint
        at _start+16 at main.s:6, pc 0x00010010, cycle 4
        ebreak
        main.s:6  ebreak
      zero x0  0x00000000           0    a6   x16 0x00000000           0
      ra   x1  0x00000000           0    a7   x17 0x00000000           0
      sp   x2  0x00000000           0    s2   x18 0x00000000           0
      gp   x3  0x00000000           0    s3   x19 0x00000000           0
      tp   x4  0x00000000           0    s4   x20 0x00000000           0
      t0   x5  0x00000000           0    s5   x21 0x00000000           0
      t1   x6  0x00000000           0    s6   x22 0x00000000           0
      t2   x7  0x00000000           0    s7   x23 0x00000000           0
      s0   x8  0x00000000           0    s8   x24 0x00000000           0
      s1   x9  0x00000000           0    s9   x25 0x00000000           0
      a0   x10 0xfffffffd          -3    s10  x26 0x00000000           0
      a1   x11 0x3fc0bf80  1069596544    s11  x27 0x00000000           0
      a2   x12 0x00000000           0    t3   x28 0x00000000           0
      a3   x13 0x00000000           0    t4   x29 0x00000000           0
      a4   x14 0x00000000           0    t5   x30 0x00000000           0
      a5   x15 0x00000000           0    t6   x31 0x00000000           0
      pc       0x00010010
      a1 (x11)
        hex       0x3fc0bf80
        signed    1069596544
        unsigned  1069596544
        fp32      1.5058441
        bf16      1.5 (high half), -1 (low half)
      fa0 (f10)
        hex       0x3fc0bf80
        signed    1069596544
        unsigned  1069596544
        fp32      1.5058441
        bf16      1.5 (high half), -1 (low half)"
    `);
  });

  test('memory, hints, advice and public values', () => {
    const { type } = typing(program, input);
    expect(
      type('continue', 'memory total 6', 'memory 0x0 4', 'hints', 'hints 4 1', 'advice', 'public'),
    ).toMatchInlineSnapshot(`
      "halted with exit code 0 after 50 cycles
      0x00011000  0x0000000e 0x00000000 0x00000000 0x00000000  ................
      0x00011010  0x00000000 0x00000000                        ........
      0x00000000  ---------- ---------- ---------- ----------
      16 halfwords, 1 blocks; from byte 0
      0x00000000  3f80 c000 0007 0000 0000 0000 0000 0000  bf16 1 -2 6.42848e-40 0 0 0 0 0
      0x00000010  0000 0000 0000 0000 0000 0000 0000 0000  bf16 0 0 0 0 0 0 0 0
      16 halfwords, 1 blocks; from byte 4
      0x00000004  0007                                     bf16 6.42848e-40
      0 of 2 field elements taken
      next: 5 6
      input   0x00000003 (3)
      output  0x0000000e (14)"
    `);
  });

  test('source and instructions around the pc', () => {
    const { type } = typing(program, input);
    expect(type('break next', 'continue', 'list', 'disassemble', 'disassemble square 3')).toMatchInlineSnapshot(`
      "breakpoint 1: next at main.s:8, pc 0x00010010
      breakpoint 1
      next at main.s:8, pc 0x00010010, cycle 4
        mv a0, s0                          | main.s:8  mv a0, s0
            3  _start:
            4      li sp, 0x10000000
            5      ulp.pub.w s0, 0(zero)
            6      la s1, total
            7  next:
      =>*   8      mv a0, s0
            9      call square
           10      lw t0, 0(s1)
           11      add t0, t0, a0
           12      sw t0, 0(s1)
           13      addi s0, s0, -1
      _start:
             main.s:4  li sp, 0x10000000
         0x00010000  lui sp, 0x10000
             main.s:5  ulp.pub.w s0, 0(zero)
         0x00010004  ulp.pub.w s0, 0(zero)
             main.s:6  la s1, total
         0x00010008  auipc s1, 0x1
         0x0001000c  addi s1, s1, -8
      next:
             main.s:8  mv a0, s0
      =>*0x00010010  mv a0, s0
             main.s:9  call square
         0x00010014  auipc ra, 0x0
         0x00010018  jalr 44(ra)
             main.s:10  lw t0, 0(s1)
         0x0001001c  lw t0, 0(s1)
             main.s:11  add t0, t0, a0
         0x00010020  add t0, t0, a0
             main.s:12  sw t0, 0(s1)
         0x00010024  sw t0, 0(s1)
             main.s:13  addi s0, s0, -1
         0x00010028  addi s0, s0, -1
             main.s:14  bnez s0, next
         0x0001002c  bnez s0, next
      square:
             main.s:22  addi sp, sp, -16
         0x00010040  addi sp, sp, -16
             main.s:23  sw ra, 12(sp)
         0x00010044  sw ra, 12(sp)
             main.s:24  mul a0, a0, a0
         0x00010048  mul a0, a0, a0"
    `);
  });
});

test('a trap says why, where and in which line', () => {
  const source = '.globl _start\n_start:\n  li a0, 1\n  ulp.assert.eq a0, zero, "a0 is zero"\n';
  const { type } = typing(source);
  expect(type('continue', 'where', 'continue', 'back', 'where', 'stepi')).toMatchInlineSnapshot(`
    "trapped: assertion-failed: a0 is zero: 1 is not 0
      at _start+4 at main.s:4, pc 0x00010004, cycle 1
      ulp.assert.eq a0, zero, 1
      main.s:4  ulp.assert.eq a0, zero, "a0 is zero"
    trapped: assertion-failed: a0 is zero: 1 is not 0
      at _start+4 at main.s:4, pc 0x00010004, cycle 1
      ulp.assert.eq a0, zero, 1
      main.s:4  ulp.assert.eq a0, zero, "a0 is zero"
    error: the program has trapped; go back with \`back\`, \`reverse-continue\` or \`goto\`
    _start at main.s:3, pc 0x00010000, cycle 0
      li a0, 1                           | main.s:3  li a0, 1
    _start at main.s:3, pc 0x00010000, cycle 0
      li a0, 1                           | main.s:3  li a0, 1
    _start+4 at main.s:4, pc 0x00010004, cycle 1
      ulp.assert.eq a0, zero, 1          | main.s:4  ulp.assert.eq a0, zero, "a0 is zero""
  `);
});

test('what cannot be done is said and the session goes on', () => {
  const { type } = typing(program, input);
  const lines = [
    ...['breal 3', 'break', 'break nowhere', 'break other.s:3', 'break main.s:400', 'break 0x10002', 'break total'],
    ...[
      'watch zero',
      'watch 0',
      'delete 4',
      'memory 0x10001',
      'memory 0xfffffff0',
      'registers q1',
      'hints 3',
      'hints 32',
    ],
    ...['step x', 'step 0', 're', 'finish', 'goto -1', 'list 900', 'where'],
  ];
  expect(lines.map((line) => `${line}: ${type(line)}`).join('\n')).toMatchInlineSnapshot(`
    "breal 3: error: there is no command breal; \`help\` lists them
    break: error: usage: break <place>
    break nowhere: error: there is no symbol or register nowhere
    break other.s:3: error: no instruction is from a file other.s; it has main.s
    break main.s:400: error: main.s has no instruction from line 400 on
    break 0x10002: error: 0x10002 is 0x00010002, which is not an instruction of the program
    break total: error: total is 0x00011000, which is not an instruction of the program
    watch zero: error: zero never changes
    watch 0: error: 0x00000000 is not mapped
    delete 4: error: there is no breakpoint or watchpoint 4
    memory 0x10001: error: expected a multiple of 4 as the address, got 0x00010001
    memory 0xfffffff0: error: 0xfffffff0 is above the RAM, which ends at 0x10000000
    registers q1: error: there is no register q1
    hints 3: error: expected an even byte offset below 32, got 3
    hints 32: error: expected an even byte offset below 32, got 32
    step x: error: count: expected a number from 1 to 4294967295, got x
    step 0: error: count: expected a number from 1 to 4294967295, got 0
    re: error: re could be reverse-step, reverse-next, reverse-finish, reverse-continue, registers
    finish: error: this is the outermost function, it does not return
    goto -1: error: cycle: expected a number from 0 to 9007199254740991, got -1
    list 900: error: main.s has no instruction from line 900 on
    where: _start at main.s:4, pc 0x00010000, cycle 0
      lui sp, 0x10000                    | main.s:4  li sp, 0x10000000"
  `);
});

test('every name of a command is of one command, and each explains itself', () => {
  const names = COMMANDS.flatMap((command) => command.names);
  expect(new Set(names).size).toBe(names.length);
  expect(helpLines().length).toBe(COMMANDS.length);
  for (const name of names) expect(commandOf(name).names).toContain(name);
});

test('empty lines and comments do nothing', () => {
  const { type } = typing(program, input);
  expect(type('# only a comment', '', '  where # and one after')).toMatch(/^_start at main.s:4.*cycle 0\n[^\n]+$/);
});
