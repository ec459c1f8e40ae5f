/**
 * Table `bf16-special`: (exponent, special), the sum of two exponents of decoded BF16 and whether one of the factors is
 * an infinity or NaN. Finite sums are in [-800, 254], others in [3600, 4127] or 8000.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { centred, reduce } from '../../stark/field/koala-bear.ts';
import { SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { fixedTable } from '../../vm/chips/table.ts';

export const SPECIAL_BUS = defineBus('bf16-special', 'table', ['exponent', 'special']);

const LARGEST = 127;
const FINITE = 2 * LARGEST - 2 * ZERO_EXPONENT + 1;
const ONE = LARGEST - ZERO_EXPONENT + 1;

const tupleAt = (index: number): number[] => {
  if (index < FINITE) return [reduce(2 * ZERO_EXPONENT + index), 0];
  if (index < FINITE + ONE) return [SPECIAL_EXPONENT + ZERO_EXPONENT + index - FINITE, 1];
  return [2 * SPECIAL_EXPONENT, 1];
};

export const specialTable = fixedTable({
  name: 'bf16-special',
  bus: SPECIAL_BUS,
  // 1,584 tuples: the least number in a row with height 2^11.
  perRow: 1,
  count: FINITE + ONE + 1,
  tupleAt,
  indexOf: (tuple) => {
    const sum = centred(tuple[0]!);
    const index =
      sum <= 2 * LARGEST
        ? sum - 2 * ZERO_EXPONENT
        : sum === 2 * SPECIAL_EXPONENT
          ? FINITE + ONE
          : sum - SPECIAL_EXPONENT - ZERO_EXPONENT + FINITE;
    if (index < 0 || index > FINITE + ONE) return undefined;
    const [exponent, special] = tupleAt(index);
    return tuple[0] === exponent && tuple[1] === special ? index : undefined;
  },
});
