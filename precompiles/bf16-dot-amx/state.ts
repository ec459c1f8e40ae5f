/**
 * Between the steps of a tile instruction, on a bus of its own: even and odd chain, each as `bf16-dot/state.ts`
 * describes an accumulator, under the time of the call and `tile`, the element of a that the tile instruction begins
 * with; a and b are the next elements. A call has one tile instruction at an element, which sends the chains +0 at its
 * first and takes those at its last.
 */
import { defineBus } from '../../stark/air/bus.ts';

export const AMX_CHAINS_BUS = defineBus('amx-chains', 'peer', [
  'clk',
  'tile',
  'a',
  'b',
  'evenNegative',
  'evenHigh',
  'evenLow',
  'evenExponent',
  'oddNegative',
  'oddHigh',
  'oddLow',
  'oddExponent',
]);

/** Blocks of 16 elements in a tile instruction: 32 BF16 are the 64 bytes of a row of a tile. */
export const TILE_BLOCKS = 2;

/**
 * The chips that take a pair of products, of elements a and a + 1 and even a: `bf16-dot-amx` if no operand is subnormal
 * and both results are zero, normal or overflow. Event of both: clk, tile, a, b, sign (bit 31) and significand of the
 * even chain, its word, the same of the odd one.
 */
export const BF16_DOT_AMX_CHIP = 'bf16-dot-amx';
export const BF16_DOT_AMX_SLOW_CHIP = 'bf16-dot-amx-slow';
export const AMX_STEP_EVENT_WORDS = 8;

/**
 * The chips that take a tile instruction: `bf16-dot-amx-tile` if `fastAdd` has both sums. Event of both: clk, a, b,
 * blocks (1 or 2), sign and significand of the accumulator, its word, the same of even and odd chain.
 */
export const BF16_DOT_AMX_TILE_CHIP = 'bf16-dot-amx-tile';
export const BF16_DOT_AMX_TILE_SLOW_CHIP = 'bf16-dot-amx-tile-slow';
export const AMX_TILE_EVENT_WORDS = 10;
