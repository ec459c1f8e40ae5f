import { expect, test } from 'vitest';
import { P } from '../stark/field/koala-bear.ts';
import { seeded } from '../test/support/random.ts';
import { compiledMessage } from './compiled-message.ts';
import { ulpMachine } from './relation.ts';
import { messageFunction } from './witness.ts';

const machine = ulpMachine();

test.each([...machine.chips])('messages of %s are those of the reference on any cells', (name, { air }) => {
  const random = seeded(name.length);
  const rows = 6;
  const stride = air.main.length + 3;
  // Small cells, any cells, and columns of the statement that end before the rows do.
  const draw = (count: number): Uint32Array =>
    Uint32Array.from({ length: count }, (_, i) => (i % 3 === 0 ? random.below(3) : random.below(P)));
  const table = {
    ...{ cells: draw(rows * stride), stride },
    known: air.known.map(() => draw(rows - 1)),
    fixed: air.fixed.map(() => draw(rows)),
  };
  for (const interaction of air.interactions) {
    const [reference, compiled] = [messageFunction(interaction), compiledMessage(interaction)];
    for (let row = 0; row < rows; row++) {
      expect(compiled.multiplicity(table, row), interaction.name).toBe(reference.multiplicity(table, row));
      reference.read(table, row);
      compiled.read(table, row);
      expect(compiled.tuple, interaction.name).toEqual(reference.tuple);
    }
  }
});
