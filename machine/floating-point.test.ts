import { expect, test } from 'vitest';
import { assemble, readElf, renderAll } from '../asm/index.ts';
import { oracle } from '../test/support/fp32.ts';
import { loadProgram } from '../vm/executor/load.ts';
import type { Program } from '../vm/executor/program.ts';
import { run } from '../vm/executor/run.ts';
import { checkExecution, explainFinding } from './check.ts';
import { ulpMachine } from './relation.ts';

const machine = ulpMachine();

const [ONE, THREE, LEAST, LARGEST] = [0x3f80_0000, 0x4040_0000, 0x0000_0001, 0x7f7f_ffff];
const [INFINITY, SIGNALING, MINUS_THREE, ZERO] = [0x7f80_0000, 0x7f80_0001, 0xc040_0000, 0];
const OPERANDS = [
  [ONE, THREE, MINUS_THREE],
  [LEAST, THREE, LEAST],
  [LARGEST, LARGEST, INFINITY],
  [THREE, ZERO, ONE],
  [MINUS_THREE, ONE, THREE],
  [SIGNALING, ONE, INFINITY],
] as const;

const MODES = ['rne', 'rtz', 'rdn', 'rup', 'rmm'];

/** Three public words into f1, f2, f3; the results of all instructions out. The last one has the dynamic mode, RNE. */
const text = (mode: string): string => `
  .text
  .globl _start
  _start:
    ulp.pub.w t0, 0(zero)
    fmv.w.x f1, t0
    ulp.pub.w t0, 4(zero)
    fmv.w.x f2, t0
    ulp.pub.w t0, 8(zero)
    fmv.w.x f3, t0
    fmul.s f4, f1, f2, ${mode}
    fdiv.s f5, f1, f2, ${mode}
    fsqrt.s f6, f1, ${mode}
    fmadd.s f7, f1, f2, f3, ${mode}
    fmsub.s f8, f1, f2, f3, ${mode}
    fnmsub.s f9, f1, f2, f3, ${mode}
    fnmadd.s f10, f1, f1, f1
    ${[4, 5, 6, 7, 8, 9, 10].map((f, i) => `fmv.x.w t0, f${f}\n ulp.out t0, ${4 * i}(zero)`).join('\n')}
    li a7, 93
    li a0, 0
    ecall
`;

function load(source: string): Program {
  const { elf, diagnostics } = assemble({ path: 'test.s', text: source }, { table: machine.instructions.table });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  return loadProgram(readElf(elf), machine.instructions);
}

test.each(OPERANDS.map((operands, i) => [i % 5, ...operands] as const))(
  'products, quotients, roots and fused sums in mode %i of %i, %i, %i satisfy the relation',
  (mode, a, b, c) => {
    const program = load(text(MODES[mode]!));
    const result = run(program, { publicInput: Uint32Array.of(a, b, c) }, { record: machine.recorded });
    if (result.kind === 'trapped') throw new Error(JSON.stringify(result.trap));
    expect(checkExecution(machine, program, result.execution!).map(explainFinding)).toEqual([]);
    const expected = [
      oracle.mul(mode, a, b),
      oracle.div(mode, a, b),
      oracle.sqrt(mode, a),
      oracle.fma(mode, 0, 0, a, b, c),
      oracle.fma(mode, 0, 1, a, b, c),
      oracle.fma(mode, 1, 0, a, b, c),
      oracle.fma(0, 1, 1, a, a, a),
    ];
    expect([...result.publicOutput]).toEqual(expected.map(([word]) => word));
  },
);
