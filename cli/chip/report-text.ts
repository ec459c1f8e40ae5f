/** A chip's report as tables on a terminal. */
import { countText } from '../format.ts';
import type { Io } from '../io.ts';
import { styleOf } from '../style.ts';
import { tableText } from '../table.ts';
import type { ChipReport } from './report.ts';

export function printReport(io: Io, report: ChipReport): void {
  const { bold } = styleOf(io);
  const { mainColumns, auxColumns, cellsPerRow, batches, interactions, logHeight } = report;
  const height = logHeight === undefined ? '' : `, a fixed table of 2^${logHeight} rows`;
  io.out(bold(`${report.name}${height}`));
  io.out(`  ${mainColumns} main + ${auxColumns} auxiliary columns = ${cellsPerRow} cells per row`);
  section('columns', ['column', 'kind', 'domain', 'what it holds'], columnRows(report));
  section(
    'constraints',
    ['constraint', 'rows', 'degree'],
    report.constraints.map(({ name, where, degree }) => [name, where, `${degree}`]),
  );
  section(
    'interactions',
    ['interaction', 'bus', 'direction', 'tuple (given; claimed)', 'degree', 'batch'],
    interactions.map(({ name, bus, direction, given, claimed, degree, batch }) => [
      ...[name, bus, direction, [given.join(' '), claimed.join(' ')].filter((t) => t !== '').join('; ')],
      ...[`${degree}`, `${batch}`],
    ]),
  );
  section(
    'batches',
    ['batch', 'interactions', 'degree', 'auxiliary columns'],
    batches.map((batch, i) => [`${i}`, `${batch.interactions.length}`, `${batch.degree}`, '5']),
  );
  section(
    'cells per operation, counted on random operands',
    ['instruction', 'rows here', 'cells here', 'cells of all chips'],
    report.operations.map(({ mnemonic, rows, cells, cellsOfAllChips }) => [
      ...[mnemonic, `${rows}`, countText(cells), countText(cellsOfAllChips)],
    ]),
  );

  function section(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
    if (rows.length === 0) return;
    io.out(`\n${bold(title)}\n${tableText(head, rows, 'left')}`);
  }
}

const columnRows = ({ columns }: ChipReport): string[][] =>
  columns.map(({ name, kind, domain, doc }) => [name, kind, domain, doc]);
