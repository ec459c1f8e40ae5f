/**
 * Forgeries of whole executions (`support/lying-execution.ts`) of the operations that take many rows: dot products,
 * sponges, Merkle paths, and the tape that they read.
 */
import { describe, expect, test } from 'vitest';
import type { Execution } from '../vm/executor/execution.ts';
import type { ProgramInput } from '../vm/executor/program.ts';
import { edited, findings, first, load, testExecutions } from './support/lying-execution.ts';

const RAM = 0x0800_0000;
/** Blocks 0 to 4 are finite, block 5 has an infinity. */
const GUEST = `
  .text
  .globl _start
  _start:
    li s0, ${RAM}
    li s1, 64
    li s2, 1
    li s3, 2
    li t0, 160
  before: ulp.hint.w t1, 0(zero)
  sponge: poseidon2.sponge s0, zero, s2
  merkle: poseidon2.merkle s0, s2, s3
  root: lw t3, 0(s0)
  dot: bf16.dot.hopper fa0, zero, s1, s3
  again: bf16.dot.hopper fa1, s1, zero, s2
  infinite: bf16.dot.hopper fa2, t0, t0, s2
  later: ulp.hint.w t2, 0(zero)
    li a7, 93
    ecall
`;
const hints = Uint16Array.from({ length: 96 }, (_, i) => 0x3f80 + 3 * i);
hints[5 * 16] = 0x7f80;
const advice = Uint32Array.from({ length: 22 }, (_, i) => 1 + i * 0x0123_4567);
const input: ProgramInput = { hints, advice };
const program = load(GUEST);

/** Changes a word of an event. */
const word = (event: readonly number[], at: number, value: number): number[] => event.with(at, value);

describe('dot products', () =>
  testExecutions(GUEST, input, [
    {
      claim: 'a block is left out',
      after: edited('bf16-dot', (events) => events.slice(1)),
      rejectedBy: ['bus bf16-dot-state'],
    },
    {
      claim: 'a block is added twice',
      after: edited('bf16-dot', (events) => [events[0]!, ...events]),
      rejectedBy: ['bus bf16-dot-state'],
    },
    {
      claim: 'a block of another place on the tape',
      after: edited('bf16-dot', ([event, ...others]) => [word(event!, 1, 4), ...others]),
      rejectedBy: ['bus bf16-dot-state'],
    },
    {
      claim: 'two calls exchange their blocks',
      after: edited('bf16-dot', ([x, y, z]) => [word(x!, 0, z![0]!), y!, word(z!, 0, x![0]!)]),
      rejectedBy: ['bus bf16-dot-state'],
    },
    {
      claim: 'a call starts from another accumulator than its register',
      after: edited('bf16-dot', ([event, ...others]) => [word(word(event!, 3, 1), 4, -126 >>> 0), ...others]),
      rejectedBy: ['bus bf16-dot-state'],
    },
  ]));

test('a finite block on the chip of infinities is none', () => {
  let moved: number[] = [];
  const after = (execution: Execution): Execution => {
    const without = edited('bf16-dot', ([event, ...others]) => {
      moved = event!;
      return others;
    })(execution);
    return edited('bf16-dot-special', (events) => [moved, ...events])(without);
  };
  expect(findings(program, input, { after })).toContain('bf16-dot-special: something is special');
});

test('a block with an infinity on the chip of finite ones has no alignment', () => {
  let moved: number[] = [];
  const after = (execution: Execution): Execution => {
    const without = edited('bf16-dot-special', ([event, ...others]) => {
      moved = event!;
      return others;
    })(execution);
    return edited('bf16-dot', (events) => [...events, moved])(without);
  };
  const found = findings(program, input, { after });
  expect(found).toContain('bus align');
  expect(found).toContain('bus bf16-result');
});

describe('sponges and paths', () =>
  testExecutions(GUEST, input, [
    {
      claim: 'a row of a sponge is left out',
      after: edited('sponge', () => []),
      rejectedBy: ['bus sponge'],
    },
    {
      claim: 'a row of a sponge is absorbed twice',
      after: edited('sponge', (events) => [...events, ...events]),
      rejectedBy: ['bus sponge'],
    },
    {
      claim: 'a sponge absorbs another place of the tape',
      after: edited('sponge', ([event]) => [word(event!, 2, 1)]),
      rejectedBy: ['bus sponge'],
    },
    {
      claim: 'a sponge starts with another number of rows in its capacity',
      after: edited('sponge', ([event]) => [word(event!, 3, 2)]),
      rejectedBy: ['bus sponge'],
    },
    {
      claim: 'a level of a path is left out',
      after: edited('merkle', (events) => events.slice(1)),
      rejectedBy: ['bus merkle'],
    },
    {
      claim: 'a path goes on past its depth',
      after: edited('merkle', (events) => [...events, word(events[1]!, 1, 0)]),
      rejectedBy: ['bus merkle'],
    },
    {
      claim: 'the node is the other child',
      after: edited('merkle', ([event, ...others]) => [word(event!, 2, event![2]! ^ 1), ...others]),
      rejectedBy: ['bus merkle'],
    },
    {
      claim: 'a path has a sibling that leads to another root',
      after: edited('merkle', ([event, ...others]) => [word(event!, 20, 5), ...others]),
      rejectedBy: ['bus merkle'],
    },
    {
      claim: 'a word of the digest changes after it was written',
      at: { merkle: first((m) => m.ram.write(RAM / 4 + 3, 7)) },
      rejectedBy: ['bus memory'],
    },
    {
      claim: 'a word of the root changes before it is read',
      at: { root: first((m) => m.ram.write(RAM / 4, 7)) },
      rejectedBy: ['bus memory'],
    },
  ]));

describe('the tape', () => {
  test('what was loaded and hashed is what is loaded later: a block that changes in between', () => {
    const later = first((m) => {
      m.hints[0] = 1;
    });
    const found = findings(program, input, { at: { later } });
    expect(found).toContain('bus memory');
    expect(found).toContain('bus sponge');
    expect(found).toContain('bus bf16-dot-state');
  });

  test('a block beyond its end', () => {
    const after = (execution: Execution): Execution => ({ ...execution, hints: hints.slice(0, 80) });
    expect(findings(program, input, { after })).toContain('bus operand');
  });
});
