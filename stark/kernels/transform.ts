/**
 * Low-degree extensions by the kernels of `assembly/ntt.ts`, in three steps with a barrier between: the sub-transforms of
 * the inverse; the middle (last inverse stage and first forward stage of all cosets at once, so that coefficients are
 * read once and never stored apart); the sub-transforms of each coset. Reference: `stark/poly/ntt.ts`.
 */
import { type Felt, inverse, mul, ONE, pow, TWO_ADICITY } from '../field/koala-bear.ts';
import { cosetShift, log2Exact } from '../poly/domain.ts';
import { type Lde, type Matrix, matrixBytes } from './matrix.ts';
import type { Arena } from './memory.ts';
import type { Pool } from './pool.ts';
import { createTwiddles } from './twiddles.ts';

/** Two radix-4 stages around sub-transforms of at least two rows. */
const MIN_LOG_HEIGHT = 3;

export interface Transforms {
  /**
   * The extension of a trace (values on H, row-major, natural order) by 2, 4, 8 or 16. Allocates blowup times the
   * trace, or writes to `address`; block 0 there may be the trace itself, which is then overwritten.
   * @throws {RangeError} on a height below 8 or height * blowup above 2^24. @throws {MemoryLimitError}
   */
  lde(trace: Matrix, blowup: number, address?: number): Promise<Lde>;
  /** The same from coefficients, lowest degree first; the last block at `address` may be the coefficients. */
  ldeFromCoefficients(coefficients: Matrix, blowup: number, address?: number): Promise<Lde>;
  /** The coefficients of a trace, lowest degree first, in a new matrix. */
  coefficients(trace: Matrix): Promise<Matrix>;
  /**
   * In place: from values on the coset s_n <w_m>, n = domainHeight, m = values.height, in bit-reversed order (the first
   * m rows of an extension of height n), to the coefficients of the polynomials of degree < m, lowest degree first.
   */
  interpolate(values: Matrix, domainHeight: number): Promise<void>;
}

export function createTransforms(arena: Arena, pool: Pool): Transforms {
  const twiddles = createTwiddles(arena, pool);

  /** Step 1. Fills `target` from `source`, in natural order, or (source 0) works in place on bit-reversed values. */
  const invertQuarters = (source: number, target: Matrix, table: number, scale: Felt): Promise<void> => {
    const rows = target.height / 4;
    const rowBytes = 4 * target.stride;
    return pool.run(
      [0, 1, 2, 3].map((block) => ({
        kernel: 'nttInverse',
        args: [source, target.address + block * rows * rowBytes, rows, rowBytes, table, 2, block, scale],
      })),
    );
  };

  /** What `[0, length)` is cut into, so that all threads have work and every piece is worth a call. */
  const pieces = (length: number, least: number): [from: number, to: number][] => {
    const step = Math.max(least, length / (4 * 2 ** Math.ceil(Math.log2(pool.threads))));
    return Array.from({ length: Math.ceil(length / step) }, (_, i) => [i * step, Math.min((i + 1) * step, length)]);
  };

  /** The last inverse stage, where coefficients are wanted. */
  const invertTop = (matrix: Matrix, table: number): Promise<void> => {
    const quarter = matrix.height * matrix.stride;
    return pool.run(
      pieces(quarter, 4096).map(([from, to]) => ({
        kernel: 'nttInverseTop',
        args: [matrix.address, quarter, from, to, table],
      })),
    );
  };

  /** Steps 2 and 3. `source` holds coefficients, or, given the inverse table, the inverted quarters. */
  const extend = async (
    source: number,
    { address, height, stride, blowup }: Lde,
    tables: { readonly address: number; readonly bytes: number },
    inverseTable: number,
  ): Promise<void> => {
    const quarter = height * stride; // bytes of a quarter of a block
    await pool.run(
      pieces(quarter, 4096).map(([from, to]) => ({
        kernel: 'nttMiddle',
        args: [source, address, quarter, from, to, blowup, tables.address, tables.bytes, inverseTable],
      })),
    );
    await pool.run(
      Array.from({ length: 4 * blowup }, (_, i) => ({
        kernel: 'nttForward',
        args: [address + i * quarter, height / 4, 4 * stride, tables.address + (i >> 2) * tables.bytes, 4 + (i & 3)],
      })),
    );
  };

  return {
    async lde(trace, blowup, address) {
      const [logHeight, logBlowup] = logsOf(trace, blowup);
      const tables = await twiddles.cosets(logHeight, logBlowup);
      const inverseTable = await twiddles.inverse(logHeight);
      const blockBytes = matrixBytes(trace.height, trace.width);
      const lde: Lde = { ...trace, blowup, address: address ?? arena.alloc(blowup * blockBytes) };
      const last: Matrix = { ...trace, address: lde.address + (blowup - 1) * blockBytes };
      await invertQuarters(trace.address, last, inverseTable, inverse(trace.height as Felt));
      await extend(last.address, lde, tables, inverseTable);
      return lde;
    },

    async ldeFromCoefficients(coefficients, blowup, address) {
      const [logHeight, logBlowup] = logsOf(coefficients, blowup);
      const tables = await twiddles.cosets(logHeight, logBlowup);
      const bytes = blowup * matrixBytes(coefficients.height, coefficients.width);
      const lde: Lde = { ...coefficients, blowup, address: address ?? arena.alloc(bytes) };
      await extend(coefficients.address, lde, tables, 0);
      return lde;
    },

    async coefficients(trace) {
      const table = await twiddles.inverse(logHeightOf(trace));
      const result = { ...trace, address: arena.alloc(matrixBytes(trace.height, trace.width)) };
      await invertQuarters(trace.address, result, table, inverse(trace.height as Felt));
      await invertTop(result, table);
      return result;
    },

    async interpolate(values, domainHeight) {
      const ratio = inverse(cosetShift(log2Exact(domainHeight, 'domainHeight')));
      const table = await twiddles.inverse(logHeightOf(values));
      await invertQuarters(0, values, table, ONE);
      await invertTop(values, table);
      const scale = inverse(values.height as Felt);
      await pool.run(
        pieces(values.height, 64).map(([from, to]) => ({
          kernel: 'scaleRows',
          args: [values.address, 4 * values.stride, from, to, mul(scale, pow(ratio, from)), ratio],
        })),
      );
    },
  };
}

function logHeightOf({ height }: Matrix): number {
  const log = log2Exact(height, 'height');
  if (log < MIN_LOG_HEIGHT || log > TWO_ADICITY) throw new RangeError(`height: expected 8 to 2^24, got ${height}`);
  return log;
}

function logsOf(matrix: Matrix, blowup: number): [logHeight: number, logBlowup: number] {
  const logHeight = logHeightOf(matrix);
  if (![2, 4, 8, 16].includes(blowup)) throw new RangeError(`blowup: expected 2, 4, 8 or 16, got ${blowup}`);
  const logSize = logHeight + Math.log2(blowup);
  if (logSize > TWO_ADICITY) throw new RangeError(`height * blowup: expected at most 2^24, got 2^${logSize}`);
  return [logHeight, Math.log2(blowup)];
}
