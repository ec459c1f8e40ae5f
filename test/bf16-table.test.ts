/** Activations looked up by a guest: the BF16 function tables in a whole machine, and what they add to a proof. */
import { expect, test } from 'vitest';
import { assemble, readElf } from '../asm/index.ts';
import { checkExecution, explainFinding } from '../machine/check.ts';
import { FIXED_ROOTS } from '../machine/fixed-roots.ts';
import { defineMachine } from '../machine/machine.ts';
import { proveProgram, verifyProgram } from '../machine/prove.ts';
import { EXTENSIONS, ulpMachine } from '../machine/relation.ts';
import { FAST } from '../stark/parameters.ts';
import { loadProgram } from '../vm/executor/load.ts';
import { run } from '../vm/executor/run.ts';
import { watch } from './support/transcript-log.ts';

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
  const { proof, publicOutput } = proven;
  const claim = { publicInput: new Uint32Array(0), publicOutput, exitCode: 0 };
  const verdictOf = (bytes: Uint8Array) => verifyProgram(machine, program, claim, bytes);
  expect(verdictOf(proof)).toMatchObject({ ok: true });

  // The commitments of the two functions are opened, and those of no other; each against its own root.
  const log = watch(() => void verdictOf(proof)).filter((operation) => operation.kind === 'read');
  const opened = log.filter(({ label }) => /^fixed .* rows$/.test(label));
  const names = ['fixed bf16-gelu-tanh-table', 'fixed bf16-exp2-table'];
  expect(opened.map(({ label }) => label)).toEqual(names.map((name) => `${name} rows`));
  for (const [i, { offset }] of opened.entries()) {
    const changed = proof.slice();
    changed[offset] = changed[offset]! ^ 1;
    expect(verdictOf(changed)).toMatchObject({ ok: false, why: { code: 'merkle-path', commitment: names[i] } });
  }
});

test('a prover with another table than that of the root is refused', async () => {
  const key = 'fast bf16-exp2-table';
  const wrong = defineMachine('ulp', EXTENSIONS, { ...FIXED_ROOTS, [key]: FIXED_ROOTS['fast bf16-silu-table']! });
  const { elf } = assemble({ path: 'table.s', text: TEXT }, { table: wrong.instructions.table });
  const program = loadProgram(readElf(elf!), wrong.instructions);
  await expect(proveProgram(wrong, program, {}, { parameters: FAST })).rejects.toThrow(
    `fixedRoots.${key}: expected ${FIXED_ROOTS[key]}, got another root`,
  );
});
