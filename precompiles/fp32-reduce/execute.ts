import { fAddress, type Instruction, xAddress } from '../../vm/executor/instruction.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { specOf } from '../../vm/isa/op.ts';
import { REDUCTION_SOURCES, REDUCTIONS, type Reduction, type ReductionSource } from '../../vm/isa/xulp.ts';
import { REGISTER } from '../../vm/space.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { CALL_CHIP } from './bus.ts';
import { BLOCK_WORDS, COUNT_LIMIT } from './constants.ts';
import { reduceFast } from './fast.ts';
import { hintWordAt, type Place, type Recorded, recordPairwise, recordSequential, recordWarp } from './record.ts';

/**
 * Event of the call: pc, clk, addresses rs1 | rs2 << 8 | rd << 16, op | fflags before << 8 | flags raised << 16, values of
 * rs1, rs2, rd before, rd after, time of the access before to rs1, rs2, rd, fflags; end, rows and level (`record.ts`).
 */
export const CALL_EVENT_WORDS = 15;

const WORD_BYTES = 4;

/** Each operation and order from each source. */
export const FP32_REDUCE_INSTRUCTIONS: readonly Instruction[] = (
  Object.keys(REDUCTION_SOURCES) as ReductionSource[]
).flatMap((source) => (Object.keys(REDUCTIONS) as Reduction[]).map((reduction) => instructionOf(reduction, source)));

function instructionOf(reduction: Reduction, source: ReductionSource): Instruction {
  const spec = specOf(`fp32.${reduction}.${source}`);
  const isRam = source === 'ram';
  return {
    spec,
    decode: ({ rd, rs1, rs2 }) => ({ op: spec.op, rd: fAddress(rd), rs1: xAddress(rs1), rs2: xAddress(rs2) }),
    execute(machine, { rd, rs1, rs2 }) {
      const { registers, pc, clk } = machine;
      const [address, count, old, fflags] = [
        registers[rs1]!,
        registers[rs2]!,
        registers[rd]!,
        registers[REGISTER.fflags]!,
      ];
      if (count >= COUNT_LIMIT) machine.trap('invalid-operand', `${count} words, expected less than 2^20`);
      const words = isRam ? ramWords(machine, address, count) : hintWords(machine, address, count);
      const log = machine.log(CALL_CHIP);
      if (log === undefined) {
        const result = reduceFast(reduction, old, words);
        registers[rd] = wordOf(result);
        registers[REGISTER.fflags] = fflags | flagsOf(result);
      } else {
        const place = { isRam, address: address / WORD_BYTES, count };
        const { result, end, numRows, level } = record(machine, reduction, place, old);
        const at = log.push();
        const event = [pc, clk, rs1 | (rs2 << 8) | (rd << 16), spec.op | (fflags << 8) | (flagsOf(result) << 16)];
        event.push(address, count, old, wordOf(result));
        event.push(machine.touchRegister(rs1, clk), machine.touchRegister(rs2, clk + 1));
        event.push(machine.touchRegister(rd, clk + 3), machine.touchRegister(REGISTER.fflags, clk + 5));
        log.words.set([...event, end, numRows, level], at);
        registers[rd] = wordOf(result);
        registers[REGISTER.fflags] = fflags | flagsOf(result);
      }
      machine.next();
    },
  };
}

function record(machine: Machine, reduction: Reduction, place: Place, old: number): Recorded {
  switch (reduction) {
    case 'sum.sequential':
      return recordSequential(machine, 'sum', place, old);
    case 'squares.sequential':
      return recordSequential(machine, 'squares', place, old);
    case 'max':
      return recordSequential(machine, 'max', place, old);
    case 'maxm':
      return recordSequential(machine, 'maxm', place, old);
    case 'sum.warp':
      return recordWarp(machine, 'sum', place);
    case 'squares.warp':
      return recordWarp(machine, 'squares', place);
    case 'sum.pairwise':
      return recordPairwise(machine, false, place);
    case 'squares.pairwise':
      return recordPairwise(machine, true, place);
  }
}

/** The words at a byte address of the hint tape, a multiple of a block. */
function hintWords(machine: Machine, address: number, count: number): Uint32Array {
  machine.requireHints(address, BLOCK_WORDS * WORD_BYTES, count * WORD_BYTES);
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i++) words[i] = hintWordAt(machine.hints, address / WORD_BYTES + i);
  return words;
}

/** The words at a byte address of RAM, a multiple of 4. Without words the address need not be mapped. */
function ramWords(machine: Machine, address: number, count: number): Uint32Array {
  if (address % WORD_BYTES !== 0) machine.trap('misaligned-access', `words at ${address}`);
  const words = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    machine.requireMapped(address + WORD_BYTES * i, WORD_BYTES);
    words[i] = machine.ram.read(address / WORD_BYTES + i);
  }
  return words;
}
