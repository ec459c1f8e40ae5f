import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { argumentAt } from '../fp32-exp/argument-tables.ts';
import { powerChip } from '../fp32-exp/trace.ts';
import { fp32Exp2Air } from './air.ts';
import { exp2Fp32 } from './semantics.ts';

const at = fp32Exp2Air.offsets;

export const fp32Exp2Chip = powerChip(fp32Exp2Air, 'exp2', exp2Fp32, (cells, row, a, { whole }) => {
  const aLo = a & 0xffff;
  cells[row + at.whole] = argumentAt('exp2', a >>> 16)[6]!;
  cells[row + at.isWhole] = whole > 0 ? 1 : 0;
  cells[row + at.lowInverse] = aLo === 0 ? 0 : inverse(felt(aLo));
});
