import { afterAll, describe, expect, it } from 'vitest';
import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { type Lde, type Matrix, words } from '../kernels/matrix.ts';
import { Arena } from '../kernels/memory.ts';
import { createPool } from '../kernels/pool.ts';
import { createTransforms } from '../kernels/transform.ts';
import { buildAux } from '../logup/aux.ts';
import { numConstraints } from '../logup/layout.ts';
import { FAST, numChunkMasks } from '../parameters.ts';
import { interpolate } from '../poly/ntt.ts';
import type { Shape } from '../shape.ts';
import { quotientAt } from '../verifier/out-of-domain.ts';
import { quotientChunks } from './chunks.ts';
import { addQuotient, allocQuotientSum, liftAdd } from './quotient.ts';
import {
  airs,
  BLINDING_ROWS,
  busy,
  busyTraces,
  extAt,
  layout,
  plainTraces,
  quietTraces,
  randomChallenges,
  randomExt,
  randomFelts,
  residues,
} from './tables.fixture.ts';
import { evaluateConstraints } from './verify-eval.ts';
import { zerofiers } from './zerofiers.ts';

const MASK_ROWS = numChunkMasks(FAST);

const arena = new Arena();
const pool = createPool(arena.memory, 2);
const compute = { arena, pool, ...createTransforms(arena, pool) };
afterAll(() => pool.close());

/** The value of a column over F_p, given by its trace, at a point of K. */
function columnAt(trace: Matrix, column: number, x: Ext): Ext {
  const data = words(arena, trace);
  const values = Array.from({ length: trace.height }, (_, i) => data[i * trace.stride + column] as Felt);
  return K.evaluate(interpolate(values).map(K.fromBase), x);
}

async function prove(logHeights: readonly number[], seed: number, spoil: (main: Uint32Array) => void = () => {}) {
  const next = residues(seed);
  const challenges = randomChallenges(next, layout.tupleWidth);
  const tables = [];
  for (const [i, logHeight] of logHeights.entries()) {
    const traces = [busyTraces, plainTraces, quietTraces][i]!(arena, logHeight, seed + i);
    if (i === 0) spoil(words(arena, traces.main));
    const air = airs[i]!;
    const lookups = layout.tables[i]!;
    const input = { air, lookups, layout, challenges };
    const aux =
      lookups.auxWidth > 0 ? await buildAux(compute, input, traces, BLINDING_ROWS, randomFelts(next)) : undefined;
    const weights = Array.from({ length: numConstraints(air, lookups) }, () => randomExt(next));
    tables.push({ ...{ input, traces, aux, weights, logHeight }, terminal: aux?.terminal ?? K.ZERO });
  }
  const byHeight = [...tables].sort((a, b) => a.logHeight - b.logHeight);
  let sum: Matrix | undefined;
  for (const { input, traces, aux, weights, terminal, logHeight } of byHeight) {
    const lde = (trace: Matrix): Promise<Lde> => compute.lde(trace, 4);
    if (sum?.height !== 2 ** logHeight) {
      const short = sum;
      sum = allocQuotientSum(compute, 2 ** logHeight);
      if (short !== undefined) await liftAdd(compute, sum, short);
    }
    const matrices = {
      main: await lde(traces.main),
      ...(traces.fixed && { fixed: await lde(traces.fixed) }),
      ...(traces.known && { known: await lde(traces.known) }),
      ...(aux && { aux: await lde(aux.trace) }),
    };
    const classes = await zerofiers(compute, logHeight, BLINDING_ROWS);
    await addQuotient(compute, input, matrices, weights, terminal, classes, sum);
  }
  return {
    tables,
    chunks: await quotientChunks(compute, sum!, MASK_ROWS, randomFelts(next)),
    height: sum!.height,
    next,
  };
}

describe('quotient chunks', () => {
  it.each([[[10, 10, 10]], [[10, 9, 11]], [[9, 11, 9]]])(
    'recombine to the sum of all lifted constraints at a random point (log heights %j)',
    async (logHeights) => {
      const mark = arena.mark();
      const { tables, chunks, height, next } = await prove(logHeights, 4321);
      const z = randomExt(next);
      const data = words(arena, chunks!);
      const values = [0, 1, 2, 3].map((q) =>
        K.evaluate(
          Array.from({ length: height }, (_, row) => extAt(data, row * chunks!.stride + 5 * q)),
          z,
        ),
      );
      const expected = tables.reduce<Ext>((total, { input, traces, aux, weights, terminal, logHeight }) => {
        const x = K.pow(z, height / 2 ** logHeight);
        const xNext = K.mulBase(x, F.rootOfUnity(logHeight));
        const fraction = (b: number, at: Ext): Ext =>
          [4, 3, 2, 1, 0].reduce<Ext>((v, k) => K.add(K.mul(v, K.X), columnAt(aux!.trace, 5 * b + k, at)), K.ZERO);
        const numBatches = input.lookups.batches.length;
        return K.add(
          total,
          evaluateConstraints(
            { ...input, weights, terminal, logHeight, blindingRows: BLINDING_ROWS },
            {
              cell: ({ kind, index }, rotation) => columnAt(traces[kind]!, index, rotation === 1 ? xNext : x),
              fractions: Array.from({ length: numBatches }, (_, b) => fraction(b, x)),
              phiNext: aux && fraction(numBatches - 1, xNext),
            },
            x,
          ),
        );
      }, K.ZERO);
      const shape = { logHeight: Math.log2(height), parameters: FAST } as Shape;
      expect(quotientAt(shape, values, z)).toEqual(expected);
      arena.release(mark);
    },
  );

  it('are masked: the upper h_p coefficients of the first three are random, those of the last are none', async () => {
    const mark = arena.mark();
    const { chunks, height } = await prove([9, 9, 10], 77);
    const data = words(arena, chunks!);
    const upper = Array.from({ length: MASK_ROWS }, (_, i) => {
      const from = (height - MASK_ROWS + i) * chunks!.stride;
      return [...data.subarray(from, from + 20)];
    });
    const masks = upper.flatMap((row) => row.slice(0, 15));
    expect(new Set(masks).size).toBeGreaterThan(0.9 * masks.length);
    expect(upper.flatMap((row) => row.slice(15)).every((cell) => cell === 0)).toBe(true);
    arena.release(mark);
  });

  it('do not exist for a trace that violates a constraint on one row', async () => {
    const mark = arena.mark();
    const { chunks } = await prove([10, 9, 9], 99, (main) => {
      main[busy.offsets.product] = F.add(main[busy.offsets.product] as Felt, F.ONE);
    });
    expect(chunks).toBeUndefined();
    arena.release(mark);
  });
});
