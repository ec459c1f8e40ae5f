/**
 * Low-degree extensions by the kernels of `assembly/ntt.ts`, in three steps with a barrier between: the sub-transforms of
 * the inverse; the middle (last inverse stage and first forward stage of all cosets at once, so that coefficients are
 * read once and never stored apart); the sub-transforms of each coset. Reference: `stark/poly/ntt.ts`.
 */
import { type Felt, inverse, mul, ONE, pow, TWO_ADICITY } from '../field/koala-bear.ts';
import { chainOrder } from '../merkle/leaf.ts';
import { cosetShift, log2Exact } from '../poly/domain.ts';
import { type Lde, type Matrix, matrixBytes } from './matrix.ts';
import type { Arena } from './memory.ts';
import type { Call, Pool } from './pool.ts';
import { type CosetTables, createTwiddles } from './twiddles.ts';

/** Two radix-4 stages around sub-transforms of at least two rows. */
const MIN_LOG_HEIGHT = 3;

export interface Transforms {
  /**
   * The extension of a trace (values on H, row-major, natural order) by 2, 4, 8 or 16. Allocates blowup times the
   * trace, or writes to `address`; block 0 there may be the trace itself, which is then overwritten.
   * @throws {RangeError} on a height below 8 or height * blowup above 2^24. @throws {MemoryLimitError}
   */
  lde(trace: Matrix, blowup: number, address?: number): Promise<Lde>;
  /**
   * The extensions of many traces at once, small ones beside each other. `inPlace`: each trace is the first block of the
   * memory for its extension.
   */
  ldeAll(traces: readonly Matrix[], blowup: number, inPlace?: boolean): Promise<Lde[]>;
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

/** Extensions estimated to take less run on one thread: three barriers cost about a millisecond. */
const SMALL_NANOSECONDS = 2_000_000;
/** Of a transform, per element, as measured. */
const ELEMENT_NANOSECONDS = 5;

/** Where the pieces of one extension are. `source`: the trace, or its coefficients if `inverseTable` is zero. */
interface Extension {
  readonly source: Matrix;
  readonly lde: Lde;
  readonly tables: CosetTables;
  readonly inverseTable: number;
}

export function createTransforms(arena: Arena, pool: Pool): Transforms {
  const twiddles = createTwiddles(arena, pool);

  /** What `[0, length)` is cut into, so that all threads have work and every piece is worth a call. */
  const pieces = (length: number, least: number): [from: number, to: number][] => {
    const step = Math.max(least, length / (4 * 2 ** Math.ceil(Math.log2(pool.threads))));
    return Array.from({ length: Math.ceil(length / step) }, (_, i) => [i * step, Math.min((i + 1) * step, length)]);
  };

  /** Fills `target` from `source`, in natural order, or (source 0) works in place on bit-reversed values. */
  const invertQuarters = (source: number, target: Matrix, table: number, scale: Felt): Call[] => {
    const rows = target.height / 4;
    const rowBytes = 4 * target.stride;
    return [0, 1, 2, 3].map((block) => ({
      kernel: 'nttInverse',
      args: [source, target.address + block * rows * rowBytes, rows, rowBytes, table, 2, block, scale],
    }));
  };

  /** The last inverse stage, where coefficients are wanted. */
  const invertTop = (matrix: Matrix, table: number): Call[] => {
    const quarter = matrix.height * matrix.stride;
    return pieces(quarter, 4096).map(([from, to]) => ({
      kernel: 'nttInverseTop',
      args: [matrix.address, quarter, from, to, table],
    }));
  };

  /** The three steps of an extension; the calls of a step are independent. */
  const steps = ({ source, lde, tables, inverseTable }: Extension): Call[][] => {
    const { address, height, stride, blowup } = lde;
    const quarter = height * stride; // bytes of a quarter of a block
    const last: Matrix = { ...source, address: address + 4 * quarter * (blowup - 1) };
    const coefficients = inverseTable === 0 ? source.address : last.address;
    return [
      inverseTable === 0 ? [] : invertQuarters(source.address, last, inverseTable, inverse(height as Felt)),
      pieces(quarter, 4096).map(([from, to]) => ({
        kernel: 'nttMiddle',
        args: [coefficients, address, quarter, from, to, blowup, tables.address, tables.bytes, inverseTable],
      })),
      Array.from({ length: 4 * blowup }, (_, i) => ({
        kernel: 'nttForward',
        args: [address + i * quarter, height / 4, 4 * stride, tables.address + (i >> 2) * tables.bytes, 4 + (i & 3)],
      })),
    ];
  };

  const isSmall = ({ lde }: Extension): boolean =>
    lde.height * lde.stride * (lde.blowup + 1) * ELEMENT_NANOSECONDS < SMALL_NANOSECONDS;

  /** Large extensions step by step on all threads; beside the first step, each small one as one job. */
  const extend = async (extensions: readonly Extension[]): Promise<void> => {
    const large = extensions.filter((extension) => !isSmall(extension)).map(steps);
    const small = extensions.filter(isSmall).map((extension) => steps(extension).flat());
    await pool.run([...large.flatMap((step) => step[0] as Call[]), ...small]);
    await pool.run(large.flatMap((step) => step[1] as Call[]));
    await pool.run(large.flatMap((step) => step[2] as Call[]));
  };

  const prepare = async (source: Matrix, blowup: number, isTrace: boolean, address?: number): Promise<Extension> => {
    const [logHeight, logBlowup] = logsOf(source, blowup);
    const tables = await twiddles.cosets(logHeight, logBlowup);
    const inverseTable = isTrace ? await twiddles.inverse(logHeight) : 0;
    const bytes = blowup * matrixBytes(source.height, source.width);
    return { source, lde: { ...source, blowup, address: address ?? arena.alloc(bytes) }, tables, inverseTable };
  };

  const prepareAll = async (
    sources: readonly Matrix[],
    blowup: number,
    isTrace: boolean,
    inPlace: boolean,
  ): Promise<Extension[]> => {
    // The tallest first: its tables serve all, and lie below every extension.
    const extensions = new Array<Extension>(sources.length);
    for (const i of chainOrder(sources.map(({ height }) => height)).reverse()) {
      const source = sources[i] as Matrix;
      extensions[i] = await prepare(source, blowup, isTrace, inPlace ? source.address : undefined);
    }
    return extensions;
  };

  return {
    async lde(trace, blowup, address) {
      const extension = await prepare(trace, blowup, true, address);
      await extend([extension]);
      return extension.lde;
    },

    async ldeAll(traces, blowup, inPlace = false) {
      const extensions = await prepareAll(traces, blowup, true, inPlace);
      await extend(extensions);
      return extensions.map(({ lde }) => lde);
    },

    async ldeFromCoefficients(coefficients, blowup, address) {
      const extension = await prepare(coefficients, blowup, false, address);
      await extend([extension]);
      return extension.lde;
    },

    async coefficients(trace) {
      const table = await twiddles.inverse(logHeightOf(trace));
      const result = { ...trace, address: arena.alloc(matrixBytes(trace.height, trace.width)) };
      await pool.run(invertQuarters(trace.address, result, table, inverse(trace.height as Felt)));
      await pool.run(invertTop(result, table));
      return result;
    },

    async interpolate(values, domainHeight) {
      const ratio = inverse(cosetShift(log2Exact(domainHeight, 'domainHeight')));
      const scale = inverse(values.height as Felt);
      const table = await twiddles.inverse(logHeightOf(values));
      await pool.run(invertQuarters(0, values, table, ONE));
      await pool.run(invertTop(values, table));
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
