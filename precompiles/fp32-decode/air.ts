/**
 * FP32 decode table: the high limb of a binary32 taken apart, for all 2^16 limbs. With low limb lo the value is
 * (-1)^sign * (2^16 significand + lo) * 2^(exponent - 150); `special` marks infinities and NaN.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    index = limb lists every limb once. Source: IEEE 754-2019, 3.4.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { fixedTable } from '../../vm/chips/table.ts';

/**
 * high: a 16-bit limb; sign: a bit; exponent: max(biased, 1), in [1, 255]; significand: its upper 8 bits, the hidden one
 * included (0 for zeros and subnormals, 1 otherwise); special: 1 if the biased exponent is 255.
 */
export const FP32_DECODE_BUS = defineBus('fp32-decode', 'table', [
  'high',
  'sign',
  'exponent',
  'significand',
  'special',
]);

function tupleOf(high: number): number[] {
  const biased = (high >>> 7) & 0xff;
  const significand = (high & 0x7f) + (biased === 0 ? 0 : 0x80);
  return [high, high >>> 15, Math.max(biased, 1), significand, biased === 255 ? 1 : 0];
}

export const fp32DecodeTable = fixedTable({
  name: 'fp32-decode',
  bus: FP32_DECODE_BUS,
  // 21,846 rows: the least number of tuples in a row with height 2^15.
  perRow: 3,
  count: 2 ** 16,
  tupleAt: tupleOf,
  indexOf: (tuple) => {
    const high = tuple[0]!;
    return high < 2 ** 16 && tupleOf(high).every((value, i) => value === tuple[i]) ? high : undefined;
  },
});
