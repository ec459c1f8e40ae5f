import { afterAll, describe, expect, it } from 'vitest';
import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { allocMatrix, type Lde, type Matrix, words } from '../kernels/matrix.ts';
import { Arena } from '../kernels/memory.ts';
import { createPool } from '../kernels/pool.ts';
import { createTransforms } from '../kernels/transform.ts';
import { domainPoint } from '../poly/domain.ts';
import { interpolate } from '../poly/ntt.ts';
import { extAt, randomExt, residues } from '../quotient/tables.fixture.ts';
import { deepValue, weightedColumns, weightedSum } from '../verifier/deep.ts';
import { type BatchColumn, batchCodeword } from './batch.ts';
import { openColumns, openingWeights } from './open.ts';

const P_LESS_1 = F.neg(F.ONE);

for (const threads of [1, 2]) {
  const arena = new Arena();
  const pool = createPool(arena.memory, threads);
  const compute = { arena, pool };
  const { lde: extend } = createTransforms(arena, pool);
  afterAll(() => pool.close());

  const randomTrace = (logHeight: number, width: number, next: () => Felt): Matrix => {
    const matrix = allocMatrix(arena, 2 ** logHeight, width);
    const data = words(arena, matrix);
    for (let i = 0; i < data.length; i++) if (i % matrix.stride < width) data[i] = next();
    return matrix;
  };
  const columnAt = (trace: Matrix, column: number, x: Ext): Ext => {
    const data = words(arena, trace);
    const values = Array.from({ length: trace.height }, (_, i) => data[i * trace.stride + column] as Felt);
    return K.evaluate(interpolate(values).map(K.fromBase), x);
  };

  describe(`out-of-domain values on ${threads} thread(s)`, () => {
    it.each([
      [8, 3, 2],
      [9, 10, 4],
      [11, 5, 8],
    ])(
      'are those of the interpolated polynomials (2^%i rows, %i columns, blowup %i)',
      async (logHeight, width, blowup) => {
        const mark = arena.mark();
        const next = residues(5 * width + logHeight);
        const trace = randomTrace(logHeight, width, next);
        const z = randomExt(next);
        const extension = await extend(trace, blowup);
        const weights = await openingWeights(compute, logHeight, z);
        const flags = Array.from({ length: width }, (_, c) => c % 5 === 1);
        const opened = await openColumns(compute, extension, weights, flags);
        const zNext = K.mulBase(z, F.rootOfUnity(logHeight));
        for (let c = 0; c < width; c++) {
          expect([c, opened.local[c]]).toEqual([c, columnAt(trace, c, z)]);
          expect([c, opened.next[c]]).toEqual([c, flags[c] ? columnAt(trace, c, zNext) : undefined]);
        }
        arena.release(mark);
      },
    );

    it('of columns that are p - 1 everywhere are p - 1', async () => {
      const mark = arena.mark();
      const width = 6;
      const extension = await extend(
        randomTrace(10, width, () => P_LESS_1),
        4,
      );
      const weights = await openingWeights(compute, 10, randomExt(residues(9)));
      const opened = await openColumns(compute, extension, weights, new Array<boolean>(width).fill(true));
      for (const value of [...opened.local, ...opened.next]) expect(value).toEqual(K.fromBase(P_LESS_1));
      arena.release(mark);
    });

    it('are refused at a point of the domain', async () => {
      const mark = arena.mark();
      const z = K.fromBase(domainPoint(9, 2, 77));
      await expect(openingWeights(compute, 9, z)).rejects.toThrow('z: expected a point outside the evaluation domain');
      arena.release(mark);
    });
  });

  describe(`the DEEP codeword on ${threads} thread(s)`, () => {
    it.each([
      [[9, 9], 10, 4],
      [[9, 10, 12], 12, 4],
      [[10, 9, 10], 10, 8],
      [[9, 9], 9, 2],
    ])(
      'is what the verifier computes from opened rows (log heights %j under 2^%i rows, blowup %i)',
      async (logHeights, logHeight, blowup) => {
        const mark = arena.mark();
        // With blowup 2 everything is p - 1: the sums of products come closest to 2^64 there.
        const next = blowup === 2 ? () => P_LESS_1 : residues(blowup + logHeight);
        const traces = logHeights.map((log, i) => randomTrace(log, 3 + 6 * i, next));
        const matrices: { lde: Lde; columns: BatchColumn[] }[] = [];
        for (const [i, trace] of traces.entries()) {
          const lde = await extend(trace, blowup);
          const columns = Array.from({ length: trace.width }, (_, column) => {
            return { column, gamma: randomExt(next), next: (column + i) % 3 === 0 };
          });
          matrices.push({ lde, columns });
        }
        const mask = await extend(randomTrace(logHeight, 5, next), blowup);
        const values = { localSum: randomExt(next), lineAtZ: randomExt(next), lineAtNext: randomExt(next) };
        const z = randomExt(residues(11));
        const codeword = await batchCodeword(compute, matrices, mask, values, z);
        expect(codeword).toMatchObject({ logHeight, logBlowup: Math.log2(blowup) });

        const size = blowup * 2 ** logHeight;
        const data = arena.u32(codeword.address, 5 * size);
        const zNext = K.mulBase(z, F.rootOfUnity(logHeight));
        const rowOf = (lde: Lde, i: number): Uint32Array =>
          words(arena, lde).subarray(i * lde.stride, i * lde.stride + lde.width);
        for (let i = 0; i < size; i += 97) {
          const sum = (next: boolean) =>
            matrices.reduce<Ext>((total, { lde, columns }) => {
              const row = rowOf(lde, i >> (logHeight - Math.log2(lde.height)));
              return K.add(total, weightedSum(weightedColumns(columns, next), row));
            }, K.ZERO);
          const sums = { local: sum(false), both: sum(true) };
          const x = domainPoint(logHeight, Math.log2(blowup), i);
          const expected = deepValue({ columns: new Map(), ...values }, sums, K.ext(rowOf(mask, i)), x, z, zNext);
          expect([i, extAt(data, 5 * i)]).toEqual([i, expected]);
        }
        arena.release(mark);
      },
    );
  });
}
