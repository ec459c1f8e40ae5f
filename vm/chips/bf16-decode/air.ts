/**
 * BF16 decode table: (pattern, sm, e) for all 2^16 patterns, sm and e as `decode.ts` and OPERAND_BUS define them. Whoever
 * sends (x, sm, e) has range-checked x to 16 bits and knows its exact value.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    index = pattern lists every pattern once.
 */
import { reduce } from '../../../stark/field/koala-bear.ts';
import { BF16_DECODE_BUS } from '../../buses.ts';
import { fixedTable } from '../table.ts';
import { decodeBf16 } from './decode.ts';

const tupleOf = (pattern: number): number[] => {
  const { significand, exponent } = decodeBf16(pattern);
  return [pattern, reduce(significand), reduce(exponent)];
};

export const bf16DecodeTable = fixedTable({
  name: 'bf16-decode',
  bus: BF16_DECODE_BUS,
  // 21,846 rows: the least number of tuples in a row with height 2^15.
  perRow: 3,
  count: 2 ** 16,
  tupleAt: tupleOf,
  indexOf: (tuple) => {
    const pattern = tuple[0]!;
    if (pattern >= 2 ** 16) return undefined;
    const [, significand, exponent] = tupleOf(pattern);
    return tuple[1] === significand && tuple[2] === exponent ? pattern : undefined;
  },
});
