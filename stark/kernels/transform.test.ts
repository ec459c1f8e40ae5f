import { afterAll, describe, expect, it } from 'vitest';
import { type Felt, felt, P } from '../field/koala-bear.ts';
import * as reference from '../poly/ntt.ts';
import { allocMatrix, type Lde, type Matrix, words } from './matrix.ts';
import { Arena } from './memory.ts';
import { createPool } from './pool.ts';
import { createTransforms } from './transform.ts';

/** A third of the cells are p - 1: the ranges of lazy arithmetic are tight there. */
function fill(data: Uint32Array, width: number, stride: number, seed: number): void {
  let state = seed >>> 0;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = i % stride >= width ? 0 : state % 3 === 0 ? P - 1 : state % P;
  }
}

const column = (data: Uint32Array, stride: number, c: number): Felt[] =>
  Array.from({ length: data.length / stride }, (_, r) => felt(data[r * stride + c]!));

for (const threads of [1, 2]) {
  const arena = new Arena();
  const pool = createPool(arena.memory, threads);
  const { lde, ldeAll, ldeFromCoefficients, coefficients, interpolate } = createTransforms(arena, pool);
  afterAll(() => pool.close());

  const trace = (logHeight: number, width: number): Matrix => {
    const matrix = allocMatrix(arena, 2 ** logHeight, width);
    fill(words(arena, matrix), width, matrix.stride, logHeight * 31 + width);
    return matrix;
  };
  const expectExtension = (extension: Lde, of: (c: number) => Felt[]) => {
    const data = words(arena, extension);
    for (let c = 0; c < extension.stride; c++) {
      const expected = c < extension.width ? of(c) : new Array(data.length / extension.stride).fill(0);
      expect(column(data, extension.stride, c)).toEqual(expected);
    }
  };

  describe(`transforms on ${threads} thread(s)`, () => {
    it.each([
      [5, 1, 2],
      [5, 5, 4],
      [6, 4, 8],
      [7, 3, 16],
      [8, 17, 4],
      [9, 2, 2],
      [10, 1, 4],
      [3, 1, 2],
      [4, 2, 16],
      [10, 24, 4],
    ])('extends 2^%i rows of %i columns by %i as the scalar reference does', async (logHeight, width, blowup) => {
      const mark = arena.mark();
      const matrix = trace(logHeight, width);
      const data = words(arena, matrix).slice();
      const columns = Array.from({ length: width }, (_, c) => column(data, matrix.stride, c));
      const logBlowup = Math.log2(blowup);
      const extension = await lde(matrix, blowup);
      expect(words(arena, matrix)).toEqual(data);
      expectExtension(extension, (c) => reference.lde(columns[c]!, logBlowup));

      const polynomials = await coefficients(matrix);
      const natural = words(arena, polynomials);
      for (let c = 0; c < width; c++) {
        expect(column(natural, matrix.stride, c)).toEqual(reference.interpolate(columns[c]!));
      }
      const again = await ldeFromCoefficients(polynomials, blowup);
      expect(words(arena, again)).toEqual(words(arena, extension));

      const inPlace = arena.alloc(4 * data.length * blowup);
      arena.u32(inPlace, data.length).set(data);
      const overwriting = await lde({ ...matrix, address: inPlace }, blowup, inPlace);
      expect(words(arena, overwriting)).toEqual(words(arena, extension));
      arena.release(mark);
    });

    it('interpolates the first rows of an extension back to the coefficients', async () => {
      const mark = arena.mark();
      for (const [logHeight, width] of [
        [5, 3],
        [8, 5],
        [13, 8],
      ] as const) {
        const matrix = trace(logHeight, width);
        const polynomials = await coefficients(matrix);
        const extension = await lde(matrix, 4);
        for (const blowup of [1, 2, 4]) {
          const values = allocMatrix(arena, matrix.height * blowup, width);
          words(arena, values).set(words(arena, extension).subarray(0, values.height * values.stride));
          await interpolate(values, matrix.height);
          const data = words(arena, values);
          expect(data.slice(0, matrix.height * matrix.stride)).toEqual(words(arena, polynomials).slice());
          expect(data.slice(matrix.height * matrix.stride).every((x) => x === 0)).toBe(true);
        }
      }
      arena.release(mark);
    });

    it('transforms blocks beyond the cache as it does small ones', async () => {
      // 2^15 x 16 columns: 2 MiB, past the 128 KiB at which the recursion ends. Column 7 is compared.
      const mark = arena.mark();
      const matrix = trace(15, 16);
      const expected = reference.lde(column(words(arena, matrix), 16, 7), 1);
      expect(column(words(arena, await lde(matrix, 2)), 16, 7)).toEqual(expected);
      arena.release(mark);
    });

    it('extends large and small traces at once as it does each alone', async () => {
      const mark = arena.mark();
      const traces = [trace(5, 3), trace(13, 20), trace(9, 1), trace(13, 12), trace(3, 4)];
      const together = (await ldeAll(traces, 4)).map((extension) => words(arena, extension).slice());
      for (const [i, matrix] of traces.entries()) expect(words(arena, await lde(matrix, 4))).toEqual(together[i]);
      arena.release(mark);
    });

    it('keeps the twiddles of the largest height, and forgets what is released', async () => {
      const mark = arena.mark();
      for (const logHeight of [6, 9, 7, 9, 5]) {
        const matrix = trace(logHeight, 1);
        const extension = await lde(matrix, 2);
        expectExtension(extension, () => reference.lde(column(words(arena, matrix), 4, 0), 1));
        if (logHeight === 7) arena.release(mark);
      }
      arena.release(mark);
    });

    it('refuses shapes outside the field', async () => {
      const matrix: Matrix = { address: 4096, height: 2 ** 21, width: 1, stride: 4 };
      await expect(lde(matrix, 16)).rejects.toThrow('height * blowup: expected at most 2^24, got 2^25');
      await expect(lde(matrix, 3)).rejects.toThrow('blowup: expected 2, 4, 8 or 16, got 3');
      await expect(lde({ ...matrix, height: 4 }, 2)).rejects.toThrow('height: expected 8 to 2^24, got 4');
    });
  });
}
