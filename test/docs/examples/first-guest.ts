import { readFileSync } from 'node:fs';
import { assemble, readElf, renderAll } from 'ulpvm/asm';
import { checkExecution, proveProgram, ulpMachine, verifyProgram } from 'ulpvm/machine';
import { FAST } from 'ulpvm/stark';
import { loadProgram, run } from 'ulpvm/vm';

const machine = ulpMachine();
const path = new URL('factors.s', import.meta.url);
const source = { path: 'factors.s', text: readFileSync(path, 'utf8') };
const { elf, diagnostics } = assemble(source, { table: machine.instructions.table });
if (elf === undefined) throw new Error(renderAll(diagnostics));
const program = loadProgram(readElf(elf), machine.instructions);

// Word 0 of the hint tape is p, word 1 is q; the tape is a list of halfwords.
const hints = (p: number, q: number): Uint16Array => new Uint16Array(Uint32Array.of(p, q).buffer);
const attempts = [
  { publicInput: Uint32Array.of(65_521 * 65_537), hints: hints(65_521, 65_536) },
  { publicInput: Uint32Array.of(1), hints: hints(641, 6_700_417) }, // 641 * 6700417 = 2^32 + 1
];
for (const wrong of attempts) {
  const result = run(program, wrong);
  if (result.kind === 'trapped') console.log(result.trap.cause, result.trap.detail, result.trap.source);
}

const publicInput = Uint32Array.of(65_521 * 65_537);
const input = { publicInput, hints: hints(65_521, 65_537) };
const result = run(program, input, { record: machine.recorded });
if (result.kind === 'halted') console.log(checkExecution(machine, program, result.execution!));

const proven = await proveProgram(machine, program, input, { parameters: FAST });
if (proven.ok) {
  const { exitCode, publicOutput } = proven;
  console.log(verifyProgram(machine, program, { publicInput, publicOutput, exitCode }, proven.proof));
  const other = Uint32Array.of(15);
  console.log(verifyProgram(machine, program, { publicInput: other, publicOutput, exitCode }, proven.proof));
}
