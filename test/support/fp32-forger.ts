/**
 * Rows of the rounding chip, honest or forged: in a forged row some cells are lies and all that follow from them are what
 * an honest prover would write next.
 */
import { fp32RoundAir, LIMB_MOVES } from '../../precompiles/fp32-round/air.ts';
import { FP32_ROUND_CHIP, ROUND_EVENT_WORDS } from '../../precompiles/fp32-round/bus.ts';
import { powerTable, roundingTable, tailTable } from '../../precompiles/fp32-round/tables.ts';
import { fp32RoundChip } from '../../precompiles/fp32-round/trace.ts';
import type { Rows } from '../../stark/air/check.ts';
import { inverse, mul, P, reduce } from '../../stark/field/koala-bear.ts';
import { EventLog } from '../../vm/chip.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import { traceOf } from './step.ts';

/** Everything that is rounded: sign, exponent, upper and lower 32 bits, sticky, mode. */
export type Rounding = readonly [
  negative: boolean,
  exponent: number,
  high: number,
  low: number,
  sticky: boolean,
  mode: number,
];

/** Membership in the fixed tables of rounding by bus, for the checker. */
export const ROUNDING_TABLES = Object.fromEntries(
  [powerTable, tailTable, roundingTable, complementRangeTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);

/** One row each. */
export function roundingRows(roundings: readonly Rounding[]): Rows {
  const log = new EventLog(ROUND_EVENT_WORDS);
  for (const [negative, exponent, high, low, sticky, mode] of roundings) {
    const at = log.push();
    log.words.set([high, low, exponent, (negative ? 1 : 0) | (sticky ? 2 : 0) | (mode << 2)], at);
  }
  return traceOf(fp32RoundChip, { logs: new Map([[FP32_ROUND_CHIP, log]]) } as unknown as Execution);
}

const centered = (value: number): number => (reduce(value) > P / 2 ? reduce(value) - P : reduce(value)) + 0;
const quotientOf = (a: number, b: number): number =>
  a % b === 0 ? a / b : centered(mul(reduce(a), inverse(reduce(b))));
const modulo = (a: number, b: number): number => ((a % b) + b) % b;

/** The row of one rounding with these lies, by column name. Values are integers of either sign. */
export function forgeRounding(rounding: Rounding, lies: Readonly<Record<string, number>>): Rows {
  const row = [...roundingRows([rounding]).main[0]!];
  const index = new Map(fp32RoundAir.main.map((column) => [column.name, column.index]));
  for (const [name, value] of Object.entries(lies)) {
    if (!index.has(name)) throw new RangeError(`lies: expected columns, got ${name}`);
    row[index.get(name)!] = reduce(value);
  }
  const get = (name: string): number => centered(row[index.get(name)!]!);
  const set = (name: string, value: () => number): number => {
    const chosen = lies[name] ?? value();
    row[index.get(name)!] = reduce(chosen);
    return chosen;
  };
  const w = [0, 1, 2, 3].map((i) => get(`w[${i}]`));
  const move = LIMB_MOVES.map((_, i) => set(`move[${i}]`, () => get(`move[${i}]`)));
  const far = set('far', () => get('far'));
  const moved = (limb: number): number =>
    LIMB_MOVES.reduce<number>((sum, by, i) => sum + move[i]! * (w[limb - by] ?? 0), 0);
  const zeros = set('zeros', () => get('zeros'));
  const power = set('power', () => 2 ** zeros);
  const top = set('top', () => moved(3));
  const split = (limb: number, up: string, stays: string): [number, number] => {
    const bits = moved(limb) * power;
    const above = set(up, () => Math.floor(bits / 2 ** 16));
    return [above, set(stays, () => quotientOf(bits - above * 2 ** 16, power))];
  };
  const [movedHigh, stayedHigh] = split(2, 'movedHigh', 'stayedHigh');
  const [movedLow, stayedLow] = split(1, 'movedLow', 'stayedLow');
  const high = set('high', () => centered(top * power + movedHigh));
  const middle = set('middle', () => centered(stayedHigh * power + movedLow));
  const dropped = LIMB_MOVES.reduce<number>(
    (sum, by, i) => sum + move[i]! * w.slice(0, Math.max(0, 1 - by)).reduce((a, b) => a + b, 0),
    far * w.reduce((a, b) => a + b, 0),
  );
  const remaining = dropped + stayedLow + get('sticky');
  const rest = set('rest', () => (remaining === 0 ? 0 : 1));
  set('restInverse', () => (reduce(remaining) === 0 ? 0 : mul(reduce(rest), inverse(reduce(remaining)))));

  const tail = tailTable.fixedRow(Math.floor(middle / 3));
  const upper = set('upper', () => tail[3 + (middle % 3)] ?? 0);
  const code = set('code', () => tail[6 + (middle % 3)] ?? 0);
  const line = roundingTable.fixedRow(((get('mode') * 2 + get('negative')) * 16 + code) * 2 + rest);
  const increment = set('increment', () => line[4]!);
  const inexact = set('inexact', () => line[5]!);
  const carries = set('carries', () => line[6]!);
  const infinite = set('infinite', () => line[7]!);

  const limbs = LIMB_MOVES.reduce<number>((sum, by, i) => sum + move[i]! * by, 0);
  const isNormal = set('isNormal', () => (high >= 2 ** 15 ? 1 : 0));
  const biased = set('biased', () => (far === 1 ? 1 : get('exponent') + 127 - 16 * limbs - zeros));
  const rounded = high * 2 ** 8 + upper + increment;
  const low = set('tail', () => modulo(rounded, 2 ** 16));
  const head = set('head', () => quotientOf(rounded - low, 2 ** 16));
  const packed = 128 * (biased - 1) + head;
  const overflow = set('overflow', () => (packed > 0x7f7f ? 1 : 0));
  set('margin', () => (overflow === 1 ? packed - 0x7f80 : 0x7f7f - packed));
  const sign = get('negative') * 2 ** 15;
  set('outHi', () => sign + (overflow === 1 ? 0x7f7f + infinite : packed));
  set('outLo', () => (overflow === 1 ? (1 - infinite) * 0xffff : low));
  const becameNormal = set('becameNormal', () => (isNormal === 0 && head === 128 ? 1 : 0));
  set('becameInverse', () => (head === 128 ? 0 : inverse(reduce(head - 128))));
  const underflow = set('underflow', () => centered((1 - isNormal) * inexact * (1 - becameNormal * carries)));
  set('flags', () => (overflow === 1 ? 5 : inexact + 2 * underflow));
  return { main: [row] };
}
