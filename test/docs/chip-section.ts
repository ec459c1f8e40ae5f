/** One chip's section of `docs/chips.md`: contract, totals, columns, constraints, interactions. */
import { type Air, type Interaction, tupleOf } from '../../stark/air/air.ts';
import type { Column, Expr } from '../../stark/air/expr.ts';
import { batchDegree, type TableLookups } from '../../stark/logup/layout.ts';
import { EXECUTION_BUS } from '../../vm/buses.ts';
import { type AirHead, escapeMarkdown } from './air-head.ts';
import { perOperation, unitOf } from './chip-costs.ts';
import { formula } from './formula.ts';
import { markdownTable } from './table.ts';

export interface ChipEntry {
  readonly air: Air;
  readonly lookups: TableLookups;
  readonly head: AirHead;
  /** Main and auxiliary cells of a row. */
  readonly cells: number;
}

/** Whether a row of the table is a step of the machine. */
export const isInstruction = (air: Air): boolean =>
  air.interactions.some(({ bus, direction }) => bus.name === EXECUTION_BUS.name && direction === 'receive');

/** Assumes, Ensures, Proof, Padding. */
export const contractText = ({ contract }: Pick<AirHead, 'contract'>): string[] =>
  contract.map(([title, text]) => `**${title}:**${/^1\. |^```/.test(text) ? '\n\n' : ' '}${text}`);

export function chipSection({ air, lookups, head, cells }: ChipEntry): string {
  const { perRow, unit, units } = unitOf(air.name, isInstruction(air));
  const totals = [
    `${air.main.length} main columns, ${lookups.auxWidth} auxiliary columns: **${cells} cells per row**`,
    perRow === 1 ? `, one ${unit}.` : `, ${perRow} ${units}, so **${perOperation(cells, perRow)} cells per ${unit}**.`,
    lookups.batches.length === 0
      ? ''
      : ` ${count(air.interactions.length, 'interaction')} in ${count(lookups.batches.length, 'batch', 'batches')} (${batchesText(lookups)}), of degree at most ${Math.max(...lookups.batches.map(batchDegree))}.`,
  ].join('');
  const [constraints, interactions] = [ownOf(air.constraints, air), ownOf(air.interactions, air)];
  return [
    `### ${air.name}`,
    `\`${head.file}\``,
    head.what,
    ...contractText(head),
    totals,
    markdownTable(['column', 'kind', 'domain', 'what it holds'], columnRows(air)),
    ...(constraints.length === 0
      ? []
      : [markdownTable(['constraint', 'rows', 'degree#', 'is zero'], constraintRows(constraints))]),
    markdownTable(
      ['interaction', 'bus', 'direction', 'tuple', 'multiplicity', 'its degree#'],
      interactionRows(interactions),
    ),
  ].join('\n\n');
}

const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;

/** Sizes of the batches, equal neighbours as one: `5 x 3 + 2`. */
function batchesText({ batches }: TableLookups): string {
  const runs: { size: number; times: number }[] = [];
  for (const { length: size } of batches) {
    const last = runs.at(-1);
    if (last?.size === size) last.times += 1;
    else runs.push({ size, times: 1 });
  }
  return runs.map(({ size, times }) => (times === 1 ? `${size}` : `${times} x ${size}`)).join(' + ');
}

/** Without the checks of domains, which the columns' lines already say. */
function ownOf<T extends { readonly name: string }>(items: readonly T[], air: Air): readonly T[] {
  const checks = new Set(air.main.flatMap(({ name, domain }) => [`${name} is a ${domain}`, `${name} is ${domain}`]));
  return items.filter(({ name }) => !checks.has(name));
}

const ACCESS = ['Address', 'Lo', 'Hi', 'Clk', 'AgeLo', 'AgeHi'];

function columnRows(air: Air): string[][] {
  const columns = [...air.main, ...air.fixed, ...air.known];
  const rows: string[][] = [];
  for (let i = 0; i < columns.length; ) {
    const column = columns[i]!;
    const [length, row] = accessRow(columns, i) ?? arrayRow(columns, i) ?? [1, columnRow(`\`${column.name}\``, column)];
    rows.push(row);
    i += length;
  }
  return rows;
}

const columnRow = (label: string, { kind, domain, doc }: Column): string[] => [
  label,
  kind,
  escapeMarkdown(domain),
  escapeMarkdown(doc),
];

/** The six columns of an access of the frame, if one starts here. */
function accessRow(columns: readonly Column[], at: number): [length: number, row: string[]] | undefined {
  const name = /^(\w+)Address$/.exec(columns[at]!.name)?.[1];
  if (name === undefined || ACCESS.some((part, i) => columns[at + i]?.name !== name + part)) return undefined;
  return [
    ACCESS.length,
    [
      `\`${name}Address\`, \`Lo\`, \`Hi\`, \`Clk\`, \`AgeLo\`, \`AgeHi\``,
      'main',
      '[the frame](#the-frame)',
      `access to ${name}`,
    ],
  ];
}

/** The columns of an array, if one starts here. */
function arrayRow(columns: readonly Column[], at: number): [length: number, row: string[]] | undefined {
  const [, name, start] = /^(\w+)\[(\d+)\]$/.exec(columns[at]!.name) ?? [];
  if (name === undefined) return undefined;
  const first = Number(start);
  let length = 1;
  while (columns[at + length]?.name === `${name}[${first + length}]`) length += 1;
  return [length, columnRow(`\`${name}[${first}..${first + length - 1}]\``, columns[at]!)];
}

/** Merges those whose names differ in numbers or registers only. */
function merged<T extends { readonly name: string }>(
  items: readonly T[],
  keyOf: (item: T) => string,
): (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = `${item.name.replaceAll(/\b(rs\d|rd)\b|\d+/g, '#')} ${keyOf(item)}`;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

const labelOf = (group: readonly { readonly name: string }[]): string =>
  group.length === 1 ? group[0]!.name : `${group[0]!.name} .. ${group.at(-1)!.name} (${group.length})`;

const constraintRows = (constraints: Air['constraints']): (string | number)[][] =>
  merged(constraints, ({ where, expr }) => `${where} ${expr.degree}`).map((group) => {
    const [{ where, expr }] = group as [(typeof group)[number]];
    const text = formula(expr);
    const shown = text === undefined ? '' : `\`${text}\`${group.length > 1 ? ' and so on' : ''}`;
    return [escapeMarkdown(labelOf(group)), where, expr.degree, shown];
  });

function interactionRows(interactions: readonly Interaction[]): (string | number)[][] {
  const keyOf = ({ bus, direction, multiplicity }: Interaction): string =>
    `${bus.name} ${direction} ${multiplicity.degree}`;
  return merged(interactions, keyOf).map((group) => {
    const [first] = group as [Interaction];
    const text = formula(first.multiplicity);
    return [
      escapeMarkdown(labelOf(group)),
      `\`${first.bus.name}\``,
      first.direction,
      `${tupleText(first)}${group.length > 1 ? ' and so on' : ''}`,
      text === undefined ? 'see the source' : `\`${text}\``,
      first.multiplicity.degree,
    ];
  });
}

/** Given fields, then claimed ones after a semicolon: as formulas, or where those are long by their names. */
function tupleText(interaction: Interaction): string {
  const { bus, given } = interaction;
  const texts = tupleOf(interaction).map((field: Expr) => formula(field));
  const isShort = !texts.includes(undefined) && texts.join(', ').length <= 100;
  const part = (from: number, to?: number): string =>
    isShort ? `\`${texts.slice(from, to).join(', ')}\`` : fieldsText(bus.fields.slice(from, to));
  if (given.length === 0) return `; ${part(0)}`;
  return given.length === bus.fields.length ? part(0) : `${part(0, given.length)}; ${part(given.length)}`;
}

/** Field names, runs like h0, h1, .. as one. */
export function fieldsText(fields: readonly string[]): string {
  const runs: { stem: string; names: string[] }[] = [];
  for (const name of fields) {
    const stem = name.replace(/\d+$/, '');
    const last = runs.at(-1);
    if (last?.stem === stem && stem !== name) last.names.push(name);
    else runs.push({ stem, names: [name] });
  }
  return runs.map(({ names }) => (names.length < 3 ? names.join(', ') : `${names[0]}..${names.at(-1)}`)).join(', ');
}
