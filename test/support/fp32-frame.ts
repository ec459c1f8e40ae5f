/** What the tests of floating-point instructions share: fixed tables, edges, and the forgeries of their frame. */
import { expect } from 'vitest';
import { alignTable } from '../../precompiles/align/air.ts';
import { fp32DecodeTable } from '../../precompiles/fp32-decode/air.ts';
import { powerTable, roundingTable, tailTable } from '../../precompiles/fp32-round/tables.ts';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import type { Chip } from '../../vm/chip.ts';
import { flagsTable } from '../../vm/chips/csr/flags-table.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import { cells, type Forgery, objections, type Tables, withCells } from './forgery.ts';
import { MODE_NAMES } from './fp32.ts';
import { frameForgeries, frameNeverAlone } from './frame-forgeries.ts';
import { paddingRow } from './step.ts';

/** TestFloat's names of the rounding modes, with `rm`. */
export const MODES = MODE_NAMES.map((name, mode) => [name, mode] as const);

/** Fixed tables by bus. */
export const FP32_TABLES: Tables = Object.fromEntries(
  [fp32DecodeTable, alignTable, complementRangeTable, powerTable, tailTable, roundingTable, flagsTable].map(
    ({ provider }) => [
      provider.bus.name,
      (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
    ],
  ),
);

/** Edges of every class with both signs, ends of ranges of integers, and halves. */
export const FP32_EDGES: readonly number[] = [
  ...[0x0000_0000, 0x0000_0001, 0x0040_0000, 0x007f_ffff, 0x0080_0000, 0x0080_0001, 0x3eff_ffff, 0x3f00_0000],
  ...[0x3f00_0001, 0x3f7f_ffff, 0x3f80_0000, 0x3fc0_0000, 0x4020_0000, 0x4b7f_ffff, 0x4b00_0001, 0x4eff_ffff],
  ...[0x4f00_0000, 0x4f00_0001, 0x4f7f_ffff, 0x4f80_0000, 0x7f7f_ffff, 0x7f80_0000, 0x7f80_0001, 0x7fbf_ffff],
  ...[0x7fc0_0000, 0x7fff_ffff],
].flatMap((word) => [word, (word | 0x8000_0000) >>> 0]);

/** Expects that every constraint and every table accepts the trace of the chip, with a padding row. */
export function expectAccepted(chip: Chip, { main }: Rows): void {
  const rows = { main: [...main, ...paddingRow(chip).main] };
  expect(violations(chip.air, rows)).toEqual([]);
  expect(objections(chip.air, rows, rows, FP32_TABLES)).toEqual([]);
}

const TIMES = { rs1: 0, rs2: 1, rs3: 2, rd: 3, frm: 4, fflags: 5 };

/** The accesses of a chip with their times after clk. */
export const fp32Accesses = (air: Air): Record<string, number> =>
  Object.fromEntries(Object.entries(TIMES).filter(([name]) => air.main.some((column) => column.name === `${name}Clk`)));

/** Never the only ones to reject, with the reason. */
export const fp32NeverAlone = (air: Air): Record<string, string> => frameNeverAlone(Object.keys(fp32Accesses(air)));

/**
 * The forgeries that floating-point chips have in common. `honest`: row 0 rounds in the static mode RNE what another mode
 * rounds the same, and raises no flag that is not in fflags. `alsoOn` and `alongWeight` are those of `frameForgeries`.
 */
export function fp32FrameForgeries(
  air: Air,
  honest: Rows,
  more: Partial<Parameters<typeof frameForgeries>[0]> = {},
): Forgery[] {
  const has = (name: string): boolean => air.main.some((column) => column.name === name);
  const cell = (name: string): number => cells(air, honest, name)[0]!;
  const forged = (changes: Readonly<Record<string, number>>, rows = honest): Rows => withCells(air, rows, 0, changes);
  const dynamic = has('mode') ? forged({ immLo: 0, immHi: 1, frmLo: cell('mode') }) : honest;
  const reserved = has('mode') ? forged({ immLo: 0, immHi: 1, frmLo: 5, mode: 5 }) : honest;
  const rounding: Forgery[] = [
    {
      claim: 'the instruction rounds in a mode that is neither its own nor that of frm',
      honest,
      forged: forged({ mode: 4 }),
      rejectedBy: ['the mode is that of the instruction or of frm'],
    },
    {
      claim: 'the dynamic mode is another one than frm holds',
      honest: dynamic,
      forged: forged({ frmLo: 4, mode: 4 }, dynamic),
      rejectedBy: ['frm holds the value last written'],
    },
    { claim: 'a reserved mode', honest: reserved, forged: reserved, rejectedBy: ['the mode is not reserved'] },
  ];
  const flags: Forgery[] = [
    {
      claim: 'a flag that nothing raised',
      honest,
      forged: forged({ accrued: cell('accrued') ^ 8 }),
      rejectedBy: ['the flags accrue'],
    },
    {
      claim: 'fflags held other flags before',
      honest,
      forged: forged({ fflagsLo: cell('fflagsLo') ^ 8, accrued: cell('accrued') ^ 8 }),
      rejectedBy: ['fflags holds the value last written'],
    },
  ];
  return [
    ...frameForgeries({ air, honest, accesses: fp32Accesses(air), ...more }),
    ...(has('mode') ? rounding : []),
    ...(has('accrued') ? flags : []),
    {
      claim: 'rd held another value before',
      honest,
      forged: forged({ rdLo: cell('rdLo') + 1 }),
      rejectedBy: ['rd holds the value last written'],
    },
    {
      claim: 'another instruction than the program has: another target',
      honest,
      forged: forged({ rdAddress: cell('rdAddress') + 1 }),
      rejectedBy: ['the program has this instruction', 'rd holds the value last written', 'rd is left with its value'],
    },
  ];
}
