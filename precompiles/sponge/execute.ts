import { type Instruction, xAddress } from '../../vm/executor/instruction.ts';
import { specOf } from '../../vm/isa/op.ts';
import { DIGEST_LANE, WIDTH } from '../poseidon2/constants.ts';
import { finishDigest, requireDigest } from '../poseidon2/digest-words-trace.ts';
import { ROW_HALFWORDS, ROW_SALTS, ROWS_LIMIT } from '../poseidon2/format.ts';
import { absorb, start } from './semantics.ts';

/** Logs of the chips: one event per row of a sponge, one per instruction. */
export const SPONGE_CHIP = 'sponge';
export const SPONGE_CALL_CHIP = 'sponge-call';

const spec = specOf('poseidon2.sponge');

export const SPONGE_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rs1, rs2, rs3 }) => ({ op: spec.op, rs1: xAddress(rs1), rs2: xAddress(rs2), rd: xAddress(rs3) }),
    execute(machine, row) {
      const [address, source, rows] = [row.rs1, row.rs2, row.rd].map((r) => machine.registers[r]!) as [
        number,
        number,
        number,
      ];
      if (rows >= ROWS_LIMIT) machine.trap('invalid-operand', `poseidon2.sponge of ${rows} rows`);
      requireDigest(machine, address);
      const half = machine.requireHints(source, 32, rows * ROW_HALFWORDS * 2);
      const salt = machine.takeAdvice(rows * ROW_SALTS);
      const log = machine.log(SPONGE_CHIP);
      const state = new Uint32Array(WIDTH);
      start(state, rows);
      for (let i = 0; i < rows; i++) {
        const [firstHalf, firstSalt] = [half + i * ROW_HALFWORDS, salt + i * ROW_SALTS];
        if (log !== undefined) {
          const at = log.push();
          const { words } = log;
          words[at] = machine.clk;
          words[at + 1] = rows - i;
          words[at + 2] = firstHalf / 16;
          words.set(state.subarray(DIGEST_LANE), at + 3);
          words.set(machine.advice.subarray(firstSalt, firstSalt + ROW_SALTS), at + 3 + WIDTH - DIGEST_LANE);
        }
        absorb(state, machine.hints, firstHalf, machine.advice, firstSalt);
      }
      finishDigest(machine, row, SPONGE_CALL_CHIP, state.subarray(DIGEST_LANE));
    },
  },
];
