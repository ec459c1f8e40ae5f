/**
 * PUBLIC-OUTPUT chip: ulp.out appends rs2 to the public output; rs1 + imm is the byte address of the word.
 *
 * Assumes  the frame (`frame.ts`); the statement receives every index below its length once, with its word.
 * Ensures  the statement's output is what the program wrote: every word once, in order, none beyond the length.
 * Proof    the address is 4 index with index = indexLo + 2^14 addressHi; its low limb 4 indexLo is below 2^16
 *          (`address.ts`), so an address that is no multiple of 4 has no row, and index < 2^30 < p. Each row sends one
 *          word; a second write to an index, or one beyond the length, is received by nobody. Rows are an unbroken run
 *          with consecutive indexes, so they start at index 0, and with increasing times: the gap is below 2^29 and all
 *          times are, so that clk + 1 + gap does not wrap. Without the order a guest that takes the address from a hint
 *          could be made to write its words in another one, where the instruction traps.
 * Padding  isReal = 0, all zero. A row may not follow one, or indexes and times would start anew.
 */
import { below, defineAir, u16 } from '../../../stark/air/air.ts';
import { PUBLIC_OUTPUT_BUS } from '../../buses.ts';
import { opOf } from '../../isa/op.ts';
import { addressAddsUp, addressColumns } from '../address.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';

export const publicOutputAir = defineAir({
  name: 'public-output',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rs2'),
    ...addressColumns,
    indexLo: below(14, 'bits 2 to 15 of the address'),
    gapLo: u16('low limb of the time since the word before was written, less one; 0 for the first'),
    gapHi: below(13, 'high limb of that time'),
  },
  define(builder) {
    const { local, next, assertZero, send } = builder;
    const { isReal, pc, clk, rs2Lo, rs2Hi } = local;
    const indexOf = ({ indexLo, addressHi }: typeof local) => indexLo.plus(addressHi.times(2 ** 14));
    addressAddsUp(builder, local, local.indexLo.times(4));

    const nextGap = next.gapLo.plus(next.gapHi.times(2 ** 16));
    assertZero('no word comes after padding', next.isReal.times(isReal.not()), 'transition');
    assertZero('words are consecutive', next.isReal.times(indexOf(next).minus(indexOf(local)).minus(1)), 'transition');
    assertZero(
      'a word is written after the one before',
      next.isReal.times(next.clk.minus(clk).minus(1).minus(nextGap)),
      'transition',
    );

    instruction(builder, {
      active: isReal,
      pc,
      clk,
      op: opOf('ulp.out'),
      rs1: local.rs1Address,
      rs2: local.rs2Address,
      immLo: local.immLo,
      immHi: local.immHi,
    });
    namedAccess(builder, local, 'rs1', { now: clk, active: isReal });
    namedAccess(builder, local, 'rs2', { now: clk.plus(1), active: isReal });
    send('the word is in the public output', PUBLIC_OUTPUT_BUS, { given: [indexOf(local), rs2Lo, rs2Hi] }, isReal);
  },
});
