import { eventChip } from '../../chip.ts';
import { opOf } from '../../isa/op.ts';
import { writeAccess, writeFrame } from '../frame-trace.ts';
import { operandChip } from '../operand-event.ts';
import { shiftAir } from './air.ts';
import { SHIFT_IMMEDIATE_EVENT_WORDS } from './execute.ts';
import { shiftImmediateAir } from './immediate-air.ts';
import { writeLimbShift } from './limb-shift.ts';
import { shiftLeft, shiftRight, shiftRightArithmetic } from './semantics.ts';

const LEFT = new Set([opOf('sll'), opOf('slli')]);
const ARITHMETIC = new Set([opOf('sra'), opOf('srai')]);

function shiftOf(op: number, a: number, amount: number) {
  const [isLeft, isArithmetic] = [LEFT.has(op), ARITHMETIC.has(op)];
  const compute = isLeft ? shiftLeft : isArithmetic ? shiftRightArithmetic : shiftRight;
  return { a, amount, isLeft, isArithmetic, out: compute(a, amount) };
}

/** One row per executed sll, srl or sra. */
export const shiftChip = operandChip(shiftAir, (cells, row, op, a, b) => {
  const o = shiftAir.offsets;
  for (let i = 0; i < 4; i++) cells[row + o.amountBits + i] = (b >>> i) & 1;
  cells[row + o.byLimb] = (b >>> 4) & 1;
  const splitAt = writeLimbShift(cells, row, o, shiftOf(op, a, b & 31));
  cells[row + o.splitAt] = splitAt;
  cells[row + o.power] = 2 ** splitAt;
});

/** One row per executed slli, srli or srai. */
export const shiftImmediateChip = eventChip({
  air: shiftImmediateAir,
  eventWords: SHIFT_IMMEDIATE_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const o = shiftImmediateAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [clk, ids, a] = [words[event + 1]!, words[event + 2]!, words[event + 3]!];
      const amount = (ids >>> 8) & 31;
      writeFrame(cells, row + o.isReal, words[event]!, clk);
      writeAccess(cells, row + o.rs1Address, ids & 0xff, a, words[event + 5]!, clk);
      writeAccess(cells, row + o.rdAddress, (ids >>> 16) & 0xff, words[event + 4]!, words[event + 6]!, clk + 3);
      const splitAt = writeLimbShift(cells, row, o, shiftOf(ids >>> 24, a, amount));
      cells[row + o.splitAt] = splitAt;
      cells[row + o.byLimb] = amount >>> 4;
      cells[row + o.power] = 2 ** splitAt;
    }
  },
});
