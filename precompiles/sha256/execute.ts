import { POINTER_EVENT_WORDS, pushPointers, readBlock, recordBlock, writeBack } from '../../vm/chips/word-block.ts';
import { type Instruction, xAddress } from '../../vm/executor/instruction.ts';
import { specOf } from '../../vm/isa/op.ts';
import { MESSAGE_TIME, STATE_TIME } from './call/air.ts';
import { MESSAGE_WORDS, STATE_WORDS } from './constants.ts';
import { compress } from './semantics.ts';

/** Log of the chips: one event per instruction. */
export const SHA256_CHIP = 'sha256-call';
/**
 * Event: that of `pushPointers`; then value and time of the access before of the 16 words of the message and of the 8 of
 * the state.
 */
export const SHA256_EVENT_WORDS = POINTER_EVENT_WORDS + 2 * (MESSAGE_WORDS + STATE_WORDS);
export const MESSAGE_AT = POINTER_EVENT_WORDS;
export const STATE_AT = MESSAGE_AT + 2 * MESSAGE_WORDS;

const spec = specOf('sha256.compress');

export const SHA256_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rs1, rs2 }) => ({ op: spec.op, rs1: xAddress(rs1), rs2: xAddress(rs2) }),
    execute(machine, { rs1, rs2 }) {
      const { registers, clk } = machine;
      const [stateAddress, messageAddress] = [registers[rs1]!, registers[rs2]!];
      const state = readBlock(machine, stateAddress, STATE_WORDS);
      const message = readBlock(machine, messageAddress, MESSAGE_WORDS);
      const log = machine.log(SHA256_CHIP);
      if (log !== undefined) {
        const at = pushPointers(log, machine, rs1, rs2);
        recordBlock(machine, log.words, at + MESSAGE_AT, messageAddress, message, clk + MESSAGE_TIME);
        recordBlock(machine, log.words, at + STATE_AT, stateAddress, state, clk + STATE_TIME);
      }
      writeBack(machine, stateAddress, compress(state, message));
      machine.next();
    },
  },
];
