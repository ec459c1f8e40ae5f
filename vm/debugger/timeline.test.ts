import fc from 'fast-check';
import { expect, test } from 'vitest';
import { debuggeeOf } from '../../test/support/debuggee.ts';
import { forAll } from '../../test/support/property.ts';
import { Machine } from '../executor/machine.ts';
import { executeAll } from '../executor/run.ts';
import { TrapSignal } from '../executor/trap.ts';
import { DebugSession, drive } from './session.ts';
import { Timeline } from './timeline.ts';

/** 300,000 cycles that write over 256 KiB of RAM. */
const LONG = `.globl _start
_start:
  li s0, 42855
  la s1, buffer
  li s3, 0x3ffff
loop:
  add s2, s2, s0
  slli t0, s2, 2
  and t0, t0, s3
  add t0, t0, s1
  sw s2, 0(t0)
  addi s0, s0, -1
  bnez s0, loop
  li a7, 93
  ecall
.bss
buffer: .space 0x40000
`;
const { program, input } = debuggeeOf(LONG);

/** What can be seen of a machine, RAM as a sum of its words and their places. */
function seen({ pc, clk, cycles, exitCode, registers, ram }: Machine): unknown {
  let sum = 0;
  ram.pages.forEach((page, p) => {
    if (page === ram.pages[0]) return;
    page.forEach((word, i) => {
      sum = (Math.imul(sum, 31) + Math.imul(word, p * page.length + i + 1)) | 0;
    });
  });
  return { pc, clk, cycles, exitCode, registers: [...registers], sum };
}

/** The executor's own state after so many cycles. */
function reference(cycle: number): unknown {
  const machine = new Machine(program, input);
  try {
    executeAll(machine, cycle);
  } catch (signal) {
    if (!(signal instanceof TrapSignal)) throw signal; // out of cycles, as asked
  }
  return seen(machine);
}

test('every visited cycle is the state that the executor has after so many instructions', () => {
  const timeline = new Timeline(program, input);
  timeline.goTo(Infinity);
  const last = timeline.cycle;
  expect([last, timeline.machine.exitCode]).toEqual([6 + 42855 * 7 + 2, 0]);
  forAll(
    fc.integer({ min: 0, max: last }),
    (cycle) => {
      timeline.goTo(cycle);
      expect(seen(timeline.machine)).toEqual(reference(cycle));
    },
    25,
  );
});

test('one back and one forward is where it was', () => {
  const session = new DebugSession({ ...debuggeeOf(LONG), program, input });
  drive(session.goTo(200_000));
  const before = seen(session.machine);
  for (let i = 0; i < 3; i++) drive(session.stepBack());
  expect(session.machine.cycles).toBe(199_997);
  drive(session.stepInstruction(3));
  expect(seen(session.machine)).toEqual(before);
});

test('an abandoned movement backward leaves the run where it was', () => {
  const session = new DebugSession({ ...debuggeeOf(LONG), program, input });
  drive(session.goTo(290_000));
  const before = seen(session.machine);
  const movement = session.continueBack();
  movement.next();
  movement.return({ reason: 'step' });
  expect(seen(session.machine)).toEqual(before);
});

test('a kept state has every field of a machine that a step can change', () => {
  const FIXED = ['program', 'hints', 'advice', 'publicInput', 'logs', 'mapped'];
  const KEPT = ['pc', 'clk', 'cycles', 'exitCode', 'registers', 'registerClk', 'ram', 'adviceCursor', 'publicOutput'];
  expect(Object.keys(new Machine(program, input)).sort()).toEqual([...FIXED, ...KEPT].sort());
});
