/**
 * Fixed tables of rounding.
 *
 * `fp32-power`     (zeros, power): power = 2^zeros, zeros in [0, 15].
 * `fp32-tail`      (limb, upper, code): the 16 bits below the upper 16 of a normalised significand: the 8 that belong to
 *                  it, and a code of what decides rounding, 8 odd + 4 guard + 2 next + further: its last bit, the first
 *                  bit dropped, the second, and whether any of the other six is set.
 * `fp32-rounding`  (mode, negative, code, rest, increment, inexact, carries, infinite): what to do in each mode; `rest`
 *                  tells of set bits below the limb. carries: with one more bit of precision an all-ones significand
 *                  would still carry. infinite: an overflow becomes an infinity.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    the tuples are written from IEEE 754-2019, 4.3, in `roundingAt`; the tests compare them with the definition.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { fixedTable } from '../../vm/chips/table.ts';

export const POWER_BUS = defineBus('fp32-power', 'table', ['zeros', 'power']);
export const TAIL_BUS = defineBus('fp32-tail', 'table', ['limb', 'upper', 'code']);
export const ROUNDING_BUS = defineBus('fp32-rounding', 'table', [
  'mode',
  'negative',
  'code',
  'rest',
  'increment',
  'inexact',
  'carries',
  'infinite',
]);

export const powerTable = fixedTable({
  name: 'fp32-power',
  bus: POWER_BUS,
  perRow: 1,
  count: 16,
  tupleAt: (zeros) => [zeros, 2 ** zeros],
  indexOf: ({ 0: zeros, 1: power }) => (zeros! < 16 && power === 2 ** zeros! ? zeros : undefined),
});

const flag = (condition: boolean): number => (condition ? 1 : 0);

function tailAt(limb: number): number[] {
  const [odd, guard, next] = [(limb >>> 8) & 1, (limb >>> 7) & 1, (limb >>> 6) & 1];
  return [limb, limb >>> 8, 8 * odd + 4 * guard + 2 * next + flag((limb & 0x3f) !== 0)];
}

export const tailTable = fixedTable({
  name: 'fp32-tail',
  bus: TAIL_BUS,
  // 21,846 rows: the least number of tuples in a row with height 2^15.
  perRow: 3,
  count: 2 ** 16,
  tupleAt: tailAt,
  indexOf: (tuple) => {
    const limb = tuple[0]!;
    return limb < 2 ** 16 && tailAt(limb).every((value, i) => value === tuple[i]) ? limb : undefined;
  },
});

const [RNE, RTZ, RDN, RUP, RMM] = [0, 1, 2, 3, 4];

/** index = ((mode * 2 + negative) * 16 + code) * 2 + rest. */
function roundingAt(index: number): number[] {
  const [mode, negative, code, rest] = [index >>> 6, (index >>> 5) & 1, (index >>> 1) & 15, index & 1];
  const [odd, guard, next] = [code >>> 3 === 1, (code & 4) !== 0, (code & 2) !== 0];
  const further = (code & 1) !== 0 || rest === 1;
  const awayFromZero = mode === (negative === 1 ? RDN : RUP);
  const rounds = (isOdd: boolean, first: boolean, others: boolean): boolean => {
    if (mode === RNE) return first && (others || isOdd);
    if (mode === RMM) return first;
    return mode !== RTZ && awayFromZero && (first || others);
  };
  const increment = rounds(odd, guard, next || further);
  const carries = guard && rounds(guard, next, further);
  const infinite = mode === RNE || mode === RMM || awayFromZero;
  return [mode, negative, code, rest, ...[increment, guard || next || further, carries, infinite].map(flag)];
}

export const roundingTable = fixedTable({
  name: 'fp32-rounding',
  bus: ROUNDING_BUS,
  perRow: 1,
  count: 5 * 64,
  tupleAt: roundingAt,
  indexOf: (tuple) => {
    const [mode, negative, code, rest] = [tuple[0]!, tuple[1]!, tuple[2]!, tuple[3]!];
    if (mode > 4 || negative > 1 || code > 15 || rest > 1) return undefined;
    const index = ((mode * 2 + negative) * 16 + code) * 2 + rest;
    return roundingAt(index).every((value, i) => value === tuple[i]) ? index : undefined;
  },
});
