/** Activations looked up by a guest: the BF16 function tables in a whole machine, and what they add to a proof. */
import { expect, test } from 'vitest';
import { assemble, readElf } from '../asm/index.ts';
import { checkExecution, explainFinding } from '../machine/check.ts';
import { proveProgram, verifyProgram } from '../machine/prove.ts';
import { ulpMachine } from '../machine/relation.ts';
import { FAST } from '../stark/parameters.ts';
import { loadProgram } from '../vm/executor/load.ts';
import { run } from '../vm/executor/run.ts';

const TEXT = `
  .globl _start
  _start:
    li t0, 0x40000000
    fmv.w.x ft0, t0
    fcvt.bf16.s ft0, ft0
    bf16.table ft1, ft0, 0
    bf16.table ft2, ft0, 6
    fmv.x.w t1, ft1
    ulp.out t1, 0(zero)
    fmv.x.w t1, ft2
    ulp.out t1, 4(zero)
    li a0, 0
    li a7, 93
    ecall
`;

test('a guest looks up GELU and 2^x at 2, and proves it', async () => {
  const machine = ulpMachine();
  const { elf, diagnostics } = assemble({ path: 'table.s', text: TEXT }, { table: machine.instructions.table });
  expect(diagnostics).toEqual([]);
  const program = loadProgram(readElf(elf!), machine.instructions);
  const result = run(program, {}, { record: machine.recorded });
  expect(result.kind === 'trapped' ? result.trap : undefined).toBeUndefined();
  // 2 (1 + tanh(sqrt(2 / pi) 2.35772)) / 2 = 1.95459769.., and 4.
  expect([...result.publicOutput]).toEqual([0x3ffa3042, 0x40800000]);
  const { execution } = result as Extract<typeof result, { kind: 'halted' }>;
  expect(checkExecution(machine, program, execution!).map(explainFinding)).toEqual([]);
  const proven = await proveProgram(machine, program, {}, { parameters: FAST });
  if (!proven.ok) throw new Error('the program halts');
  const claim = { publicInput: new Uint32Array(0), publicOutput: proven.publicOutput, exitCode: 0 };
  expect(verifyProgram(machine, program, claim, proven.proof)).toMatchObject({ ok: true });
});
