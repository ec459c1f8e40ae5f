import { opOf } from '../../isa/op.ts';
import { operandChip } from '../operand-event.ts';
import { bitwiseAir } from './air.ts';
import { andU32, orU32, xorU32 } from './semantics.ts';

const [OR, XOR] = [opOf('or'), opOf('xor')];
const { isOr, isXor, aLow, bLow, and: andOffset, out: outOffset } = bitwiseAir.offsets;

/** One row per executed and, or, xor, andi, ori or xori. */
export const bitwiseChip = operandChip(bitwiseAir, (cells, row, op, a, b) => {
  const and = andU32(a, b);
  const out = op === OR ? orU32(a, b) : op === XOR ? xorU32(a, b) : and;
  cells[row + isOr] = op === OR ? 1 : 0;
  cells[row + isXor] = op === XOR ? 1 : 0;
  for (let i = 0; i < 2; i++) {
    cells[row + aLow + i] = (a >>> (16 * i)) & 0xff;
    cells[row + bLow + i] = (b >>> (16 * i)) & 0xff;
    cells[row + outOffset + i] = (out >>> (16 * i)) & 0xffff;
  }
  for (let i = 0; i < 4; i++) cells[row + andOffset + i] = (and >>> (8 * i)) & 0xff;
});
