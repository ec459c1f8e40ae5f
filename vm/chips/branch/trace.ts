import { felt, inverse as inverseOf } from '../../../stark/field/koala-bear.ts';
import { eventChip } from '../../chip.ts';
import { opOf } from '../../isa/op.ts';
import { writeAccess, writeFrame } from '../frame-trace.ts';
import { writeLessThan } from '../less-than.ts';
import { branchAir } from './air.ts';
import { BRANCH_EVENT_WORDS } from './execute.ts';
import { isTaken as conditions } from './semantics.ts';

/** In the order of their ids, which are consecutive. */
const CONDITIONS = [conditions.beq, conditions.bne, conditions.blt, conditions.bge, conditions.bltu, conditions.bgeu];
const BEQ = opOf('beq');

/** One row per executed branch. */
export const branchChip = eventChip({
  air: branchAir,
  eventWords: BRANCH_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const o = branchAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [pc, clk, ids, target] = [words[event]!, words[event + 1]!, words[event + 2]!, words[event + 3]!];
      const [a, b] = [words[event + 4]!, words[event + 5]!];
      const condition = (ids >>> 24) - BEQ;
      const taken = CONDITIONS[condition]!(a, b);
      const difference = (a - b) >>> 0;
      writeFrame(cells, row + o.isReal, pc, clk);
      writeAccess(cells, row + o.rs1Address, ids & 0xff, a, words[event + 6]!, clk);
      writeAccess(cells, row + o.rs2Address, (ids >>> 8) & 0xff, b, words[event + 7]!, clk + 1);
      cells[row + o.target] = target;
      cells[row + o.nextPc] = taken ? target : pc + 4;
      cells[row + o.isNegated] = condition & 1;
      cells[row + o.isOrder] = condition >= 2 ? 1 : 0;
      cells[row + o.isUnsigned] = condition >= 4 ? 1 : 0;
      cells[row + o.isTaken] = taken ? 1 : 0;
      cells[row + o.inverse] = difference === 0 ? 0 : inverseOf(felt((difference & 0xffff) + (difference >>> 16)));
      writeLessThan(cells, row + o.differenceLo, a, b, condition === 2 || condition === 3);
    }
  },
});
