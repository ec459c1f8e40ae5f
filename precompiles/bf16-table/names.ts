/** The functions of `bf16.table` by name, and the bus of each. What they compute: `functions.ts`. */
import { type Bus, defineBus } from '../../stark/air/bus.ts';

/** By the immediate of the instruction. */
export const BF16_FUNCTION_NAMES = [
  'gelu-tanh',
  'gelu-erf',
  'silu',
  'gelu-tanh-grad',
  'gelu-erf-grad',
  'silu-grad',
  'exp2',
] as const;

export type Bf16FunctionName = (typeof BF16_FUNCTION_NAMES)[number];

/** pattern a BF16, lo and hi the limbs of the function's FP32. */
export const BF16_FUNCTION_BUSES: readonly Bus[] = BF16_FUNCTION_NAMES.map((name) =>
  defineBus(`bf16-${name}-table`, 'table', ['pattern', 'lo', 'hi']),
);
