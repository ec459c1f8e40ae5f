import { expect, test } from 'vitest';
import { ulpMachine } from '../machine/relation.ts';
import { P } from '../stark/field/koala-bear.ts';
import { cellsOf } from './cell-ranges.ts';
import { honestEvents } from './honest.ts';
import { tableIntervals } from './table-intervals.ts';

test('what is derived of cells holds on honest rows of all instructions', () => {
  const machine = ulpMachine();
  const cells = cellsOf(machine, tableIntervals(machine));
  const { events } = honestEvents(machine, [...machine.instructions.byOp.values()], { count: 2, seed: 3 });
  const wrong = new Set<string>();
  let numChecked = 0;
  for (const [chip, { main }] of events.flatMap(({ rows }) => [...rows])) {
    const { air, ranges } = cells.get(chip)!;
    const real = air.main.find(({ name }) => name === 'isReal');
    for (const row of main.filter((cellsOfRow) => real === undefined || cellsOfRow[real.index] === 1)) {
      for (const { name, index } of air.main) {
        const range = ranges.get(name);
        if (range === undefined) continue;
        numChecked++;
        const above = (((row[index]! - range.low) % P) + P) % P;
        if (above > range.high - range.low)
          wrong.add(`${chip}.${name} is ${row[index]}, not ${range.low} to ${range.high}`);
      }
    }
  }
  expect([...wrong]).toEqual([]);
  expect(numChecked).toBeGreaterThan(10_000);
});
