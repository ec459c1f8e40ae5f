/** Random words drawn by a guest: the Philox instruction in a whole machine. */
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
    la s0, counter
    la s1, key
    philox s0, s1
    li t2, 0
  loop:
    add t3, s0, t2
    lw t4, 0(t3)
    ulp.out t4, 0(t2)
    addi t2, t2, 4
    li t5, 16
    bne t2, t5, loop
    philox s0, s1
    li a0, 0
    li a7, 93
    ecall
  .data
  .balign 4
  counter:
    .word 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344
  key:
    .word 0xa4093822, 0x299f31d0
`;

test('a guest draws the words of a known answer of Random123', async () => {
  const machine = ulpMachine();
  const { elf, diagnostics } = assemble({ path: 'draw.s', text: TEXT }, { table: machine.instructions.table });
  expect(diagnostics).toEqual([]);
  const program = loadProgram(readElf(elf!), machine.instructions);
  const result = run(program, {}, { record: machine.recorded });
  expect(result.kind === 'trapped' ? result.trap : undefined).toBeUndefined();
  expect([...result.publicOutput]).toEqual([0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1]);
  const { execution } = result as Extract<typeof result, { kind: 'halted' }>;
  expect(checkExecution(machine, program, execution!).map(explainFinding)).toEqual([]);

  const proven = await proveProgram(machine, program, {}, { parameters: FAST });
  if (!proven.ok) throw new Error('the program halts');
  const claim = { publicInput: new Uint32Array(0), publicOutput: proven.publicOutput, exitCode: 0 };
  expect(verifyProgram(machine, program, claim, proven.proof)).toMatchObject({ ok: true });
  claim.publicOutput = proven.publicOutput.with(1, 0);
  expect(verifyProgram(machine, program, claim, proven.proof)).toMatchObject({ ok: false });
});
