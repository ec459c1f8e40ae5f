/**
 * MERKLE-CALL chip: poseidon2.merkle rs1, rs2, rs3.
 *
 * Assumes  the frame of a digest instruction (`../../poseidon2/digest-words.ts`); chip `merkle` (`../air.ts`).
 * Ensures  the nine words from rs1 on, which held a digest, are left with the root over it as leaf rs2 of a tree of
 *          depth rs3, for some siblings; rs3 <= 30 and rs2 < 2^rs3.
 * Proof    rs3Lo is a 16-bit limb and rs3Lo + 1 is below 2^5, so the depth is at most 30; were it 31, the bits of
 *          index + p could stand for an index below 2^24 - 1. The index has its high limb below 2^14, so it is below
 *          2^30 < p and equal to the register; what is taken has no levels to go and index 0, so it is below 2^depth.
 *          The words before are taken modulo p: the root is a function of the words as they are, whoever wrote them,
 *          and a word that is not a residue stands for the one it equals modulo p. With depth 0 the leaf is the root.
 * Padding  isReal = 0, all zero.
 */
import { defineAir } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import { opOf } from '../../../vm/isa/op.ts';
import { digestColumns, digestInstruction } from '../../poseidon2/digest-words.ts';
import { MERKLE_BUS } from '../air.ts';

export const merkleCallAir = defineAir({
  name: 'merkle-call',
  columns: digestColumns,
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal, clk, rs2Lo, rs2Hi, rs3Lo: depth } = local;
    const { before, after } = digestInstruction(builder, local, opOf('poseidon2.merkle'));

    send('the depth is at most 30', RANGE_BUS, { claimed: [5, depth.plus(1)] }, isReal);
    send('the index is below 2^30', RANGE_BUS, { claimed: [14, rs2Hi] }, isReal);
    const index = rs2Lo.plus(rs2Hi.times(2 ** 16));

    send('a path starts at the leaf', MERKLE_BUS, { claimed: [clk, depth, index, ...before] }, isReal);
    receive('the path ends at this root', MERKLE_BUS, { given: [clk, 0, 0, ...after] }, isReal);
  },
});
