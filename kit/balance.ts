/** Several tables together: what they leave on a bus. */
import type { Air } from '../stark/air/air.ts';
import type { Bus } from '../stark/air/bus.ts';
import { messageAt, type Rows } from '../stark/air/check.ts';
import { add, type Felt, neg, ZERO } from '../stark/field/koala-bear.ts';

/** Tuples on the bus whose sends and receives do not cancel, with what is left: sends minus receives. */
export function imbalance(bus: Bus, tables: readonly (readonly [Air, Rows])[]): { tuple: number[]; left: Felt }[] {
  const totals = new Map<string, { tuple: number[]; left: Felt }>();
  for (const [air, rows] of tables) {
    for (const interaction of air.interactions.filter((i) => i.bus.name === bus.name)) {
      rows.main.forEach((_, row) => {
        const { tuple, multiplicity } = messageAt(interaction, rows, row);
        const left = totals.get(tuple.join())?.left ?? ZERO;
        const signed = interaction.direction === 'send' ? multiplicity : neg(multiplicity);
        totals.set(tuple.join(), { tuple, left: add(left, signed) });
      });
    }
  }
  return [...totals.values()].filter(({ left }) => left !== 0);
}
