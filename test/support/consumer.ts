/** A program as a user of the package writes it, over all of its entries: type-checked with the project. */
import { assemble, readElf, renderAll } from 'ulpvm/asm';
import { checkExecution, costOf, type Machine, ulpMachine, verifyingKey } from 'ulpvm/machine';
import { commitTensor, memoryMatrix, tensorSaltSeed } from 'ulpvm/protocol';
import { FAST, type Parameters, securityOf } from 'ulpvm/stark';
import { loadProgram, type Program, type RunResult, run, type TrapCause } from 'ulpvm/vm';

const machine: Machine = ulpMachine();
const parameters: Parameters = FAST;

function load(text: string): Program {
  const { elf, diagnostics } = assemble({ path: 'consumer.s', text }, { table: machine.instructions.table });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  return loadProgram(readElf(elf), machine.instructions);
}

const program = load(`
    .globl _start
_start:
    ulp.pub.w t0, 0(zero)
    ulp.assert.eq t0, zero, "the public word is 0"
    li a7, 93
    li a0, 0
    ecall
`);
const input = { publicInput: Uint32Array.of(0) };
const trapOf = (result: RunResult): TrapCause | undefined =>
  result.kind === 'trapped' ? result.trap.cause : undefined;

const halted = run(program, input, { record: machine.recorded });
if (halted.kind === 'trapped') throw new Error(halted.trap.detail);
const execution = halted.execution!;
const cost = costOf(machine, program, input, execution, parameters);
const matrix = memoryMatrix(2, 48, new Uint16Array(96));
const { root } = await commitTensor(matrix, 'row', tensorSaltSeed(new Uint8Array(32), 'x'));

/** What the run, its check, its cost and a commitment gave. */
export const consumed = {
  trap: trapOf(run(program, { publicInput: Uint32Array.of(1) })),
  findings: checkExecution(machine, program, execution),
  routines: cost.routines.map(({ name }) => name),
  rootFelts: root.length,
  keyDigits: verifyingKey(machine, program).length,
  bits: Math.floor(securityOf({ logHeight: 18, numFractions: 2 ** 22, numConstraints: 2000 }, parameters).bits),
};
