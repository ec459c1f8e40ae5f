import { describe, expect, test } from 'vitest';
import { assemble, readElf, renderAll } from '../asm/index.ts';
import { loadProgram } from '../vm/executor/load.ts';
import type { ProgramInput } from '../vm/executor/program.ts';
import { type Halted, run } from '../vm/executor/run.ts';
import { checkExecution, explainFinding } from './check.ts';
import { ulpMachine } from './relation.ts';

const machine = ulpMachine();

function load(text: string) {
  const { elf, diagnostics } = assemble({ path: 'test.s', text }, { table: machine.instructions.table });
  if (elf === undefined) throw new Error(JSON.stringify(diagnostics.map((d) => d.message ?? d)));
  return loadProgram(readElf(elf), machine.instructions);
}

function findings(text: string, input: ProgramInput = {}): { halted: Halted; findings: string[] } {
  const program = load(text);
  const result = run(program, input, { record: machine.recorded });
  if (result.kind === 'trapped') throw new Error(JSON.stringify(result.trap));
  return { halted: result, findings: checkExecution(machine, program, result.execution!).map(explainFinding) };
}

const EXIT = '\n li a0, 0\n li a7, 93\n ecall\n';

describe('programs satisfy the relation', () => {
  test('nothing but an exit', () => {
    expect(findings(`.text\n.globl _start\n_start:\n${EXIT}`).findings).toEqual([]);
  });

  test('public input, output, hints and an assertion', () => {
    const text = `
      .text
      .globl _start
      _start:
        li t0, 0
        ulp.pub.w t1, 4(t0)
        ulp.hint.w t2, 36(t0)
        ulp.hint.hu t3, 38(t0)
        ulp.hint.hu t4, 36(t0)
        add t5, t1, t2
        ulp.out t5, 0(t0)
        li t0, 8
        ulp.out t3, -4(t0)
        li t6, 7
        ulp.assert.eq t4, t6, 5
        ${EXIT}`;
    const hints = new Uint16Array(40);
    hints[18] = 7;
    hints[19] = 9;
    const { halted, findings: found } = findings(text, { publicInput: Uint32Array.of(3, 0x8000_0001), hints });
    expect(found).toEqual([]);
    expect([...halted.publicOutput]).toEqual([0x8009_0008, 9]);
  });
  test('loops, loads and stores in image and RAM', () => {
    const text = `
      .data
      value: .word 5, 6, 7
      .text
      .globl _start
      _start:
        lui sp, 0x10000
        la t0, value
        lw t1, 4(t0)
        sw t1, 8(t0)
        sw t1, -16(sp)
        sb t1, -13(sp)
        lhu t2, -14(sp)
        li t3, 10
      loop:
        addi t3, t3, -1
        xor t2, t2, t3
        bnez t3, loop
        sltu t4, t3, t2
        call leaf
        ${EXIT}
      leaf:
        ret
      `;
    expect(findings(text).findings).toEqual([]);
  });
});
