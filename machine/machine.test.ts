import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assemble, readElf, renderAll } from '../asm/index.ts';
import { forAll, u32 } from '../test/support/property.ts';
import type { Execution } from '../vm/executor/execution.ts';
import { loadProgram } from '../vm/executor/load.ts';
import type { Program, ProgramInput } from '../vm/executor/program.ts';
import { type Halted, run } from '../vm/executor/run.ts';
import { checkExecution, explainFinding } from './check.ts';
import { ulpMachine } from './relation.ts';

const machine = ulpMachine();

function load(text: string): Program {
  const { elf, diagnostics } = assemble({ path: 'test.s', text }, { table: machine.instructions.table });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  return loadProgram(readElf(elf), machine.instructions);
}

function record(program: Program, input: ProgramInput = {}): Halted & { readonly execution: Execution } {
  const result = run(program, input, { record: machine.recorded });
  if (result.kind === 'trapped') throw new Error(JSON.stringify(result.trap));
  return result as Halted & { readonly execution: Execution };
}

/** Runs a program both ways, which must agree, and returns what the checker finds: nothing. */
function findings(text: string, input: ProgramInput = {}): string[] {
  const program = load(text);
  const [recorded, fast] = [record(program, input), run(program, input)];
  expect(fast).toMatchObject({
    kind: 'halted',
    exitCode: recorded.exitCode,
    cycles: recorded.cycles,
    publicOutput: recorded.publicOutput,
  });
  return checkExecution(machine, program, recorded.execution).map(explainFinding);
}

const START = '.text\n.globl _start\n_start:\n';
const EXIT = '\n li a7, 93\n ecall\n';

describe('programs satisfy the relation', () => {
  test('nothing but an exit', () => expect(findings(START + EXIT)).toEqual([]));

  test('public input, output, hints and an assertion', () => {
    const text = `${START}
        ulp.pub.w t1, 4(zero)
        ulp.hint.w t2, 36(zero)
        ulp.hint.hu t3, 38(zero)
        ulp.hint.hu t4, 36(zero)
        add t5, t1, t2
        ulp.out t5, 0(zero)
        li t0, 8
        ulp.out t3, -4(t0)
        li t6, 7
        ulp.assert.eq t4, t6, "t4 is 7"
        ${EXIT}`;
    const hints = new Uint16Array(40);
    hints.set([7, 9], 18);
    const input = { publicInput: Uint32Array.of(3, 0x8000_0001), hints };
    expect(findings(text, input)).toEqual([]);
    expect([...record(load(text), input).publicOutput]).toEqual([0x8009_0008, 9]);
  });

  test('calls, loops, loads and stores in image and RAM', () => {
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
        sh t1, -2(sp)
        lhu t2, -14(sp)
        lb t2, -13(sp)
        li t3, 10
      loop:
        addi t3, t3, -1
        xor t2, t2, t3
        bnez t3, loop
        call leaf
        auipc a1, 1
        fmv.w.x fa0, t2
        fsw fa0, -20(sp)
        flw fa1, -20(sp)
        fmv.x.w a0, fa1
        fence
        ${EXIT}
      leaf:
        ret`;
    expect(findings(text)).toEqual([]);
  });

  test('random instructions of RV32IM', () => {
    const r = fc.constantFrom('zero', 'ra', 'sp', 'gp', 'tp', 't0');
    const three = fc.constantFrom(
      ...'add sub sll srl sra slt sltu xor or and mul mulh mulhsu mulhu div divu rem remu'.split(' '),
    );
    const two = fc.constantFrom('addi', 'slti', 'sltiu', 'xori', 'ori', 'andi');
    const shift = fc.constantFrom('slli', 'srli', 'srai');
    const load = fc.constantFrom(
      ...['lw 4', 'lh 2', 'lhu 2', 'lb 1', 'lbu 1', 'sw 4', 'sh 2', 'sb 1'].map((s) => s.split(' ')),
    );
    const branch = fc.constantFrom('beq', 'bne', 'blt', 'bge', 'bltu', 'bgeu');
    const imm = fc.integer({ min: -2048, max: 2047 });
    const line = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(three, r, r, r).map(([op, d, a, b]) => `${op} ${d}, ${a}, ${b}`) },
      { weight: 2, arbitrary: fc.tuple(two, r, r, imm).map(([op, d, a, i]) => `${op} ${d}, ${a}, ${i}`) },
      { weight: 2, arbitrary: fc.tuple(shift, r, r, fc.nat(31)).map(([op, d, a, i]) => `${op} ${d}, ${a}, ${i}`) },
      {
        weight: 3,
        arbitrary: fc.tuple(load, r, imm).map(([[op, size], d, i]) => `${op} ${d}, ${i - (i % Number(size))}(s0)`),
      },
      { weight: 2, arbitrary: fc.tuple(branch, r, r).map(([op, a, b]) => `${op} ${a}, ${b}, . + 8`) },
      { weight: 1, arbitrary: fc.tuple(r, u32()).map(([d, i]) => `li ${d}, ${i | 0}\n mv ${d}, ${d}`) },
    );
    forAll(
      fc.tuple(fc.array(u32(), { minLength: 5, maxLength: 5 }), fc.array(line, { maxLength: 40 })),
      ([values, lines]) => {
        const set = ['ra', 'sp', 'gp', 'tp', 't0'].map((name, i) => `li ${name}, ${values[i]! | 0}`);
        const text = [START, 'li s0, 0x08000000', ...set, ...lines, 'nop', EXIT].join('\n');
        expect(findings(text)).toEqual([]);
      },
      15,
    );
  });

  test('dot products and hashing of the tape', () => {
    const text = `${START}
        li a0, 0
        li a1, 64
        li a2, 2
        fmv.w.x fa0, zero
        bf16.dot.hopper fa0, a0, a1, a2
        li s0, 0x08000000
        li a3, 96
        li a4, 1
        poseidon2.sponge s0, a3, a4
        li a5, 1
        li a6, 2
        poseidon2.merkle s0, a5, a6
        lw t0, 0(s0)
        ulp.out t0, 0(zero)
        ${EXIT}`;
    const hints = Uint16Array.from({ length: 96 }, (_, i) => 0x3f80 + 3 * i);
    const advice = Uint32Array.from({ length: 64 }, (_, i) => 1 + i * 0x0123_4567);
    expect(findings(text, { hints, advice: advice.map((a) => a % 0x7f00_0001) })).toEqual([]);
  });
});

describe('the checker says what is wrong', () => {
  const text = `${START}
    li s0, 0x08000000
    li t0, 5
    sw t0, 4(s0)
    ulp.out t0, 0(zero)
    mv a0, t0
    ${EXIT}`;
  const program = load(text);
  const { execution } = record(program);
  const found = (changes: Partial<Execution>) =>
    checkExecution(machine, program, { ...execution, ...changes }).map((finding) =>
      finding.kind === 'bus'
        ? [finding.bus, finding.tuple, finding.by.map((by) => `${by.chip}: ${by.interaction}`)]
        : [finding.chip, finding.constraint, finding.row],
    );

  test('nothing in an honest execution', () => expect(found({})).toEqual([]));

  test('another exit code than a0', () => {
    expect(found({ exitCode: 6 })).toEqual([
      ['exit', { lo: 6, hi: 0 }, []],
      ['exit', { lo: 5, hi: 0 }, ['halt: the exit code is a0']],
    ]);
  });

  test('another output than was written', () => {
    expect(found({ publicOutput: Uint32Array.of(0x1_0005) })).toEqual([
      ['public-output', { index: 0, lo: 5, hi: 1 }, []],
      ['public-output', { index: 0, lo: 5, hi: 0 }, ['public-output: the word is in the public output']],
    ]);
  });

  test('a word of RAM that ends with another value', () => {
    const memory = { ...execution.memory, value: Uint32Array.of(6) };
    expect(found({ memory })).toMatchObject([
      ['memory', { space: 1, address: 0x0200_0001, lo: 6 }, ['memory: the word ends with the value last written']],
      ['memory', { space: 1, address: 0x0200_0001, lo: 5 }, ['store: ram is left with its value']],
    ]);
  });

  test('a word of RAM below the base', () => {
    const { memory } = execution;
    expect(found({ memory: { ...memory, address: Uint32Array.of(program.ramBase - 1) } })[0]).toEqual([
      'memory',
      'addresses increase',
      0,
    ]);
  });

  test('with the source line of the guest', () => {
    const log = execution.logs.get('store')!;
    const words = log.words.slice();
    words[1]! += 4;
    const logs = new Map(execution.logs).set('store', Object.assign(Object.create(log), { words }));
    const lines = checkExecution(machine, program, { ...execution, logs }).map(explainFinding);
    expect(lines.join('\n')).toContain('store row 0 (test.s:7) "the machine is at this instruction"');
  });
});
