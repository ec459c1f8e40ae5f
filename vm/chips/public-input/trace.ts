import type { Provider } from '../../../stark/air/air.ts';
import { PUBLIC_INPUT_BUS } from '../../buses.ts';
import type { Chip } from '../../chip.ts';
import { publicInputAir } from './air.ts';

/** All columns are known or counted: there is nothing to fill. */
export const publicInputChip: Chip & { readonly providers: readonly Provider[] } = {
  air: publicInputAir,
  providers: [{ bus: PUBLIC_INPUT_BUS, multiplicities: ['multiplicity'], positionOf: (tuple) => tuple[0] }],
  rows: ({ publicInput }) => publicInput.length,
  fill: () => {},
};
