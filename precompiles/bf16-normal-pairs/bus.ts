/**
 * As PAIR_BUS (`bf16-pairs/bus.ts`), and none of the operands is subnormal. No operand has the exponent -126 at all,
 * since the least normal numbers share it with the subnormals.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { PAIR_BUS } from '../bf16-pairs/bus.ts';

export const NORMAL_PAIR_BUS = defineBus('bf16-normal-pair', 'peer', PAIR_BUS.fields);

/** Log of the chip, with the events of `bf16-pairs`. */
export const BF16_NORMAL_PAIRS_CHIP = 'bf16-normal-pairs';
/** The exponent that no element of the blocks has. */
export const LEAST_EXPONENT = -126;
