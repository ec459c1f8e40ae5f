/** The engine of a machine: by default this project's. */
import { readElf } from '../asm/elf.ts';
import { costOf } from '../machine/cost.ts';
import type { Machine } from '../machine/machine.ts';
import { proveProgram, verifyingKey, verifyProgram } from '../machine/prove.ts';
import { ulpMachine } from '../machine/relation.ts';
import { rowsInUse } from '../machine/witness.ts';
import { loadProgram } from '../vm/executor/load.ts';
import { run } from '../vm/executor/run.ts';
import { chipError } from './config/chip-error.ts';
import type { Config } from './config/config-file.ts';
import type { Engine } from './engine.ts';

export function machineEngine(machine: Machine = ulpMachine(), config?: Config): Engine {
  return {
    machine,
    config,
    instructions: machine.instructions.table,
    load: (elf) => loadProgram(readElf(elf), machine.instructions),
    run(program, input, { record }) {
      const result = run(program, input, record ? { record: machine.recorded } : {});
      if (result.kind === 'trapped') return { ok: false, trap: result.trap };
      const rows = result.execution && rowsInUse(machine, program, result.execution);
      return { ok: true, ...result, rows };
    },
    cost(program, input, parameters) {
      const result = run(program, input, { record: machine.recorded });
      if (result.kind === 'trapped') return { ok: false, trap: result.trap };
      return { ok: true, ...costOf(machine, program, input, result.execution!, parameters) };
    },
    prove: (program, input, options) =>
      proveProgram(machine, program, input, options).catch((cause: unknown) => {
        throw config === undefined ? cause : chipError(machine, config, program, input, cause);
      }),
    verify: (program, values, proof) => verifyProgram(machine, program, values, proof),
    verifyingKey: (program) => verifyingKey(machine, program),
  };
}
