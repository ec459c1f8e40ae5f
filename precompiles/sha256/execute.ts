import { type Instruction, xAddress } from '../../vm/executor/instruction.ts';
import { specOf } from '../../vm/isa/op.ts';
import { MESSAGE_TIME, STATE_TIME } from './call/air.ts';
import { MESSAGE_WORDS, STATE_WORDS } from './constants.ts';
import { compress } from './semantics.ts';

/** Log of the chips: one event per instruction. */
export const SHA256_CHIP = 'sha256-call';
/**
 * Event: pc, clk; address, value and time of the access before of rs1 and of rs2; then value and time of the access
 * before of the 16 words of the message and of the 8 of the state.
 */
export const SHA256_EVENT_WORDS = 8 + 2 * (MESSAGE_WORDS + STATE_WORDS);
export const MESSAGE_AT = 8;
export const STATE_AT = MESSAGE_AT + 2 * MESSAGE_WORDS;

const spec = specOf('sha256.compress');

export const SHA256_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rs1, rs2 }) => ({ op: spec.op, rs1: xAddress(rs1), rs2: xAddress(rs2) }),
    execute(machine, { rs1, rs2 }) {
      const { registers, ram, clk } = machine;
      const [stateAddress, messageAddress] = [registers[rs1]!, registers[rs2]!];
      for (let i = 0; i < STATE_WORDS; i++) machine.requireMapped(stateAddress + 4 * i, 4);
      for (let i = 0; i < MESSAGE_WORDS; i++) machine.requireMapped(messageAddress + 4 * i, 4);
      const [firstState, firstMessage] = [stateAddress >>> 2, messageAddress >>> 2];
      const state = Uint32Array.from({ length: STATE_WORDS }, (_, i) => ram.read(firstState + i));
      const message = Uint32Array.from({ length: MESSAGE_WORDS }, (_, i) => ram.read(firstMessage + i));
      const log = machine.log(SHA256_CHIP);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = machine.pc;
        words[at + 1] = clk;
        [rs1, rs2].forEach((register, k) => {
          words[at + 2 + 3 * k] = register;
          words[at + 3 + 3 * k] = registers[register]!;
          words[at + 4 + 3 * k] = machine.touchRegister(register, clk + k);
        });
        const push = (offset: number, values: Uint32Array, first: number, now: number): void =>
          values.forEach((value, i) => {
            words[at + offset + 2 * i] = value;
            words[at + offset + 2 * i + 1] = machine.touchRam(first + i, now);
          });
        push(MESSAGE_AT, message, firstMessage, clk + MESSAGE_TIME);
        push(STATE_AT, state, firstState, clk + STATE_TIME);
      }
      compress(state, message).forEach((word, i) => {
        ram.write(firstState + i, word);
      });
      machine.next();
    },
  },
];
