/** Leaves hashed and opened by a guest: the sponge and Merkle instructions in a whole machine. */
import { expect, test } from 'vitest';
import { assemble, readElf } from '../asm/index.ts';
import { checkExecution, explainFinding } from '../machine/check.ts';
import { ulpMachine } from '../machine/relation.ts';
import { rootOf } from '../precompiles/merkle/semantics.ts';
import { sponge } from '../precompiles/sponge/semantics.ts';
import { P } from '../stark/field/koala-bear.ts';
import { loadProgram } from '../vm/executor/load.ts';
import { run } from '../vm/executor/run.ts';
import { seeded } from './support/random.ts';

const TEXT = `
  .text
  .globl _start
  _start:
    lui sp, 0x10000
    addi s0, sp, -36
    addi s1, sp, -72
    li t0, 96        # skip a row of the tape
    li t1, 2
    poseidon2.sponge s0, t0, t1
    poseidon2.sponge s1, t0, t1
    li t0, 5
    li t1, 3
    poseidon2.merkle s0, t0, t1
    li t2, 0
  loop:
    add t3, s0, t2
    lw t4, 0(t3)
    ulp.out t4, 0(t2)
    addi t2, t2, 4
    li t5, 36
    bne t2, t5, loop
    li a0, 0
    li a7, 93
    ecall
`;

test('a guest hashes a leaf and goes up its path', () => {
  const machine = ulpMachine();
  const { elf } = assemble({ path: 'leaf.s', text: TEXT }, { table: machine.instructions.table });
  const program = loadProgram(readElf(elf!), machine.instructions);
  const random = seeded(5);
  const hints = Uint16Array.from({ length: 48 * 3 }, () => random.below(2 ** 16));
  const advice = Uint32Array.from({ length: 16 + 27 }, () => random.below(P));
  const result = run(program, { hints, advice }, { record: machine.recorded });
  expect(result.kind === 'trapped' ? result.trap : undefined).toBeUndefined();
  const leaf = sponge(hints.subarray(48), advice.subarray(0, 8));
  expect([...result.publicOutput]).toEqual([...rootOf(leaf, 5, advice.subarray(16))]);
  const { execution } = result as Extract<typeof result, { kind: 'halted' }>;
  expect(execution!.logs.get('sponge')!.count).toBe(4);
  expect(checkExecution(machine, program, execution!).map(explainFinding)).toEqual([]);
});
