/**
 * BF16 function tables: (pattern, lo, hi) for all 2^16 patterns, one table and one commitment for each function.
 *
 * A value is computed when it is first asked for: all 65,536 of a function take about 0.1 s.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    index is the pattern, so every pattern is listed once.
 */
import { type FixedTable, fixedTable } from '../../vm/chips/table.ts';
import { BF16_FUNCTIONS, evaluateBf16 } from './functions.ts';
import { BF16_FUNCTION_BUSES } from './names.ts';

const PATTERNS = 2 ** 16;

const words = BF16_FUNCTIONS.map(() => ({ value: new Uint32Array(PATTERNS), known: new Uint8Array(PATTERNS) }));

/** The FP32 word of function `id` at a BF16 pattern. */
export function bf16FunctionWord(id: number, pattern: number): number {
  const { value, known } = words[id]!;
  if (known[pattern] === 0) {
    value[pattern] = evaluateBf16(BF16_FUNCTIONS[id]!, pattern);
    known[pattern] = 1;
  }
  return value[pattern]!;
}

export const bf16FunctionTables: readonly FixedTable[] = BF16_FUNCTION_BUSES.map((bus, id) =>
  fixedTable({
    name: `bf16-${BF16_FUNCTIONS[id]!.name}-table`,
    bus,
    // 21,846 rows: the least number of tuples in a row with height 2^15.
    perRow: 3,
    count: PATTERNS,
    tupleAt: (index) => {
      const word = bf16FunctionWord(id, index);
      return [index, word & 0xffff, word >>> 16];
    },
    indexOf: (tuple) => {
      const [pattern, lo, hi] = [tuple[0]!, tuple[1]!, tuple[2]!];
      if (pattern >= PATTERNS) return undefined;
      const word = bf16FunctionWord(id, pattern);
      return lo === (word & 0xffff) && hi === word >>> 16 ? pattern : undefined;
    },
    separate: true,
  }),
);
