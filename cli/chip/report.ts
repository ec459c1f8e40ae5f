/** `ulp chip report`: one table of the machine as its air says, and what its operations cost, counted. */
import { honestEvents } from '../../kit/honest.ts';
import type { Machine } from '../../machine/machine.ts';
import { type Air, tupleOf } from '../../stark/air/air.ts';
import { batchDegree, type TableLookups } from '../../stark/logup/layout.ts';
import { lookupsOf } from '../../stark/shape.ts';

export interface ChipReport {
  readonly name: string;
  readonly mainColumns: number;
  readonly auxColumns: number;
  /** Main and auxiliary cells. */
  readonly cellsPerRow: number;
  /** Of a fixed table. */
  readonly logHeight?: number;
  readonly columns: readonly {
    readonly name: string;
    readonly kind: string;
    readonly domain: string;
    readonly doc: string;
  }[];
  readonly constraints: readonly { readonly name: string; readonly where: string; readonly degree: number }[];
  readonly interactions: readonly {
    readonly name: string;
    readonly bus: string;
    readonly direction: string;
    /** Names of the bus fields fixed by the other side, and of those claimed here. */
    readonly given: readonly string[];
    readonly claimed: readonly string[];
    readonly degree: number;
    /** The batch that it is a fraction of. */
    readonly batch: number;
  }[];
  readonly batches: readonly { readonly interactions: readonly string[]; readonly degree: number }[];
  /** By mnemonic, for random operands: rows of this chip, and cells of all chips together. */
  readonly operations: readonly {
    readonly mnemonic: string;
    readonly rows: number;
    readonly cells: number;
    readonly cellsOfAllChips: number;
  }[];
}

/** Events of each instruction that are averaged. */
const EVENTS = 8;

export function chipReport(machine: Machine, air: Air): ChipReport {
  const { tables } = lookupsOf(machine.relation);
  const lookups = tables[machine.relation.airs.indexOf(air)]!;
  const { batches, auxWidth } = lookups;
  const logHeight = machine.relation.fixedTables.get(air.name)?.logHeight;
  return {
    name: air.name,
    mainColumns: air.main.length,
    auxColumns: auxWidth,
    cellsPerRow: air.main.length + auxWidth,
    ...(logHeight !== undefined && { logHeight }),
    columns: [...air.main, ...air.fixed, ...air.known].map(({ name, kind, domain, doc }) => ({
      ...{ name, kind, domain, doc },
    })),
    constraints: air.constraints.map(({ name, where, expr }) => ({ name, where, degree: expr.degree })),
    interactions: air.interactions.map((i) => ({
      name: i.name,
      bus: i.bus.name,
      direction: i.direction,
      given: i.bus.fields.slice(0, i.given.length),
      claimed: i.bus.fields.slice(i.given.length),
      degree: Math.max(i.multiplicity.degree, ...tupleOf(i).map((e) => e.degree)),
      batch: batches.findIndex((batch) => batch.includes(i)),
    })),
    batches: batches.map((batch) => ({ interactions: batch.map(({ name }) => name), degree: batchDegree(batch) })),
    operations: logHeight === undefined ? operationCosts(machine, air, tables) : [],
  };
}

function operationCosts(machine: Machine, air: Air, tables: readonly TableLookups[]): ChipReport['operations'] {
  const width = new Map(machine.relation.airs.map(({ name, main }, i) => [name, main.length + tables[i]!.auxWidth]));
  const { events } = honestEvents(machine, [...machine.instructions.byOp.values()], { count: EVENTS });
  const mnemonics = [...new Set(events.filter(({ rows }) => rows.has(air.name)).map(({ mnemonic }) => mnemonic))];
  return mnemonics.map((mnemonic) => {
    const own = events.filter((event) => event.mnemonic === mnemonic);
    const mean = (total: number): number => Math.round((100 * total) / own.length) / 100;
    const rows = mean(own.reduce((sum, event) => sum + (event.rows.get(air.name)?.main.length ?? 0), 0));
    const all = own.flatMap((event) => [...event.rows].map(([name, { main }]) => main.length * width.get(name)!));
    const cells = Math.round(rows * width.get(air.name)!);
    return { mnemonic, rows, cells, cellsOfAllChips: Math.round(mean(all.reduce((a, b) => a + b, 0))) };
  });
}
