/**
 * Forged rows of the chips of AMX: some cells are lies, all that follow from them are what a prover would write next.
 * Rows that no honest prover has are made the same way.
 */

import { named } from '../../precompiles/bf16-dot/prefix.ts';
import { bf16DotAmxAir } from '../../precompiles/bf16-dot-amx/air.ts';
import { bf16DotAmxTileAir } from '../../precompiles/bf16-dot-amx-tile/air.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { reduce } from '../../stark/field/koala-bear.ts';
import { forgeAdd, forgedState, forgeMac, type Lies } from './mac-forger.ts';

/** Chains, and operands of two products. */
export interface Step {
  readonly even: number;
  readonly odd: number;
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}
/** Accumulator and chains of a tile instruction of 32 elements, or of 16. */
export interface Tile {
  readonly acc: number;
  readonly even: number;
  readonly odd: number;
  readonly isTail?: boolean;
}

const ACCUMULATOR = ['Negative', 'High', 'Low', 'Exponent'];

/** A row of zeros, and what writes a cell of it. */
function emptyRow(air: Air): { readonly rows: Rows; readonly put: (name: string, value: number) => void } {
  const row = new Array<number>(air.main.length).fill(0);
  const index = new Map(air.main.map((column) => [column.name, column.index]));
  const put = (name: string, value: number): void => {
    const at = index.get(name);
    if (at === undefined) throw new RangeError(`lies: expected columns, got ${name}`);
    row[at] = reduce(value);
  };
  return { rows: { main: [row] }, put };
}

/** A row of `bf16-dot-amx`: elements 34 and 66 of the tile instruction at 32. */
export function forgeStep(step: Step, lies: { readonly first?: Lies; readonly second?: Lies } = {}): Rows {
  const { rows, put } = emptyRow(bf16DotAmxAir as unknown as Air);
  ['isReal', 'clk', 'tile', 'a', 'b'].forEach((name, i) => void put(name, [1, 1, 32, 34, 66][i]!));
  for (const [i, prefix] of (['first', 'second'] as const).entries()) {
    const chain = (['even', 'odd'] as const)[i]!;
    const state = forgedState(step[chain]);
    ACCUMULATOR.forEach((part, k) => void put(`${chain}${part}`, state[k]!));
    const own = (name: string, value: number): void => put(named(prefix, name), value);
    forgeMac(own, lies[prefix] ?? {}, step.a[i]!, step.b[i]!, state, true);
  }
  return rows;
}

/** A row of `bf16-dot-amx-tile`, at elements 32 and 64. `own`: lies about `accIsZero`. */
export function forgeTile(
  tile: Tile,
  lies: { readonly own?: Lies; readonly chains?: Lies; readonly total?: Lies } = {},
): Rows {
  const { rows, put } = emptyRow(bf16DotAmxTileAir as unknown as Air);
  ['isReal', 'isTail', 'clk', 'a', 'b'].forEach((name, i) => void put(name, [1, tile.isTail ? 1 : 0, 1, 32, 64][i]!));
  const [acc, even, odd] = (['acc', 'even', 'odd'] as const).map((name) => {
    const state = forgedState(tile[name]);
    ACCUMULATOR.forEach((part, k) => void put(`${name}${part}`, state[k]!));
    return state;
  });
  put('accIsZero', lies.own?.['accIsZero'] ?? (acc![1] === 0 && acc![2] === 0 ? 1 : 0));
  const of = (prefix: string) => (name: string, value: number) => put(named(prefix, name), value);
  const sum = forgeAdd(of('chains'), lies.chains ?? {}, even!, odd!);
  forgeAdd(of('total'), lies.total ?? {}, acc!, sum);
  return rows;
}
