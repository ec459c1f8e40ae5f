/** The chips that answer on `fp32-function` for the hyperbolic tangent; `execute.ts` says which takes an operand. */
import { defineBus } from '../../stark/air/bus.ts';

export const FP32_TANH_CHIP = 'fp32-tanh';
export const FP32_TANH_SPECIAL_CHIP = 'fp32-tanh-special';
/** Event of either: the operand. */
export const TANH_EVENT_WORDS = 1;

/**
 * High limbs without sign of the operands that take arithmetic: magnitudes in [2^-12 + 2^-19, 2^3). Below, tanh a rounds to
 * a: a - tanh a < a^3 / 3 < 2^-37.5 is less than half a unit in the last place. From 2^3 on few results are left.
 */
export const FIRST_WINDOW = 0x3981;
export const END_WINDOWS = 0x4100;

/** What the high limb without sign, `key`, settles: the fields are in `windows.ts`. */
export const TANH_WINDOW_BUS = defineBus('fp32-tanh-window', 'table', [
  'key',
  'power',
  'upper',
  'middle',
  'lower',
  'unitUpper',
  'unitLower',
  'k0',
  'factor',
]);
