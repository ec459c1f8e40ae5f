import type { Chip } from '../../chip.ts';
import { programAir } from './air.ts';

/** All columns are known or counted: there is nothing to fill, and the statement says how many rows there are. */
export const programChip: Chip = { air: programAir, rows: () => 1, fill: () => {} };
