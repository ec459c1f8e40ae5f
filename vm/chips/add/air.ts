/**
 * ADD chip: add, sub, and by decoding addi and the moves fmv.w.x and fmv.x.w (a + x0 between register files).
 *
 * Assumes  `operands.ts`; limbs of a are in [0, 2^16), limbs of b in [0, 2^17).
 * Ensures  rd = a + b mod 2^32, or a - b mod 2^32 if isSub.
 * Proof    a - b = out is out + b = a: either way two words add up to a third, and `addUp` has the proof. isSub is a bit,
 *          so op is one of two ids, and the program says which.
 * Padding  the zero row: 0 + 0 = 0.
 */
import { bit, defineAir, u16 } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { addUp, choose } from '../limbs.ts';
import { immediateColumns, operandColumns, operands, operandsOf } from '../operands.ts';

const [ADD, SUB] = [opOf('add'), opOf('sub')];

export const addAir = defineAir({
  name: 'add',
  columns: {
    ...operandColumns,
    ...immediateColumns,
    isSub: bit('1 for sub, 0 for add'),
    outLo: u16('low limb of the result'),
    outHi: u16('high limb of the result'),
  },
  define(builder) {
    const { local } = builder;
    const out = { lo: local.outLo, hi: local.outHi };
    const { a, b } = operandsOf(local);
    operands(builder, local, { op: local.isSub.times(SUB - ADD).plus(ADD), result: out });
    addUp(builder, choose(local.isSub, out, a), b, choose(local.isSub, a, out));
  },
});
