import { type Instruction, immediate, xAddress, xTarget } from '../../executor/instruction.ts';
import { specOf } from '../../isa/op.ts';
import { IO_EVENT_WORDS, pushIo } from '../io-event.ts';
import { hintHalf, hintWord } from './semantics.ts';

export const HINT_LOAD_CHIP = 'hint-load';
/** Event: the operands (`io-event.ts`, the second is rd at clk + 3), then 1 for a word, 0 for a halfword. */
export const HINT_LOAD_EVENT_WORDS = IO_EVENT_WORDS + 1;

export const HINT_LOAD_INSTRUCTIONS: readonly Instruction[] = [
  load('ulp.hint.w', 4, hintWord),
  load('ulp.hint.hu', 2, hintHalf),
];

function load(mnemonic: string, bytes: 2 | 4, read: (hints: Uint16Array, index: number) => number): Instruction {
  const spec = specOf(mnemonic);
  return {
    spec,
    decode: ({ rd, rs1, imm }) => ({ op: spec.op, rd: xTarget(rd), rs1: xAddress(rs1), ...immediate(imm) }),
    execute(machine, row) {
      const address = (machine.registers[row.rs1]! + row.imm) >>> 0;
      const value = read(machine.hints, machine.requireHints(address, bytes, bytes));
      const log = machine.log(HINT_LOAD_CHIP);
      if (log !== undefined) {
        const at = pushIo(log, machine, row, row.rd, 3);
        log.words[at + IO_EVENT_WORDS] = bytes === 4 ? 1 : 0;
      }
      machine.registers[row.rd] = value;
      machine.next();
    },
  };
}
