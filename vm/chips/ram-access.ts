/**
 * The RAM access of loads and stores: the address rs1 + imm and the word there. Air and trace side.
 *
 * Assumes  the immediate's limbs come from the program, the limbs of rs1 from the memory bus; `low2`, bits 0 and 1 of
 *          the address, is in [0, 4).
 * Ensures  the word accessed is bits 2 to 27 of rs1 + imm mod 2^32, bits 0 and 1 are `low2` and bits 28 to 31 are 0.
 * Proof    `addUp`: 4 wordLo + low2 and addressHi are limbs, so they are the limbs of the sum. The word address
 *          wordLo + 2^14 addressHi < 2^26 does not wrap mod p. Which of these words exist is the business of the memory
 *          bus: a word that nobody initialised cannot be received.
 * Padding  zeros.
 */
import { below } from '../../stark/air/air.ts';
import type { Expr, Operand } from '../../stark/air/expr.ts';
import { SPACE } from '../space.ts';
import { access, accessColumns, type Sender } from './frame.ts';
import { writeAge } from './frame-trace.ts';
import { addUp, type Limbs } from './limbs.ts';

const { ramAddress: _, ...wordColumns } = accessColumns('ram');

export const ramColumns = {
  ...wordColumns,
  wordLo: below(14, 'bits 2 to 15 of the address'),
  addressHi: below(12, 'bits 16 to 31 of the address'),
};

type RamCells = { readonly [K in keyof typeof ramColumns]: Expr };

export interface RamAccess {
  readonly active: Expr;
  readonly now: Expr;
  readonly base: Limbs;
  readonly offset: Limbs;
  readonly low2: Operand;
  /** The word afterwards, as range-checked limbs. Left out: a read. */
  readonly written?: { readonly lo: Operand; readonly hi: Operand };
}

export function ramAccess(builder: Sender, cells: RamCells, { base, offset, low2, ...rest }: RamAccess): void {
  addUp(builder, base, offset, { lo: cells.wordLo.times(4).plus(low2), hi: cells.addressHi });
  access(builder, {
    ...rest,
    name: 'ram',
    space: SPACE.ram,
    address: cells.wordLo.plus(cells.addressHi.times(2 ** 14)),
    lo: cells.ramLo,
    hi: cells.ramHi,
    clk: cells.ramClk,
    ageLo: cells.ramAgeLo,
    ageHi: cells.ramAgeHi,
  });
}

/** Writes `ramColumns`, contiguous from `at`: the word held before the access, its times, the byte address. */
export function writeRamAccess(
  cells: Uint32Array,
  at: number,
  value: number,
  before: number,
  now: number,
  address: number,
): void {
  cells[at] = value & 0xffff;
  cells[at + 1] = value >>> 16;
  cells[at + 2] = before;
  writeAge(cells, at + 3, before, now);
  cells[at + 5] = (address & 0xffff) >>> 2;
  cells[at + 6] = address >>> 16;
}
