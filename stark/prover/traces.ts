/** Traces in the kernels' memory: filled by the witness, blinded, and extended. */
import type { Backend } from '../kernels/backend.ts';
import { type Lde, type Matrix, words } from '../kernels/matrix.ts';
import type { Parameters } from '../parameters.ts';
import type { Relation, Statement } from '../relation.ts';
import type { Shape, TableShape } from '../shape.ts';
import { type RandomSource, STREAM, streamOf } from './randomness.ts';
import type { MainTable, Witness } from './witness.ts';

/** One table's columns: natural-order traces and extensions. `fixed` and `known` only where the air has such columns. */
export interface TableTraces {
  readonly shape: TableShape;
  readonly main: Matrix;
  readonly fixed: Matrix | undefined;
  readonly known: Matrix | undefined;
}

export interface TableExtensions {
  readonly main: Lde;
  readonly fixed: Lde | undefined;
  readonly known: Lde | undefined;
}

/** Allocates all tables, lets the witness fill the active rows, and fills the blinding rows. */
export async function fillTraces(
  backend: Backend,
  relation: Relation,
  statement: Statement,
  shape: Shape,
  witness: Witness,
  random: RandomSource,
): Promise<TableTraces[]> {
  const traces = shape.tables.map((table): TableTraces => {
    const { air, logHeight } = table;
    const height = 2 ** logHeight;
    return {
      shape: table,
      main: backend.allocMatrix(height, air.main.length),
      fixed:
        air.fixed.length > 0 ? fromColumns(backend, height, relation.fixedTables.get(air.name)!.columns()) : undefined,
      known: air.known.length > 0 ? fromColumns(backend, height, statement.known.get(air.name)!.columns) : undefined,
    };
  });
  const mains = new Map<string, MainTable>(
    traces.map(({ shape: { air }, main }) => [
      air.name,
      { cells: words(backend.arena, main), stride: main.stride, rows: main.height - shape.blindingRows },
    ]),
  );
  witness.fill(mains);
  for (const [i, { main }] of traces.entries()) {
    await random.fillRows(backend, main, main.height - shape.blindingRows, main.height, streamOf(STREAM.main, i));
  }
  return traces;
}

/** Columns of active cells as a matrix; the rest is zero. */
export function fromColumns(backend: Backend, height: number, columns: readonly Uint32Array[]): Matrix {
  const matrix = backend.allocMatrix(height, columns.length);
  const cells = words(backend.arena, matrix);
  for (const [c, column] of columns.entries()) {
    for (let row = 0; row < column.length; row++) cells[row * matrix.stride + c] = column[row]!;
  }
  return matrix;
}

/** Extensions of all tables, in order; small tables are extended beside each other. */
export async function extendAll(
  backend: Backend,
  traces: readonly TableTraces[],
  { logBlowup }: Parameters,
  fixed: ReadonlyMap<string, Lde> | undefined,
): Promise<TableExtensions[]> {
  const knownTraces = traces.flatMap(({ known }) => (known === undefined ? [] : [known]));
  const ldes = await backend.ldeAll([...traces.map(({ main }) => main), ...knownTraces], 2 ** logBlowup);
  let next = traces.length;
  return traces.map(({ shape: { air }, known }, i) => ({
    main: ldes[i]!,
    fixed: air.fixed.length > 0 ? fixed!.get(air.name)! : undefined,
    known: known === undefined ? undefined : ldes[next++]!,
  }));
}
