/** Forgeries of whole executions (`support/lying-execution.ts`): public input and output. */
import { describe, expect, test } from 'vitest';
import type { Execution } from '../vm/executor/execution.ts';
import type { ProgramInput } from '../vm/executor/program.ts';
import { type Cheat, executionOf, findings, load } from './support/lying-execution.ts';

const OUTPUT = `
  .text
  .globl _start
  _start:
    ulp.pub.w t0, 0(zero)
    ulp.hint.w s0, 0(zero)
    ulp.hint.w s1, 4(zero)
  one: ulp.out t0, 0(s0)
  two: ulp.out s1, 0(s1)
    li a7, 93
    ecall
`;
const output = (first: number, second: number): ProgramInput => ({
  publicInput: Uint32Array.of(9),
  hints: new Uint16Array(Uint32Array.of(first, second).buffer),
});

describe('an execution with another output or input', () => {
  const program = load(OUTPUT);
  /** Writes the word wherever the address says. */
  const anywhere: Cheat = (m, row, honest) => {
    const { length } = m.publicOutput;
    const index = m.registers[row.rs1]! / 4;
    m.publicOutput.length = index;
    honest();
    m.publicOutput.length = Math.max(length, index + 1);
  };
  const both = { one: anywhere, two: anywhere };

  test('the honest execution satisfies the relation', () => {
    expect(findings(program, output(0, 4), {})).toEqual([]);
    expect(executionOf(program, output(0, 4), {}).publicOutput).toEqual(Uint32Array.of(9, 4));
  });

  test('words are written in another order than that of their addresses', () => {
    const after = (execution: Execution): Execution => ({ ...execution, publicOutput: Uint32Array.of(0, 9) });
    expect(findings(program, output(4, 0), { at: both, after })).toEqual(['public-output: words are consecutive']);
  });

  test('a word is written twice', () => {
    expect(findings(program, output(0, 0), { at: both })).toEqual([
      'bus public-output',
      'public-output: words are consecutive',
    ]);
  });

  test('a word is left out', () => {
    expect(findings(program, output(0, 8), { at: both })).toContain('bus public-output');
  });

  test('the statement has a word less, or one more', () => {
    for (const words of [[9], [9, 4, 0]]) {
      const after = (execution: Execution): Execution => ({ ...execution, publicOutput: Uint32Array.from(words) });
      expect(findings(program, output(0, 4), { after })).toEqual(['bus public-output']);
    }
  });

  // The trace takes words from the statement's input, so what the registers got is not in it.
  test('the statement has another input', () => {
    const after = (execution: Execution): Execution => ({ ...execution, publicInput: Uint32Array.of(8) });
    expect(findings(program, output(0, 4), { after })).toEqual(['bus memory']);
  });

  test('a word of the input that is beyond its end', () => {
    const after = (execution: Execution): Execution => ({ ...execution, publicInput: new Uint32Array(0) });
    expect(findings(program, output(0, 4), { after })).toEqual(['bus memory', 'bus public-input']);
  });

  test('an address of the output that is no multiple of 4', () => {
    const one: Cheat = (m, row, honest) => {
      Object.assign(m.publicOutput, { length: 0 });
      m.registers[row.rs1]! -= 2;
      honest();
      m.registers[row.rs1]! += 2;
    };
    expect(findings(program, output(2, 4), { at: { one } })).toContain('bus memory');
  });
});
