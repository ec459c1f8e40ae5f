/**
 * Decoded operands, two products at a time: whoever sends (a, b, and of elements a, b and a + 1, b + 1 of the hint tape the
 * signed significands and the sum of the exponents, as OPERAND_BUS defines them) claims that the tape has these. a and b
 * are even.
 */
import { defineBus } from '../../stark/air/bus.ts';

export const PAIR_BUS = defineBus('bf16-pair', 'peer', [
  'a',
  'b',
  'firstA',
  'firstB',
  'firstExponent',
  'secondA',
  'secondB',
  'secondExponent',
]);

/** Log of the chip. Event: hint block of a, hint block of b, mask of the pairs that are asked for. */
export const BF16_PAIRS_CHIP = 'bf16-pairs';
export const PAIRS_EVENT_WORDS = 3;
/** Pairs of products in a block. */
export const PAIRS = 8;
