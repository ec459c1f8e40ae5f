/**
 * Range tables: value < 2^bits for every bits in 0..16, that is 2^17 - 1 pairs. Three tables, each with its own bus and
 * multiplicities, so that a proof holds only those that its chips send to:
 *
 * `range`             (bits, value)            value < 2^bits. Every column domain (`bit` apart) sends here.
 * `power-range`       (bits, power, value)     power = 2^bits and value < power: a shift distance, its power and a part
 *                                              below it in one lookup (VRP of the floating-point layouts).
 * `complement-range`  (power, value)           power = 2^k, k in 0..16, and value < 2^16 / power: what is left of a limb
 *                                              above a part of k bits, so that power * value < 2^16 as integers (VRC).
 *
 * A limb x is split at k bits, low = x mod 2^k and high = floor(x / 2^k), by x = low + power * high with
 * (k, power, low) in `power-range` and (power, high) in `complement-range`: both sides are below 2^16, so the equation
 * holds over the integers and the split is unique.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    index 2^bits - 1 + value lists the pairs without gap or repetition: bits from 0 to 16, values upwards.
 */
import { defineBus, RANGE_BUS } from '../../../stark/air/bus.ts';
import { fixedTable } from '../table.ts';

/** power = 2^bits, value < 2^bits, bits in [0, 16]. */
export const POWER_RANGE_BUS = defineBus('power-range', 'table', ['bits', 'power', 'value']);
/** power = 2^k, value < 2^(16 - k), k in [0, 16]. */
export const COMPLEMENT_RANGE_BUS = defineBus('complement-range', 'table', ['power', 'value']);

const LIMB_BITS = 16;
const COUNT = 2 ** (LIMB_BITS + 1) - 1;
/** 43,691 rows: the least number of tuples in a row with height 2^16. */
const PER_ROW = 3;

const bitsAt = (index: number): number => 31 - Math.clz32(index + 1);
const valueAt = (index: number): number => index + 1 - 2 ** bitsAt(index);
const indexOfPair = (bits: number, value: number): number | undefined =>
  bits <= LIMB_BITS && value < 1 << bits ? (1 << bits) - 1 + value : undefined;
/** log2 of a power of two up to 2^16, undefined for anything else. */
const logOf = (power: number): number | undefined =>
  power >= 1 && power <= 2 ** LIMB_BITS && (power & (power - 1)) === 0 ? 31 - Math.clz32(power) : undefined;

export const rangeTable = fixedTable({
  name: 'range',
  bus: RANGE_BUS,
  perRow: PER_ROW,
  count: COUNT,
  tupleAt: (index) => [bitsAt(index), valueAt(index)],
  indexOf: (tuple) => indexOfPair(tuple[0]!, tuple[1]!),
});

export const powerRangeTable = fixedTable({
  name: 'power-range',
  bus: POWER_RANGE_BUS,
  perRow: PER_ROW,
  count: COUNT,
  tupleAt: (index) => [bitsAt(index), 2 ** bitsAt(index), valueAt(index)],
  indexOf: (tuple) => (tuple[1] === 2 ** tuple[0]! ? indexOfPair(tuple[0]!, tuple[2]!) : undefined),
});

export const complementRangeTable = fixedTable({
  name: 'complement-range',
  bus: COMPLEMENT_RANGE_BUS,
  perRow: PER_ROW,
  count: COUNT,
  tupleAt: (index) => [2 ** (LIMB_BITS - bitsAt(index)), valueAt(index)],
  indexOf: (tuple) => {
    const log = logOf(tuple[0]!);
    return log === undefined ? undefined : indexOfPair(LIMB_BITS - log, tuple[1]!);
  },
});
