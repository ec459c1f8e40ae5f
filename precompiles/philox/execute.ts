import { POINTER_EVENT_WORDS, pushPointers, readBlock, recordBlock, writeBack } from '../../vm/chips/word-block.ts';
import { type Instruction, xAddress } from '../../vm/executor/instruction.ts';
import { specOf } from '../../vm/isa/op.ts';
import { COUNTER_TIME, KEY_TIME } from './air.ts';
import { COUNTER_WORDS, KEY_WORDS } from './constants.ts';
import { philox4x32 } from './semantics.ts';

/** Log of the chip: one event per instruction. */
export const PHILOX_CHIP = 'philox';
/** Event: that of `pushPointers`; then value and time of the access before of the words of the key and of the counter. */
export const PHILOX_EVENT_WORDS = POINTER_EVENT_WORDS + 2 * (KEY_WORDS + COUNTER_WORDS);
export const KEY_AT = POINTER_EVENT_WORDS;
export const COUNTER_AT = KEY_AT + 2 * KEY_WORDS;

const spec = specOf('philox');

export const PHILOX_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rs1, rs2 }) => ({ op: spec.op, rs1: xAddress(rs1), rs2: xAddress(rs2) }),
    execute(machine, { rs1, rs2 }) {
      const { registers, clk } = machine;
      const [counterAddress, keyAddress] = [registers[rs1]!, registers[rs2]!];
      const counter = readBlock(machine, counterAddress, COUNTER_WORDS);
      const key = readBlock(machine, keyAddress, KEY_WORDS);
      const log = machine.log(PHILOX_CHIP);
      if (log !== undefined) {
        const at = pushPointers(log, machine, rs1, rs2);
        recordBlock(machine, log.words, at + KEY_AT, keyAddress, key, clk + KEY_TIME);
        recordBlock(machine, log.words, at + COUNTER_AT, counterAddress, counter, clk + COUNTER_TIME);
      }
      writeBack(machine, counterAddress, philox4x32(counter, key));
      machine.next();
    },
  },
];
