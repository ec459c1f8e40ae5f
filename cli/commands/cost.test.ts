import { expect, test } from 'vitest';
import { sumCli } from '../cli.fixture.ts';

test('heights, cells and routines', async () => {
  const cli = await sumCli();
  const { out, err, code } = await cli.run('cost sum.elf --input case.json');
  expect({ err, code }).toEqual({ err: '', code: undefined });
  expect(out).toMatch(/^ {2}chip +rows +height +left +main +aux +cells +share\n/);
  expect(out).toMatch(/\n {2}add +25 +512 +307 /);
  expect(out).toMatch(/\n {2}loop +39 +39 /);
  expect(out).toMatch(/\n {2}predicted +\d/);
});

test('the numbers agree with each other and with the run', async () => {
  const cli = await sumCli();
  const cost = JSON.parse((await cli.run('cost sum.elf --input case.json --json')).out);
  const run = JSON.parse((await cli.run('run sum.elf --input case.json --json')).out);
  const chips = cost.chips as {
    name: string;
    rows: number;
    height: number;
    mainColumns: number;
    auxColumns: number;
    cells: number;
  }[];
  expect(Object.fromEntries(chips.map(({ name, rows }) => [name, rows]))).toEqual(run.rows);
  for (const chip of chips) expect(chip.cells).toBe(chip.height * (chip.mainColumns + chip.auxColumns));
  expect(cost.cells).toBe(chips.reduce((sum, { cells }) => sum + cells, 0));
  const routines = cost.routines as { name: string; cycles: number; rows: number }[];
  expect(routines.reduce((sum, { cycles }) => sum + cycles, 0)).toBe(run.cycles);
  // Every instruction of this program is one row of one chip.
  expect(routines.map(({ rows }) => rows)).toEqual(routines.map(({ cycles }) => cycles));
});

test('a trap has no cost', async () => {
  const cli = await sumCli({ 'case.json': '{"publicInput": [5]}' });
  const { out, err, code } = await cli.run('cost sum.elf --input case.json');
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toMatch(/^error: the program trapped: hint-out-of-range/);
});
