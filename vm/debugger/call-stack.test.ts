import { expect, test } from 'vitest';
import { typing } from '../../test/support/debuggee.ts';

/** Function names, innermost first, at each stop at \`here\`. */
function stacks(source: string): string[] {
  const { type, session } = typing(
    `.globl _start\n_start:\n  li sp, 0x10000000\n${source}\nend:\n  li a7, 93\n  ecall\n`,
  );
  type('break here');
  const found: string[] = [];
  for (;;) {
    type('continue');
    if (session.timeline.ended) return found;
    const frames = type('backtrace').split('\n');
    found.push(frames.map((line) => /^#\d+ {2}(\w+):/.exec(line)![1]).join(' < '));
  }
}

test('a recursion is as deep as its calls, and empty again after them', () => {
  const source = `
  li a0, 2
  call down
  call leaf
  j end
down:
  addi sp, sp, -16
  sw ra, 12(sp)
  beqz a0, 1f
  addi a0, a0, -1
  call down
1:
here:
  lw ra, 12(sp)
  addi sp, sp, 16
  ret
leaf:
  j here2
here2:
  ret`;
  expect(stacks(source)).toEqual(['down < down < down < _start', 'down < down < _start', 'down < _start']);
});

test('a tail call keeps the frame of its caller, a return through t0 leaves its own', () => {
  const source = `
  call first
  jal t0, millicode
  nop
  j end
first:
  tail second
second:
here:
  ret
millicode:
  mv ra, t0
  j here
`;
  expect(stacks(source)).toEqual(['first < _start', 'millicode < _start']);
});

test('a jump back over several calls leaves all of them', () => {
  const source = `
  call outer
  nop
  j here
outer:
  mv s0, ra
  call inner
  nop
inner:
  mv ra, s0
  ret
here:
  nop`;
  expect(stacks(source)).toEqual(['_start']);
});

test('a jump through a link register that is no return leaves the calls as they are', () => {
  const source = `
  call outer
  j end
outer:
  mv s0, ra
  la t0, here
  jr t0
here:
  mv ra, s0
  ret`;
  expect(stacks(source)).toEqual(['outer < _start']);
});
