/**
 * BF16-MOVE chip: fmv.x.h. Moves the low half of fs1 to rd, sign-extended. (fmv.h.x is an `or`: `vm/chips/bitwise/execute.ts`.)
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16.
 * Ensures  rd is the low limb of fs1 with 16 copies of its top bit above it.
 * Proof    low - 2^15 sign in [0, 2^15) leaves one value of the bit.
 * Padding  all zero: silent on every bus but the ranges of zeros.
 */
import { bit, defineAir } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { opOf } from '../../vm/isa/op.ts';
import { fp32Columns, fp32Frame } from '../fp32-frame/air.ts';

export const bf16MoveAir = defineAir({
  name: 'bf16-move',
  columns: { ...fp32Columns, sign: bit('top bit of the low limb') },
  define(builder) {
    const { rs1Lo, sign } = builder.local;
    fp32Frame(builder, builder.local, { op: opOf('fmv.x.h'), result: { lo: rs1Lo, hi: sign.times(0xffff) } });
    builder.send('the sign is the top bit', RANGE_BUS, { claimed: [15, rs1Lo.minus(sign.times(2 ** 15))] }, 1);
  },
});
