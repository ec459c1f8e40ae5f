import type { Instruction } from '../../executor/instruction.ts';
import { specOf } from '../../isa/op.ts';
import { A0, A7, EXIT_CALL } from './call.ts';

export const HALT_CHIP = 'halt';
/** Event: pc, clk, exit code, time of the access before to a7, to a0. */
export const HALT_EVENT_WORDS = 5;

const [ecall, ebreak] = [specOf('ecall'), specOf('ebreak')];

/** ecall halts or traps; ebreak always traps. */
export const SYSTEM_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec: ecall,
    decode: () => ({ op: ecall.op }),
    execute(machine) {
      const call = machine.registers[A7]!;
      if (call !== EXIT_CALL) machine.trap('unknown-environment-call', `a7 = ${call}, expected ${EXIT_CALL}`);
      const exitCode = machine.registers[A0]!;
      const log = machine.log(HALT_CHIP);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = machine.pc;
        words[at + 1] = machine.clk;
        words[at + 2] = exitCode;
        words[at + 3] = machine.touchRegister(A7, machine.clk);
        words[at + 4] = machine.touchRegister(A0, machine.clk + 1);
      }
      machine.exitCode = exitCode;
      machine.next();
    },
  },
  {
    spec: ebreak,
    decode: () => ({ op: ebreak.op }),
    execute: (machine) => machine.trap('breakpoint'),
  },
];
