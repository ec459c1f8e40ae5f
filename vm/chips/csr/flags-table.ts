/**
 * Table of accrued exceptions: (before, raised, after) with after = before OR raised, for all 2^10 pairs of five flags.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    index = 2^5 before + raised lists every pair once. Source: RISC-V Unprivileged ISA, 21.2 (fflags).
 */
import { defineBus } from '../../../stark/air/bus.ts';
import { fixedTable } from '../table.ts';

export const FLAGS_BUS = defineBus('flags', 'table', ['before', 'raised', 'after']);

const NUM_FLAGS = 5;
const MASK = 2 ** NUM_FLAGS - 1;

export const flagsTable = fixedTable({
  name: 'flags',
  bus: FLAGS_BUS,
  // 256 rows, and as many blinding ones.
  perRow: 4,
  count: 2 ** (2 * NUM_FLAGS),
  tupleAt: (index) => [index >>> NUM_FLAGS, index & MASK, (index >>> NUM_FLAGS) | (index & MASK)],
  indexOf: (tuple) => {
    const [before, raised] = [tuple[0]!, tuple[1]!];
    return before <= MASK && raised <= MASK && tuple[2] === (before | raised)
      ? before * 2 ** NUM_FLAGS + raised
      : undefined;
  },
});
