/**
 * Floating-point instructions in programs: every rounding mode, static and dynamic, over edge operands, with the flags that
 * accrue, against an oracle where the standard fixes one; and the instructions on fcsr and counters.
 */
import { describe, expect, test } from 'vitest';
import { assemble, readElf, renderAll } from '../asm/index.ts';
import { FP32_EDGES } from '../test/support/fp32-frame.ts';
import { loadProgram } from '../vm/executor/load.ts';
import type { Program } from '../vm/executor/program.ts';
import { run } from '../vm/executor/run.ts';
import { checkExecution, explainFinding } from './check.ts';
import { ulpMachine } from './relation.ts';

const machine = ulpMachine();
const EXIT = '\n li a7, 93\n li a0, 0\n ecall\n';

function load(body: string): Program {
  const text = `.text\n.globl _start\n_start:\n${body}${EXIT}`;
  const { elf, diagnostics } = assemble({ path: 'test.s', text }, { table: machine.instructions.table });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  return loadProgram(readElf(elf), machine.instructions);
}

/** Public output of a program that satisfies the relation and runs alike both ways. */
function proven(body: string): number[] {
  const program = load(body);
  const recorded = run(program, {}, { record: machine.recorded });
  if (recorded.kind === 'trapped') throw new Error(JSON.stringify(recorded.trap));
  expect(run(program)).toMatchObject({ cycles: recorded.cycles, publicOutput: recorded.publicOutput });
  expect(checkExecution(machine, program, recorded.execution!).map(explainFinding)).toEqual([]);
  return [...recorded.publicOutput];
}
const trapOf = (body: string): unknown => {
  const result = run(load(body));
  return result.kind === 'trapped' ? result.trap.cause : undefined;
};

const MODES = ['rne', 'rtz', 'rdn', 'rup', 'rmm'];
const DATA = `.data\n.balign 4\nwords: .word ${FP32_EDGES.join(', ')}\n.text\n`;
/** Loops over all edges: `body` has the edge in t1 and ft1, and the one after the next in t2 and ft2. */
const overEdges = (body: string): string => `
    ${DATA}
    la s0, words
    li s1, ${FP32_EDGES.length - 2}
  loop:
    lw t1, 0(s0)
    lw t2, 8(s0)
    flw ft1, 0(s0)
    flw ft2, 8(s0)
    ${body}
    addi s0, s0, 4
    addi s1, s1, -1
    bnez s1, loop
    frcsr t0
    ulp.out t0, 0(zero)`;

describe('every instruction on edge operands satisfies the relation', () => {
  const ROUNDED = [
    'fcvt.w.s t0, ft1',
    'fcvt.wu.s t0, ft1',
    'fcvt.s.w ft0, t1',
    'fcvt.s.wu ft0, t1',
    'fcvt.bf16.s ft0, ft1',
  ];
  const SUMS = ['fadd.s ft0, ft1, ft2', 'fsub.s ft0, ft1, ft2'];

  test.each(MODES)('in static mode %s', (mode) => {
    expect(proven(overEdges([...ROUNDED, ...SUMS].map((line) => `${line}, ${mode}`).join('\n'))).length).toBe(1);
  });

  test('in all modes of frm', () => {
    const lines = [...ROUNDED, ...SUMS].join('\n');
    // The mode goes round 0 to 4 with the loop.
    const [fcsr] = proven(
      `li s2, 0\n ${overEdges(`fsrm s2\n ${lines}\n addi s2, s2, 1\n slti t0, s2, 5\n neg t0, t0\n and s2, s2, t0`)}`,
    );
    expect(fcsr! & 0x1f).toBe(0x17);
  });

  test('those without a mode', () => {
    const lines = ['feq.s', 'flt.s', 'fle.s'].map((name) => `${name} t0, ft1, ft2\n ${name} t0, ft1, ft1`);
    const choices = ['fmin.s', 'fmax.s', 'fsgnj.s', 'fsgnjn.s', 'fsgnjx.s'].map(
      (name) => `${name} ft0, ft1, ft2\n ${name} ft0, ft1, ft1`,
    );
    const moves = ['fclass.s t0, ft1', 'fmv.x.w t0, ft1', 'fmv.w.x ft0, t1', 'fmv.x.h t0, ft1', 'fmv.h.x ft0, t1'];
    const halves = [
      'flh ft3, 2(s0)',
      'fcvt.s.bf16 ft4, ft3',
      'fcvt.s.bf16 ft4, ft1',
      'fsh ft3, -16(sp)',
      'fsw ft1, -12(sp)',
    ];
    expect(proven(`lui sp, 0x10000\n ${overEdges([...lines, ...choices, ...moves, ...halves].join('\n'))}`)[0]).toBe(
      0x10,
    );
  });
});

describe('fcsr', () => {
  test('flags accrue from instruction to instruction and are read, written and cleared', () => {
    const out = proven(`
      li t1, 0x3f800000
      fmv.w.x ft1, t1
      li t1, 0x33800001
      fmv.w.x ft2, t1
      fadd.s ft0, ft1, ft2
      frflags t0
      ulp.out t0, 0(zero)
      li t1, 0x7f800001
      fmv.w.x ft3, t1
      feq.s t0, ft3, ft3
      frflags t0
      ulp.out t0, 4(zero)
      csrci fflags, 1
      csrsi fflags, 8
      frcsr t0
      ulp.out t0, 8(zero)
      li t1, 0x1e4
      fscsr t2, t1
      ulp.out t2, 12(zero)
      csrr t0, fcsr
      ulp.out t0, 16(zero)
      fsrmi t3, 2
      ulp.out t3, 20(zero)
      csrrw zero, fflags, zero
      frcsr t0
      ulp.out t0, 24(zero)`);
    expect(out).toEqual([1, 17, 24, 24, 0xe4, 7, 0x40]);
  });

  test('the dynamic mode is that of frm', () => {
    // 1 + 2^-25 is 1, or the next number up.
    const add = (mode: number): string =>
      `fsrmi ${mode}\n fadd.s ft0, ft1, ft2\n fmv.x.w t0, ft0\n ulp.out t0, ${4 * mode}(zero)`;
    const out = proven(`
      li t1, 0x3f800000
      fmv.w.x ft1, t1
      li t1, 0x33000000
      fmv.w.x ft2, t1
      ${[0, 1, 2, 3, 4].map(add).join('\n')}`);
    expect(out).toEqual([0x3f80_0000, 0x3f80_0000, 0x3f80_0000, 0x3f80_0001, 0x3f80_0000]);
  });

  test.each([5, 6, 7])(
    'reserved mode %i in frm makes an instruction with the dynamic mode illegal, and no other',
    (mode) => {
      for (const line of [
        'fadd.s ft0, ft1, ft2',
        'fcvt.w.s t0, ft1',
        'fcvt.bf16.s ft0, ft1',
        'fcvt.s.bf16 ft0, ft1, dyn',
      ]) {
        expect(trapOf(`fsrmi ${mode}\n ${line}`), line).toBe('illegal-instruction');
        expect(trapOf(`fsrmi ${mode}\n ${line.replace(', dyn', '')}, rtz`), line).toBeUndefined();
      }
      expect(trapOf(`fsrmi ${mode}\n feq.s t0, ft0, ft1\n fmin.s ft0, ft0, ft1`)).toBeUndefined();
    },
  );
});

describe('counters', () => {
  test('cycle, time and instret are the number of instructions before', () => {
    const out = proven(`
      csrr t0, cycle
      nop
      csrr t1, time
      csrrc t2, instret, zero
      csrrsi t3, instreth, 0
      csrr t4, cycleh
      csrr t5, timeh
      ${[0, 1, 2, 3, 4, 5].map((i) => `ulp.out t${i}, ${4 * i}(zero)`).join('\n')}`);
    expect(out).toEqual([0, 2, 3, 0, 0, 0]);
  });

  test.each([
    'csrrw t0, cycle, zero',
    'csrrs t0, cycle, t1',
    'csrrci t0, instret, 1',
    'csrrwi t0, timeh, 0',
    'csrr t0, 0xf14',
    'csrw 0x300, t0',
    'csrr t0, 0xc03',
    'unimp',
  ])('%s is illegal', (line) => expect(trapOf(line)).toBe('illegal-instruction'));
});
