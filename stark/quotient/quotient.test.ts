import { afterAll, describe, expect, it } from 'vitest';
import type { Felt } from '../field/koala-bear.ts';
import * as K from '../field/quintic.ts';
import { type Lde, words } from '../kernels/matrix.ts';
import { Arena } from '../kernels/memory.ts';
import { createPool } from '../kernels/pool.ts';
import { createTransforms } from '../kernels/transform.ts';
import { buildAux } from '../logup/aux.ts';
import { auxReference } from '../logup/aux-reference.ts';
import { numConstraints, phiColumn } from '../logup/layout.ts';
import { bitReverse, domainPoint } from '../poly/domain.ts';
import { inverseZerofiersAt, ZEROFIER_CLASSES } from './classes.ts';
import { addQuotient, allocQuotientSum } from './quotient.ts';
import {
  airs,
  BLINDING_ROWS,
  busyTraces,
  extAt,
  layout,
  plainTraces,
  quietTraces,
  randomChallenges,
  randomExt,
  randomFelts,
  residues,
  type Traces,
} from './tables.fixture.ts';
import { evaluateConstraints } from './verify-eval.ts';
import { zerofiers } from './zerofiers.ts';

for (const threads of [1, 2]) {
  const arena = new Arena();
  const pool = createPool(arena.memory, threads);
  const compute = { arena, pool, ...createTransforms(arena, pool) };
  afterAll(() => pool.close());

  const setUp = (index: number, logHeight: number, seed: number) => {
    const traces = [busyTraces, plainTraces, quietTraces][index]!(arena, logHeight, seed);
    const next = residues(seed + 1);
    const air = airs[index]!;
    const lookups = layout.tables[index]!;
    const input = { air, lookups, layout, challenges: randomChallenges(next, layout.tupleWidth) };
    return { air, lookups, traces, next, input };
  };
  const rowsOf = (matrix: Traces['main'] | undefined, count: number): number[][] | undefined => {
    if (matrix === undefined) return undefined;
    const data = words(arena, matrix);
    return Array.from({ length: count }, (_, i) => [
      ...data.subarray(i * matrix.stride, i * matrix.stride + matrix.width),
    ]);
  };

  describe(`kernels of the constraints on ${threads} thread(s)`, () => {
    it.each([0, 1])('fill the auxiliary trace as the scalar reference does (table %i)', async (index) => {
      const mark = arena.mark();
      const { lookups, traces, next, input } = setUp(index, 10, 1234);
      const { main } = traces;
      const aux = await buildAux(compute, input, traces, BLINDING_ROWS, randomFelts(next));
      const active = main.height - BLINDING_ROWS;
      const start = extAt(words(arena, main), main.stride * (main.height - 1));
      const rows = {
        main: rowsOf(main, active)!,
        ...(traces.fixed && { fixed: rowsOf(traces.fixed, active)! }),
        ...(traces.known && { known: rowsOf(traces.known, active)! }),
      };
      const expected = auxReference(lookups, layout, input.challenges, rows, start);
      const { trace, terminal } = aux!;
      const data = words(arena, trace);
      for (let row = 0; row < active; row++) {
        const cells = [...data.subarray(row * trace.stride, row * trace.stride + trace.width)];
        expect(cells).toEqual(expected.rows[row]!.flat());
      }
      expect(terminal).toEqual(expected.terminal);
      expect(extAt(data, active * trace.stride + phiColumn(lookups))).toEqual(terminal);
      const blinding = data.subarray((active + 1) * trace.stride);
      expect(blinding.filter((cell) => cell === 0).length).toBeLessThanOrEqual(
        (trace.stride - trace.width) * (BLINDING_ROWS - 1),
      );
      arena.release(mark);
    });

    it('invert the zerofiers of every class', async () => {
      const mark = arena.mark();
      const logHeight = 9;
      const vectors = await zerofiers(compute, logHeight, BLINDING_ROWS);
      for (let i = 0; i < 4 * 2 ** logHeight; i += 37) {
        const expected = inverseZerofiersAt(logHeight, BLINDING_ROWS, K.fromBase(domainPoint(logHeight, 2, i)));
        for (const where of ZEROFIER_CLASSES) {
          expect([where, i, K.fromBase(arena.u32(vectors.get(where)!, i + 1)[i] as Felt)]).toEqual([
            where,
            i,
            expected[where],
          ]);
        }
      }
      arena.release(mark);
    });

    it.each([
      [0, 9, 4],
      [0, 10, 8],
      [1, 9, 4],
      [1, 11, 4],
      [2, 9, 16],
    ])(
      'sum all constraints over the extension as the verifier does at its points (table %i, 2^%i rows, blowup %i)',
      async (index, logHeight, blowup) => {
        const mark = arena.mark();
        const { air, lookups, traces, next, input } = setUp(index, logHeight, 77 + logHeight);
        const aux =
          lookups.auxWidth === 0 ? undefined : await buildAux(compute, input, traces, BLINDING_ROWS, randomFelts(next));
        const lde = async (trace: Traces['main']): Promise<Lde> => compute.lde(trace, blowup);
        const matrices = {
          main: await lde(traces.main),
          ...(traces.fixed && { fixed: await lde(traces.fixed) }),
          ...(traces.known && { known: await lde(traces.known) }),
          ...(aux && { aux: await lde(aux.trace) }),
        };
        const weights = Array.from({ length: numConstraints(air, lookups) }, () => randomExt(next));
        const terminal = aux?.terminal ?? K.ZERO;
        const sum = allocQuotientSum(compute, 2 ** logHeight);
        const classes = await zerofiers(compute, logHeight, BLINDING_ROWS);
        await addQuotient(compute, input, matrices, weights, terminal, classes, sum);

        const height = 2 ** logHeight;
        const data = words(arena, sum);
        const indexes = Array.from({ length: 4 * height }, (_, i) => i).filter(
          (i) => i % 41 === 0 || i % height > height - 3,
        );
        // Rows whose next row wraps: the exponent height - 1.
        for (let block = 0; block < 4; block++) indexes.push(block * height + bitReverse(height - 1, logHeight));
        for (const i of indexes) {
          const block = Math.floor(i / height);
          const exponent = (bitReverse(i % height, logHeight) + 1) % height;
          const nextRow = block * height + bitReverse(exponent, logHeight);
          const cell = (matrix: Lde | undefined, row: number, column: number) =>
            words(arena, matrix!)[row * matrix!.stride + column] as Felt;
          const fraction = (row: number, b: number) =>
            extAt(words(arena, matrices.aux!), row * matrices.aux!.stride + 5 * b);
          const value = evaluateConstraints(
            { ...input, weights, terminal, logHeight, blindingRows: BLINDING_ROWS },
            {
              cell: ({ kind, index: column }, rotation) =>
                K.fromBase(cell(matrices[kind], rotation === 1 ? nextRow : i, column)),
              fractions: lookups.batches.map((_, b) => fraction(i, b)),
              phiNext: aux && fraction(nextRow, lookups.batches.length - 1),
            },
            K.fromBase(domainPoint(logHeight, 2, i)),
          );
          const at = (i % height) * sum.stride + block;
          expect([i, [0, 1, 2, 3, 4].map((k) => data[at + 4 * k])]).toEqual([i, [...value]]);
        }
        arena.release(mark);
      },
    );
  });
}
