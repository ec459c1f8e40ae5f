/** The report of `ulp cost` as tables. */
import type { RunCost } from '../machine/cost.ts';
import { bytesText, countText, durationText, percentText } from './format.ts';
import type { Io } from './io.ts';
import { tableText } from './table.ts';

export function printCost(io: Io, report: RunCost, params: string): void {
  const { chips, routines, cells, predicted } = report;
  const shareOf = (part: number, whole: number): string => percentText(Number((part / Math.max(1, whole)).toFixed(3)));
  io.out(
    tableText(
      ['chip', 'rows', 'height', 'left', 'main', 'aux', 'cells', 'share'],
      [...chips]
        .sort((a, b) => b.cells - a.cells)
        .map((chip) => [
          chip.name,
          ...[chip.rows, chip.height, chip.rowsLeft, chip.mainColumns, chip.auxColumns, chip.cells].map(countText),
          shareOf(chip.cells, cells),
        ]),
    ),
  );
  const routineCells = routines.reduce((sum, routine) => sum + routine.cells, 0);
  io.out('');
  io.out(
    tableText(
      ['routine', 'cycles', 'rows', 'cells', 'share'],
      routines.map((routine) => [
        routine.name,
        ...[routine.cycles, routine.rows, routine.cells].map(countText),
        shareOf(routine.cells, routineCells),
      ]),
    ),
  );
  io.out('');
  io.out(`  cycles     ${countText(report.cycles)}`);
  io.out(`  cells      ${countText(cells)}`);
  io.out(`  security   ${report.problem ?? `${report.bits} bits, provable (${params})`}`);
  io.out(`  predicted  ${durationText(1000 * predicted.seconds)}, ${bytesText(predicted.memoryBytes)}`);
}
