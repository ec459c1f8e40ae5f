/** Writes `docs/chips.md`: every table of the machine as its air declares it, and what a row costs. */

import type { Machine } from '../../machine/machine.ts';
import type { Interaction } from '../../stark/air/air.ts';
import type { Bus } from '../../stark/air/bus.ts';
import { batchDegree } from '../../stark/logup/layout.ts';
import { lookupsOf } from '../../stark/shape.ts';
import { EXECUTION_BUS } from '../../vm/buses.ts';
import { airHeads, headOf } from './air-head.ts';
import { costSection, unitOf } from './chip-costs.ts';
import { type ChipEntry, chipSection, contractText, fieldsText, isInstruction } from './chip-section.ts';
import { markdownTable, numberText } from './table.ts';

/** @throws {RangeError} on an air whose source has no head comment. */
export function chipsDocument(machine: Machine): string {
  const heads = airHeads(machine.relation.airs.map(({ name }) => name));
  const { tables } = lookupsOf(machine.relation);
  const entries = machine.relation.airs.map((air, i): ChipEntry => {
    const head = heads.get(air.name);
    if (head === undefined)
      throw new RangeError(`airs: expected a source with a head comment for ${air.name}, got none`);
    return { air, lookups: tables[i]!, head, cells: air.main.length + tables[i]!.auxWidth };
  });
  const isTable = ({ air }: ChipEntry): boolean => machine.relation.fixedTables.has(air.name);
  const [chips, fixedTables] = [entries.filter((e) => !isTable(e)), entries.filter(isTable)];
  return `${[
    INTRODUCTION,
    '## Overview',
    markdownTable(
      [
        'chip',
        'main#',
        'auxiliary#',
        'cells per row#',
        'constraints#',
        'interactions#',
        'highest degree#',
        'one row is',
        'cells per operation#',
      ],
      chips.map(overviewRow),
    ),
    costSection(new Map(entries.map(({ air, cells }) => [air.name, cells]))),
    '## Fixed tables',
    FIXED_TABLES,
    markdownTable(
      ['table', 'bus', 'fields', 'tuples per row#', 'height', 'committed cells in a proof#'],
      fixedTables.map((entry) => fixedTableRow(machine, entry)),
    ),
    ...fixedTables.map(({ air, head }) =>
      [`### ${air.name}`, `\`${head.file}\``, head.what, ...contractText(head)].join('\n\n'),
    ),
    '## Buses',
    BUSES,
    markdownTable(['bus', 'kind', 'fields', 'sent by', 'received by'], busRows(machine, entries)),
    '## The frame',
    FRAME,
    ...contractText(headOf('vm/chips/frame.ts')),
    '## Chips',
    ...chips.map((entry) => chipSection(entry)),
  ].join('\n\n')}\n`;
}

const INTRODUCTION = `# The chips

Generated from the airs of the machine by \`npx vitest run test/docs -u\`; a test compares it with them.

The machine (\`machine/relation.ts\`) has no central table. An instruction is proven by the chip of its family, in one row: the row takes the machine state (pc, clk) from the *execution* bus, looks the instruction up on the *program* bus, accesses registers and memory on the *memory* bus and sends the next state. Precompiles that need more rows pass their own state from row to row over a bus. Fixed tables answer what is cheaper to look up than to compute. [stark-tutorial.md](stark-tutorial.md) builds two chips from nothing, [write-a-chip.md](write-a-chip.md) adds an instruction; the [soundness page](soundness.md) says what all of it adds up to.

How to read a section:

- **Columns** hold field elements. The domain says what values a column can have and what enforces that: \`bit\` and \`below 2^k\` are checked by the declaration itself, anything else names the bus or constraint that does it.
- **Constraints** are zero on the rows named; the degree is that of the polynomial, at most 4. \`next.x\` is the cell of the next row. Names that differ in numbers or registers only stand in one line. Checks of domains are not repeated.
- **Interactions** put tuples on buses. Fields before the semicolon are *given*, fixed by the other side; those after it are *claimed*, this side's answer. The multiplicity is 0 on rows that stand for nothing.
- **Auxiliary columns** are the price of interactions: five base cells for each batch, because a batch is one column over the quintic extension. A batch takes as many interactions as keep its degree at 4, usually three.
- **Cells** are main and auxiliary cells, what a prover extends and commits to. The height of a table is a power of two, and its last rows are random, so a table with many rows has between one and two times the cells of its rows, and one with few has 512 rows at least.`;

const FIXED_TABLES = `The same in every proof; their columns are in the verifying key and are not committed again. What a proof pays is the multiplicities and the sums: a constant for each table that one of its chips sends to.`;

const BUSES = `A *table* bus is answered by one fixed or known table, which counts how often it was asked. A *peer* bus connects chips. The statement itself sends and receives the ends: the first state, the RAM base, the output words and the exit code.`;

const FRAME = `What every instruction chip does around its arithmetic, stated once in \`vm/chips/frame.ts\`. A row has the columns \`isReal\`, \`pc\` and \`clk\`, and for every word it reads or writes an *access* of six: the address, the two limbs it held, the time it was last accessed, and the time since, less one, as limbs of 16 and 13 bits. In the chips below an access is one line. Registers are space 0 of the memory bus (x0 to x31 at 0 to 31, f0 to f31 at 32 to 63, and 64 where writes to x0 go), RAM is space 1 by word address. An access receives the last tuple of its address from the memory bus and sends the next one with the time of this access; a read sends the value it received. Ordinary instructions access rs1 at \`clk\`, rs2 at \`clk + 1\`, RAM at \`clk + 2\` and rd at \`clk + 3\`, and the next instruction runs at \`clk + 4\`.`;

function overviewRow({ air, lookups, cells }: ChipEntry): (string | number)[] {
  const degrees = [...air.constraints.map((c) => c.expr.degree), ...lookups.batches.map(batchDegree)];
  const { perRow, unit, units } = unitOf(air.name, isInstruction(air));
  return [
    `[${air.name}](#${air.name})`,
    air.main.length,
    lookups.auxWidth,
    cells,
    air.constraints.length,
    air.interactions.length,
    Math.max(...degrees),
    perRow === 1 ? `1 ${unit}` : `${perRow} ${units}`,
    numberText(cells / perRow),
  ];
}

function fixedTableRow(machine: Machine, { air, cells }: ChipEntry): (string | number)[] {
  const { logHeight } = machine.relation.fixedTables.get(air.name)!;
  const [{ bus }] = air.interactions as [Interaction];
  return [
    `[${air.name}](#${air.name})`,
    `\`${bus.name}\``,
    fieldsText(bus.fields),
    air.interactions.length,
    `2^${logHeight}`,
    numberText(cells * 2 ** logHeight),
  ];
}

function busRows({ relation }: Machine, entries: readonly ChipEntry[]): string[][] {
  const buses = new Map<string, Bus>();
  for (const { air } of entries) for (const { bus } of air.interactions) buses.set(bus.name, bus);
  for (const bus of relation.buses) buses.set(bus.name, bus);
  const parties = (bus: Bus, direction: Interaction['direction']): string => {
    const names = entries
      .filter(({ air }) => air.interactions.some((i) => i.bus.name === bus.name && i.direction === direction))
      .map(({ air }) => air.name);
    const speaks = relation.buses.some(({ name }) => name === bus.name) ? ['the statement'] : [];
    const all = names.length > 6 ? [`${names.length} chips`] : names;
    return [...all, ...(names.length === 0 || bus.name === EXECUTION_BUS.name ? speaks : [])].join(', ');
  };
  return [...buses.values()]
    .sort((a, b) => a.name.localeCompare(b.name, 'en'))
    .map((bus) => [`\`${bus.name}\``, bus.kind, fieldsText(bus.fields), parties(bus, 'send'), parties(bus, 'receive')]);
}
