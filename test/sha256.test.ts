/** Two chained blocks hashed by a guest: the SHA-256 instruction in a whole machine. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { assemble, readElf } from '../asm/index.ts';
import { checkExecution, explainFinding } from '../machine/check.ts';
import { proveProgram, verifyProgram } from '../machine/prove.ts';
import { ulpMachine } from '../machine/relation.ts';
import { FAST } from '../stark/parameters.ts';
import { loadProgram } from '../vm/executor/load.ts';
import { run } from '../vm/executor/run.ts';

/** 64 bytes 0, 1, 2, .. and then the block of padding. */
const MESSAGE = Array.from({ length: 64 }, (_, i) => i);
const word = (i: number): number => Buffer.from(MESSAGE).readUInt32BE(4 * i);
const TEXT = `
  .globl _start
  _start:
    la s0, state
    la s1, message
    sha256.compress s0, s1
    addi s1, s1, 64
    sha256.compress s0, s1
    li t2, 0
  loop:
    add t3, s0, t2
    lw t4, 0(t3)
    ulp.out t4, 0(t2)
    addi t2, t2, 4
    li t5, 32
    bne t2, t5, loop
    li a0, 0
    li a7, 93
    ecall
  .data
  .balign 4
  state:
    .word 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
  message:
    .word ${Array.from({ length: 16 }, (_, i) => word(i)).join(', ')}
    .word 0x80000000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 512
`;

test('a guest hashes 64 bytes', async () => {
  const machine = ulpMachine();
  const { elf, diagnostics } = assemble({ path: 'hash.s', text: TEXT }, { table: machine.instructions.table });
  expect(diagnostics).toEqual([]);
  const program = loadProgram(readElf(elf!), machine.instructions);
  const result = run(program, {}, { record: machine.recorded });
  expect(result.kind === 'trapped' ? result.trap : undefined).toBeUndefined();
  const digest = createHash('sha256').update(Uint8Array.from(MESSAGE)).digest();
  expect([...result.publicOutput]).toEqual(Array.from({ length: 8 }, (_, i) => digest.readUInt32BE(4 * i)));
  const { execution } = result as Extract<typeof result, { kind: 'halted' }>;
  expect(checkExecution(machine, program, execution!).map(explainFinding)).toEqual([]);

  const proven = await proveProgram(machine, program, {}, { parameters: FAST });
  if (!proven.ok) throw new Error('the program halts');
  const claim = { publicInput: new Uint32Array(0), publicOutput: proven.publicOutput, exitCode: 0 };
  expect(verifyProgram(machine, program, claim, proven.proof)).toMatchObject({ ok: true });
  claim.publicOutput = proven.publicOutput.with(1, 0);
  expect(verifyProgram(machine, program, claim, proven.proof)).toMatchObject({ ok: false });
});
