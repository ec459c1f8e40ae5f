import { P } from '../../stark/field/koala-bear.ts';
import { type Instruction, xAddress } from '../../vm/executor/instruction.ts';
import { specOf } from '../../vm/isa/op.ts';
import { DIGEST_FELTS } from '../poseidon2/constants.ts';
import { finishDigest, requireDigest } from '../poseidon2/digest-words-trace.ts';
import { MAX_DEPTH } from '../poseidon2/format.ts';
import { compressInto } from './semantics.ts';

/** Logs of the chips: one event per level of a path, one per instruction. */
export const MERKLE_CHIP = 'merkle';
export const MERKLE_CALL_CHIP = 'merkle-call';

const spec = specOf('poseidon2.merkle');

export const MERKLE_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rs1, rs2, rs3 }) => ({ op: spec.op, rs1: xAddress(rs1), rs2: xAddress(rs2), rd: xAddress(rs3) }),
    execute(machine, row) {
      const [address, index, depth] = [row.rs1, row.rs2, row.rd].map((r) => machine.registers[r]!) as [
        number,
        number,
        number,
      ];
      if (depth > MAX_DEPTH) machine.trap('invalid-operand', `poseidon2.merkle of depth ${depth}`);
      if (index >= 2 ** depth) machine.trap('invalid-operand', `poseidon2.merkle of leaf ${index} at depth ${depth}`);
      requireDigest(machine, address);
      const siblings = machine.takeAdvice(depth * DIGEST_FELTS);
      const log = machine.log(MERKLE_CHIP);
      const node = new Uint32Array(DIGEST_FELTS);
      for (let i = 0; i < DIGEST_FELTS; i++) node[i] = machine.ram.read((address >>> 2) + i) % P;
      for (let level = 0; level < depth; level++) {
        const sibling = siblings + level * DIGEST_FELTS;
        if (log !== undefined) {
          const at = log.push();
          const { words } = log;
          words[at] = machine.clk;
          words[at + 1] = depth - level;
          words[at + 2] = index >>> level;
          words.set(node, at + 3);
          words.set(machine.advice.subarray(sibling, sibling + DIGEST_FELTS), at + 3 + DIGEST_FELTS);
        }
        if ((index >>> level) & 1) compressInto(node, 0, machine.advice, sibling, node, 0);
        else compressInto(node, 0, node, 0, machine.advice, sibling);
      }
      finishDigest(machine, row, MERKLE_CALL_CHIP, node);
    },
  },
];
