import { fAddress, type Instruction, xAddress } from '../../vm/executor/instruction.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { specOf } from '../../vm/isa/op.ts';
import { DOT_MODELS } from '../../vm/isa/xulp.ts';
import { BLOCK, HOPPER } from '../bf16-dot/semantics.ts';
import { mergeTile } from '../bf16-dot-tile/merge.ts';
import { BF16_DOT_CALL_CHIP } from './event.ts';
import { recordTensorCore, type State } from './record.ts';
import { recordAmx } from './record-amx.ts';
import { recordFma } from './record-fma.ts';
import { type DotModel, dotBf16, TENSOR_CORES } from './semantics.ts';

export const BLOCK_BYTES = 2 * BLOCK;

/** Appends the events of all products of a call, from element indexes a and b on, and gives the last state. */
type Recorder = (machine: Machine, model: DotModel, acc: number, a: number, b: number, blocks: number) => State;

const dotInstruction = (model: DotModel, record: Recorder): Instruction => {
  const spec = specOf(`bf16.dot.${model}`);
  return {
    spec,
    // The program table has no third source: its address takes the place of an immediate.
    decode: ({ rd, rs1, rs2, rs3 }) => ({
      op: spec.op,
      rd: fAddress(rd),
      rs1: xAddress(rs1),
      rs2: xAddress(rs2),
      immLo: xAddress(rs3),
    }),
    execute(machine, { rd, rs1, rs2, immLo: rs3 }) {
      const { registers, pc, clk, hints } = machine;
      const [aAddress, bAddress, blocks] = [registers[rs1]!, registers[rs2]!, registers[rs3]!];
      if (blocks >= 2 ** 16) machine.trap('invalid-operand', `${blocks} blocks, expected less than 2^16`);
      const a = machine.requireHints(aAddress, BLOCK_BYTES, blocks * BLOCK_BYTES);
      const b = machine.requireHints(bAddress, BLOCK_BYTES, blocks * BLOCK_BYTES);
      const old = registers[rd]!;
      const log = machine.log(BF16_DOT_CALL_CHIP);
      if (log === undefined) registers[rd] = dotBf16(model, old, hints, a, hints, b, blocks);
      else {
        const last = record(machine, model, old, a, b, blocks);
        const at = log.push();
        const { words } = log;
        words[at] = pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rs2 << 8) | (rs3 << 16) | (rd << 24);
        words[at + 3] = aAddress;
        words[at + 4] = bAddress;
        words[at + 5] = blocks;
        words[at + 6] = old;
        words[at + 7] = last.word;
        words[at + 8] = last.significand;
        words[at + 9] = machine.touchRegister(rs1, clk);
        words[at + 10] = machine.touchRegister(rs2, clk + 1);
        words[at + 11] = machine.touchRegister(rs3, clk + 2);
        words[at + 12] = machine.touchRegister(rd, clk + 3);
        words[at + 13] = DOT_MODELS[model];
        registers[rd] = last.word;
        if (TENSOR_CORES[model] === HOPPER) mergeTile(machine, log);
      }
      machine.next();
    },
  };
};

export const BF16_DOT_INSTRUCTIONS: readonly Instruction[] = [
  dotInstruction('hopper', recordTensorCore),
  dotInstruction('ampere', recordTensorCore),
  dotInstruction('blackwell', recordTensorCore),
  dotInstruction('fma', recordFma),
  dotInstruction('amx', recordAmx),
];
