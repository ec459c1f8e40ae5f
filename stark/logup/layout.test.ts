import { describe, expect, it } from 'vitest';
import { type Air, bit, defineAir, given } from '../air/air.ts';
import { defineBus } from '../air/bus.ts';
import * as K from '../field/quintic.ts';
import { Arena } from '../kernels/memory.ts';
import { createPool } from '../kernels/pool.ts';
import {
  BLINDING_ROWS,
  busy,
  plain,
  plainTraces,
  quiet,
  randomChallenges,
  randomFelts,
  residues,
} from '../quotient/tables.fixture.ts';
import { buildAux } from './aux.ts';
import { batchDegree, busId, fingerprint, lookupLayout, numConstraints, phiColumn } from './layout.ts';

const airs = [busy, plain, quiet] as unknown as readonly Air[];
const layout = lookupLayout(airs);

describe('LogUp layout', () => {
  it('packs interactions in order, as many as the degree bound allows', () => {
    const [first, second, third] = layout.tables;
    expect(first!.batches.map((batch) => batch.map(({ name }) => name))).toEqual([
      ['limbs[0] is below 2^16', 'limbs[1] is below 2^16', 'limbs[2] is below 2^16'],
      ['pairs', 'pairs back', 'one more'],
      ['quadratic'],
      ['cubic'],
      ['last alone'],
    ]);
    expect(first!.batches.map(batchDegree)).toEqual([4, 4, 3, 4, 2]);
    expect([first!.auxWidth, second!.auxWidth, third!.auxWidth]).toEqual([25, 5, 0]);
    expect(phiColumn(first!)).toBe(20);
    expect(airs.map((air, i) => numConstraints(air, layout.tables[i]!) - air.constraints.length)).toEqual([7, 3, 0]);
  });

  it('separates equal tuples on different buses, and a tuple from the same one padded by zeros', () => {
    const long = defineBus('long', 'peer', ['x', 'y']);
    const short = defineBus('short', 'peer', ['x']);
    const other = defineBus('other', 'peer', ['x']);
    const both = lookupLayout([], [long, short, other]);
    const challenges = randomChallenges(residues(3), both.tupleWidth);
    expect([both.tupleWidth, busId(both, long), busId(both, short), busId(both, other)]).toEqual([2, 1, 2, 3]);
    const values = [
      fingerprint(both, challenges, long, [7, 0]),
      fingerprint(both, challenges, long, [0, 7]),
      fingerprint(both, challenges, short, [7]),
      fingerprint(both, challenges, other, [7]),
    ];
    expect(new Set(values.map(String)).size).toBe(values.length);
  });

  it('refuses an interaction above the degree bound, and two buses of one name', () => {
    const bus = defineBus('b', 'peer', ['x']);
    const steep = defineAir({
      name: 'steep',
      columns: { a: bit('a'), b: given('free', 'b') },
      define: ({ local: { a, b }, send }) => send('cube squared', bus, { given: [b.times(b).times(b).times(b)] }, a),
    }) as unknown as Air;
    expect(() => lookupLayout([steep])).toThrow('steep, cube squared: expected degree at most 4, got 5');
    expect(() => lookupLayout([], [bus, defineBus('b', 'peer', ['y'])])).toThrow('lookupLayout: expected one bus b');
    expect(() => busId(layout, bus)).toThrow('busId: expected a bus of the relation, got b');
  });

  it('reports a zero denominator on an active row, for the caller to draw again', async () => {
    const arena = new Arena();
    const pool = createPool(arena.memory, 1);
    const { main } = plainTraces(arena, 9, 5);
    const input = { air: airs[1]!, lookups: layout.tables[1]!, layout };
    const challenges = randomChallenges(residues(4), layout.tupleWidth);
    const row = 331;
    const x = arena.u32(main.address, main.height * main.stride)[row * main.stride]!;
    const bus = plain.interactions[0]!.bus;
    const alpha = K.sub(challenges.alpha, fingerprint(layout, challenges, bus, [16, x]));
    const random = randomFelts(residues(1));
    const build = (chosen: typeof challenges) =>
      buildAux({ arena, pool }, { ...input, challenges: chosen }, { main }, BLINDING_ROWS, random);
    expect(await build({ ...challenges, alpha })).toBeUndefined();
    expect(await build(challenges)).toBeDefined();
    await pool.close();
  });

  it('blinds the last rows of every auxiliary column, but the end of the sum', async () => {
    const arena = new Arena();
    const pool = createPool(arena.memory, 1);
    const { main } = plainTraces(arena, 9, 5);
    const challenges = randomChallenges(residues(4), layout.tupleWidth);
    const input = { air: airs[1]!, lookups: layout.tables[1]!, layout, challenges };
    const built = await buildAux({ arena, pool }, input, { main }, BLINDING_ROWS, randomFelts(residues(1)));
    const { address, stride, height, width } = built!.trace;
    const random = randomFelts(residues(1))(BLINDING_ROWS * width);
    for (let i = 0; i < BLINDING_ROWS; i++) {
      const row = arena.u32(address + 4 * stride * (height - BLINDING_ROWS + i), width);
      const expected = i === 0 ? built!.terminal : random.slice(i * width, (i + 1) * width);
      expect([i, ...row]).toEqual([i, ...expected]);
    }
    await pool.close();
  });
});
