/** The operand of exp or exp2 by its tables: what a row of `air.ts` says of it. */
import { argumentAt, type PowerFunction, termAt } from './argument-tables.ts';

export interface Power {
  scale: number;
  doublings: number;
  /** e^U if that is 1 or 2 since the operand is an integer (exp2), else 0. */
  whole: number;
  /** U as its sender writes it on the bus of `fp32-exponential`. */
  upper: number;
  middle: number;
  lower: number;
  /** Limbs of the three parts of U, signed. */
  argument: readonly number[];
  low: readonly number[];
  high: readonly number[];
}

/** The parts of an operand that the tables have (`isOrdinary`). */
export function powerOf(of: PowerFunction, a: number): Power {
  const [, scale, doublings, u, m, l, whole = 0] = argumentAt(of, a >>> 16) as [number, ...number[]];
  const argument = [u!, m!, l!];
  const low = termAt(of, scale!, a & 0xff).slice(2);
  const high = termAt(of, scale! + 8, (a >>> 8) & 0xff).slice(2);
  const limb = (i: number): number => argument[i]! + low[i]! + high[i]!;
  return {
    ...{ scale: scale!, doublings: doublings!, whole: (a & 0xffff) === 0 ? whole : 0 },
    ...{ upper: limb(0), middle: limb(1), lower: limb(2), argument, low, high },
  };
}
