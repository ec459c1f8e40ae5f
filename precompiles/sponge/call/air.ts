/**
 * SPONGE-CALL chip: poseidon2.sponge rs1, rs2, rs3.
 *
 * Assumes  the frame of a digest instruction (`../../poseidon2/digest-words.ts`); chip `sponge` (`../air.ts`).
 * Ensures  the nine words from rs1 on are left with the digest of the rs3 rows of three hint blocks from byte address
 *          rs2 of the hint tape on, with some salts; rs2 is a multiple of 32.
 * Proof    rs2 = 32 (blockLow + 2^11 rs2Hi) has one solution with blockLow < 2^11, and block indexes stay below
 *          2^27 + 3 * 2^16 < p. The start has the number of rows, and is the only one with this id: times of
 *          instructions differ. What is taken has no rows to go. With no rows the start itself is taken.
 * Padding  isReal = 0, all zero.
 */

import { below, defineAir } from '../../../stark/air/air.ts';
import { opOf } from '../../../vm/isa/op.ts';
import { DIGEST_FELTS, DIGEST_LANE } from '../../poseidon2/constants.ts';
import { digestColumns, digestInstruction } from '../../poseidon2/digest-words.ts';
import { LEAF_TAG, ROWS_LANE, TAG_LANE } from '../../poseidon2/format.ts';
import { ROW_BLOCKS, SPONGE_BUS } from '../air.ts';

export const spongeCallAir = defineAir({
  name: 'sponge-call',
  columns: {
    ...digestColumns,
    blockLow: below(11, 'low part of the index of the first hint block: (rs2 mod 2^16) / 32'),
  },
  define(builder) {
    const { local, assertZero, send, receive } = builder;
    const { isReal, clk, rs2Lo, rs2Hi, rs3Lo: rows, blockLow } = local;
    const { after } = digestInstruction(builder, local, opOf('poseidon2.sponge'));

    assertZero('rs2 is a multiple of 32', rs2Lo.minus(blockLow.times(32)));
    const block = blockLow.plus(rs2Hi.times(2 ** 11));

    const start = Array.from({ length: DIGEST_FELTS }, (_, i) => {
      const lane = DIGEST_LANE + i;
      return lane === ROWS_LANE ? rows : lane === TAG_LANE ? LEAF_TAG : 0;
    });
    send('a sponge starts with this many rows', SPONGE_BUS, { claimed: [clk, rows, block, ...start] }, isReal);
    receive(
      'the sponge ends with this digest',
      SPONGE_BUS,
      { given: [clk, 0, block.plus(rows.times(ROW_BLOCKS)), ...after] },
      isReal,
    );
  },
});
