/**
 * What is committed and opened, in which order: the one place that prover and verifier share. Lengths follow from the
 * shape alone.
 */
import type { Air } from './air/air.ts';
import type { Ext } from './field/quintic.ts';
import { EXTENSION_DEGREE, NUM_CHUNKS } from './parameters.ts';
import type { Relation } from './relation.ts';
import { QUOTIENT_WIDTH, type Shape, type TableShape } from './shape.ts';

/** One matrix of a commitment: its row at tall index i is row i >> (log tallest - logHeight) of its own domain. */
export interface MatrixShape {
  readonly name: string;
  readonly logHeight: number;
  /** Columns transmitted when a row is opened; hashing pads them to `strideOf(width)`. */
  readonly width: number;
}

export interface CommitmentShape {
  /** A separate fixed table's commitment is named after it. */
  readonly name: 'fixed' | `fixed ${string}` | 'main' | 'aux' | 'quotient';
  /** Ascending heights, ties in the order of the relation: the order of the leaf's hash chain. */
  readonly matrices: readonly MatrixShape[];
  readonly logHeight: number;
  /** Leaves end in a salt: the commitment hides. */
  readonly salted: boolean;
}

/** Name of the matrix of the K-valued mask codeword in the main commitment. */
export const MASK = 'mask codeword';
const QUOTIENT = 'quotient chunks';

const ascending = <T extends { readonly logHeight: number }>(items: readonly T[]): T[] =>
  [...items].sort((a, b) => a.logHeight - b.logHeight);

const commitment = (
  name: CommitmentShape['name'],
  matrices: readonly MatrixShape[],
  salted: boolean,
): CommitmentShape => ({
  name,
  matrices: ascending(matrices),
  logHeight: Math.max(0, ...matrices.map((matrix) => matrix.logHeight)),
  salted,
});

/** The commitment that the fixed cells of an air are in. */
const fixedNameOf = (relation: Relation, air: string): CommitmentShape['name'] =>
  relation.fixedTables.get(air)!.separate === true ? `fixed ${air}` : 'fixed';

/**
 * All commitments to fixed tables, whether they take part in a proof or not: the shared one first, if it has tables, then
 * those of separate tables. One root each for all programs.
 */
export function fixedCommitments(relation: Relation): readonly CommitmentShape[] {
  const byName = new Map<CommitmentShape['name'], MatrixShape[]>([['fixed', []]]);
  for (const { name, fixed } of relation.airs) {
    const table = relation.fixedTables.get(name);
    if (table === undefined) continue;
    const commitmentName = fixedNameOf(relation, name);
    const matrices = byName.get(commitmentName) ?? [];
    matrices.push({ name, logHeight: table.logHeight, width: fixed.length });
    byName.set(commitmentName, matrices);
  }
  return [...byName].filter(([, matrices]) => matrices.length > 0).map(([name, list]) => commitment(name, list, false));
}

/** Those of which some table takes part. */
export const fixedCommitmentsOf = (relation: Relation, { tables }: Shape): readonly CommitmentShape[] => {
  const used = new Set(tables.filter(({ air }) => air.fixed.length > 0).map(({ air }) => air.name));
  return fixedCommitments(relation).filter(({ matrices }) => matrices.some(({ name }) => used.has(name)));
};

/** Key of a fixed commitment's root in `Relation.fixedRoots`. */
export const fixedRootKey = (parameters: string, commitmentName: string): string =>
  parameters + commitmentName.slice('fixed'.length);

export const mainCommitment = ({ tables, logHeight }: Shape): CommitmentShape =>
  commitment(
    'main',
    [
      ...tables.map((t) => ({ name: t.air.name, logHeight: t.logHeight, width: t.air.main.length })),
      { name: MASK, logHeight, width: EXTENSION_DEGREE },
    ],
    true,
  );

export const auxCommitment = ({ tables }: Shape): CommitmentShape =>
  commitment(
    'aux',
    tables
      .filter((t) => t.lookups.auxWidth > 0)
      .map((t) => ({ name: t.air.name, logHeight: t.logHeight, width: t.lookups.auxWidth })),
    true,
  );

export const quotientCommitment = ({ logHeight }: Shape): CommitmentShape =>
  commitment('quotient', [{ name: QUOTIENT, logHeight, width: QUOTIENT_WIDTH }], true);

/** Commitments in the order in which queries open them. Fixed ones only if a table of theirs takes part. */
export const commitmentsOf = (relation: Relation, shape: Shape): readonly CommitmentShape[] => [
  ...fixedCommitmentsOf(relation, shape),
  mainCommitment(shape),
  auxCommitment(shape),
  quotientCommitment(shape),
];

/** Words of a leaf's rows as they are sent: all columns, no padding. */
export const openedWords = ({ matrices }: CommitmentShape): number => matrices.reduce((sum, m) => sum + m.width, 0);

/**
 * One committed column as the out-of-domain step sees it: over F_p a single base column, over K five adjacent ones that
 * stand for sum X^j f_j, opened as one value.
 */
export interface OpenedColumn {
  readonly commitment: CommitmentShape['name'];
  readonly matrix: string;
  /** First base column. */
  readonly column: number;
  /** 1, or EXTENSION_DEGREE for a K-valued column. */
  readonly width: number;
  /** Opened at the successor of z too. */
  readonly next: boolean;
}

/** Every column of the DEEP batch in order; the mask codeword is added to the batch as it is and not opened. */
export function openedColumns(relation: Relation, { tables }: Shape): OpenedColumn[] {
  const columns = tables.flatMap((t) => tableColumns(relation, t));
  for (let i = 0; i < NUM_CHUNKS; i++) {
    columns.push({
      commitment: 'quotient',
      matrix: QUOTIENT,
      column: EXTENSION_DEGREE * i,
      width: EXTENSION_DEGREE,
      next: false,
    });
  }
  return columns;
}

function tableColumns(relation: Relation, { air, lookups, next }: TableShape): OpenedColumn[] {
  const base = (commitment: CommitmentShape['name'], columns: Air['main'], flags: readonly boolean[]): OpenedColumn[] =>
    columns.map(({ index }) => ({ commitment, matrix: air.name, column: index, width: 1, next: flags[index]! }));
  const numAux = lookups.batches.length;
  return [
    ...base('main', air.main, next.main),
    ...(air.fixed.length > 0 ? base(fixedNameOf(relation, air.name), air.fixed, next.fixed) : []),
    ...Array.from(
      { length: numAux },
      (_, i): OpenedColumn => ({
        commitment: 'aux',
        matrix: air.name,
        column: EXTENSION_DEGREE * i,
        width: EXTENSION_DEGREE,
        next: i === numAux - 1,
      }),
    ),
  ];
}

/** Values at z (and at its successor where opened) of every opened column, in the order of `openedColumns`. */
export interface OpenedValues {
  readonly local: readonly Ext[];
  /** Undefined where the column is not opened at the successor. */
  readonly next: readonly (Ext | undefined)[];
}

/** K values in the out-of-domain message: all at z, then all at the successor. */
export function splitOpenedValues(columns: readonly OpenedColumn[], values: readonly Ext[]): OpenedValues {
  let at = columns.length;
  return {
    local: values.slice(0, columns.length),
    next: columns.map(({ next }) => (next ? values[at++]! : undefined)),
  };
}

export const numOpenedValues = (columns: readonly OpenedColumn[]): number =>
  columns.length + columns.filter(({ next }) => next).length;
