/** Forgeries of the binary32 services, searched: what their look-ups answer, and the bases that every service has. */
import { fp32DecodeTable } from '../../precompiles/fp32-decode/air.ts';
import { FP32_ROUND_BUS } from '../../precompiles/fp32-round/bus.ts';
import { flagsOf, roundToFp32, wordOf } from '../../precompiles/fp32-round/semantics.ts';
import { specialCaseTable } from '../../precompiles/fp32-special/table.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { centred } from '../../stark/field/koala-bear.ts';
import type { FixedTable } from '../../vm/chips/table.ts';
import { type Forgery, type Tables, withCells } from './forgery.ts';
import { type Answer, type Base, searchForgeries } from './forgery-search.ts';
import { FP32_TABLES } from './fp32.ts';
import { isRounded, withService } from './fp32-forger.ts';

export const SERVICE_TABLES: Tables = { ...FP32_TABLES, [FP32_ROUND_BUS.name]: isRounded };

/** By the leading fields; the tables have them once. */
function lookedUp({ fixedRow, fixedRows, provider }: FixedTable, keys: number): Answer {
  const perRow = provider.multiplicities.length;
  const { fields } = provider.bus;
  const found = new Map<string, number[]>();
  for (let row = 0; row < fixedRows; row++) {
    const cells = fixedRow(row);
    for (let entry = 0; entry < perRow; entry++) {
      const tuple = fields.map((_, f) => cells[f * perRow + entry]!);
      found.set(tuple.slice(0, keys).join(), tuple);
    }
  }
  return (tuple) => found.get(tuple.slice(0, keys).join());
}

/** By bus name, for `settled`. */
export const ANSWERS: Readonly<Record<string, Answer>> = {
  [FP32_ROUND_BUS.name]: (tuple) => {
    const [negative, exponent, w3, w2, w1, w0, sticky, mode] = tuple as [number, ...number[]];
    const limbs = [w3!, w2!, w1!, w0!];
    if (limbs.some((limb) => limb >= 2 ** 16) || limbs.every((limb) => limb === 0)) return undefined;
    if (negative > 1 || sticky! > 1 || Math.abs(centred(exponent!)) > 1023) return undefined;
    const [high, low] = [w3! * 2 ** 16 + w2!, w1! * 2 ** 16 + w0!];
    const result = roundToFp32(negative === 1, centred(exponent!), high, low, sticky === 1, mode!);
    return [...tuple.slice(0, 8), wordOf(result) >>> 16, wordOf(result) & 0xffff, flagsOf(result)];
  },
  'fp32-power': ([zeros]) => (zeros! < 16 ? [zeros!, 2 ** zeros!] : undefined),
  [fp32DecodeTable.provider.bus.name]: lookedUp(fp32DecodeTable, 1),
  [specialCaseTable.provider.bus.name]: lookedUp(specialCaseTable, 6),
};

export interface ServiceQuery {
  readonly air: Air;
  /** Name of the receive. */
  readonly request: string;
  readonly inputs: readonly string[];
  readonly bases: readonly Base[];
  readonly tries?: number;
  readonly seed?: number;
}

/** The air whose rounding is a table. */
export const serviceAir = (air: Air): Air => withService(air, FP32_ROUND_BUS);

/** The forgeries that are found for all checks that none of `byHand` names alone, and those. */
export function serviceForgeries(
  { air, request, inputs, bases, ...rest }: ServiceQuery,
  byHand: readonly Forgery[],
): Forgery[] {
  const served = serviceAir(air);
  const done = new Set([request, 'isReal is a bit', ...byHand.map(({ rejectedBy }) => rejectedBy[0]!)]);
  const names = [...served.constraints, ...served.interactions].map((o) => o.name);
  const found = searchForgeries({
    ...{ air: served, bases, inputs, tables: SERVICE_TABLES, answers: ANSWERS, ...rest },
    outputs: ['outLo', 'outHi', 'flags'],
    names: names.filter((name) => !done.has(name)),
  });
  return [...found, ...byHand];
}

/** One row of weight 2 stands for two requests. `changes` keep its other constraints. */
export function weightForgery(air: Air, row: Rows, changes: Readonly<Record<string, number>>): Forgery {
  const honest = { main: [row.main[0]!, row.main[0]!] };
  const forged = { main: [row.main[0]!, row.main[0]!.map(() => 0)] };
  return {
    claim: 'one row of weight 2 stands for two requests',
    honest,
    forged: withCells(air, forged, 0, { isReal: 2, ...changes }),
    rejectedBy: ['isReal is a bit'],
  };
}
