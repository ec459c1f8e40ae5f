import type { Provider } from '../../../stark/air/air.ts';
import { PROGRAM_BUS } from '../../buses.ts';
import type { KnownRows } from '../../chip.ts';
import type { Program } from '../../executor/program.ts';
import { programAir } from './air.ts';

/** One row per slot of the text, zero where it holds no instruction. */
export function programRows({ rows }: Program): KnownRows {
  const columns = programAir.known.map(() => new Uint32Array(rows.length));
  rows.forEach((row, i) => {
    if (row === undefined) return;
    const { pc, op, rd, rs1, rs2, immLo, immHi, target } = row;
    [1, pc, op, rd, rs1, rs2, immLo, immHi, target].forEach((value, c) => {
      columns[c]![i] = value;
    });
  });
  return { rows: rows.length, columns };
}

/** Where an instruction is: by its pc. */
export const programProvider = ({ textBase, rows }: Program): Provider => ({
  bus: PROGRAM_BUS,
  multiplicities: ['multiplicity'],
  positionOf: (tuple) => {
    const slot = (tuple[0]! - textBase) / 4;
    return rows[slot] === undefined ? undefined : slot;
  },
});
