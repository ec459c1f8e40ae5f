/** What the tests of floating-point instructions share: fixed tables, edges, and the forgeries of their frame. */
import { expect } from 'vitest';
import { frameForgeries, frameNeverAlone } from '../../kit/frame-forgeries.ts';
import { paddingRow } from '../../kit/step.ts';
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
 * rounds the same, and raises no flag that is not in fflags. `reservedBy`: what else rejects a
 * reserved mode; the others are those of `frameForgeries`.
 */
export function fp32FrameForgeries(
  air: Air,
  honest: Rows,
  {
    reservedBy = [],
    ...more
  }: Partial<Parameters<typeof frameForgeries>[0]> & { readonly reservedBy?: readonly string[] } = {},
): Forgery[] {
  const has = (name: string): boolean => air.main.some((column) => column.name === name);
  const cell = (name: string): number => cells(air, honest, name)[0]!;
  const forged = (changes: Readonly<Record<string, number>>, rows = honest): Rows => withCells(air, rows, 0, changes);
  const dynamic = has('mode') ? forged({ immLo: 0, immHi: 1, frmLo: cell('mode') }) : honest;
  const reserved = has('mode') ? forged({ immLo: 0, immHi: 1, frmLo: 5, mode: 5 }) : honest;
  const rounding = (): Forgery[] => [
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
    {
      claim: 'a static mode is taken from frm',
      honest: withCells(air, honest, 0, { frmLo: cell('mode') }),
      forged: forged({ frmLo: cell('mode'), immLo: 0, immHi: 1 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'a reserved mode',
      honest: reserved,
      forged: reserved,
      rejectedBy: ['the mode is not reserved', ...reservedBy],
    },
  ];
  const flags = (): Forgery[] => [
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
    ...(has('mode') ? rounding() : []),
    ...(has('accrued') ? flags() : []),
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

/** Rows on which the operand `a` of `nan.ts` is what the name says; each with an access to rs1 as `fp32Columns` has it. */
export interface NanRows {
  readonly number: Rows;
  readonly infinity: Rows;
  readonly signaling: Rows;
  readonly quiet: Rows;
}

/**
 * The forgeries of one operand of `precompiles/fp32-decode/nan.ts`. `along` gives the cells of the chip that follow from
 * what is forged, with the inverse of the fraction for a number that is a NaN.
 */
export function nanForgeries(
  air: Air,
  name: string,
  { number, infinity, signaling, quiet }: NanRows,
  along: (
    part: 'number is a NaN' | 'NaN is none' | 'infinity is a NaN' | 'signal is quiet' | 'quiet signals',
  ) => Readonly<Record<string, number>>,
): Forgery[] {
  const part = (p: string): string => `${name}${p}`;
  const lie = (
    claim: string,
    honest: Rows,
    changes: Readonly<Record<string, number>>,
    rejectedBy: string,
  ): Forgery => ({
    claim: `${name}: ${claim}`,
    honest,
    forged: withCells(air, honest, 0, changes),
    rejectedBy: [rejectedBy],
  });
  return [
    lie('another exponent', number, { [part('Exponent')]: 77 }, `${name} is decoded`),
    lie(
      'a number is a NaN',
      number,
      { [part('Nan')]: 1, ...along('number is a NaN') },
      `${name} is a NaN only if special`,
    ),
    lie(
      'a NaN is none',
      quiet,
      { [part('Nan')]: 0, ...along('NaN is none') },
      `${name} has no fraction as an infinity`,
    ),
    lie(
      'an infinity is a NaN',
      infinity,
      { [part('Nan')]: 1, ...along('infinity is a NaN') },
      `${name} has a fraction as a NaN`,
    ),
    lie(
      'a signaling NaN is quiet',
      signaling,
      { [part('Quiet')]: 1, [part('Signaling')]: 0, ...along('signal is quiet') },
      `${name} has this quiet bit`,
    ),
    lie(
      'a quiet NaN has its quiet bit in the payload',
      quiet,
      {
        [part('Quiet')]: 0,
        [part('Payload')]: cells(air, quiet, part('Payload'))[0]! + 64,
        [part('Signaling')]: 1,
        ...along('quiet signals'),
      },
      `${part('Payload')} is below 2^6`,
    ),
    lie(
      'a quiet NaN signals',
      quiet,
      { [part('Signaling')]: 1, ...along('quiet signals') },
      `${name} signals as a NaN that is not quiet`,
    ),
    lie('the quiet bit of a number is 2', number, { [part('Quiet')]: 2 }, `${part('Quiet')} is a bit`),
  ];
}
