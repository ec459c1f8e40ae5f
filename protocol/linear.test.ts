import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearEntry, linearLayer } from '../model/linear.ts';
import { rootOf } from '../precompiles/merkle/semantics.ts';
import { sponge } from '../precompiles/sponge/semantics.ts';
import { memoryMatrix } from './bf16-matrix.ts';
import { sampleEntries, seedWords } from './challenge.ts';
import { challenge, commitLinear, type LinearInput, type LinearTensors, linearClaim, linearInput } from './linear.ts';
import { decodeStatement, type TileSide } from './statement.ts';

const secret = new Uint8Array(32).fill(7);

/** Small values, so that no sum is infinite. */
const values = (n: number, from: number): Uint16Array =>
  Uint16Array.from(
    { length: n },
    (_, i) => 0x3c00 + (((i + from) * 2654435761) % 0x0400) + (((i * 7 + from) % 2) << 15),
  );

function tensors(rows: number, columns: number, inner: number, withBias: boolean): LinearTensors {
  const x = values(rows * inner, 1);
  const w = values(columns * inner, 2);
  const bias = withBias ? { bias: values(columns, 3) } : {};
  const y = linearLayer({ x, w, ...bias, rows, columns, inner });
  return {
    x: memoryMatrix(rows, inner, x),
    w: memoryMatrix(columns, inner, w),
    y: memoryMatrix(rows, columns, y),
    ...(withBias && { bias: memoryMatrix(1, columns, values(columns, 3)) }),
  };
}

/** Reads the input as the guest does, by the layout in the heads of `linear.ts` and `statement.ts`; the failed check, if any. */
function follow({ publicInput, hints, advice }: LinearInput): string | undefined {
  const s = decodeStatement(publicInput);
  const ceil48 = (n: number): number => Math.ceil(n / 48);
  const depth = (n: number): number => (n === 1 ? 0 : Math.floor(Math.log2(n - 1)) + 1);
  let [half, felt] = [0, 0];
  const leaf = (halfwords: number, index: number, leaves: number): [at: number, root: string] => {
    const saltCount = (halfwords / 48) * 4;
    const digest = sponge(hints.slice(half, half + halfwords), advice.slice(felt, felt + saltCount));
    const siblings = advice.slice(felt + saltCount, felt + saltCount + 9 * depth(leaves));
    const at = half;
    half += halfwords;
    felt += saltCount + siblings.length;
    return [at, rootOf(digest, index, siblings).join()];
  };
  const perRow = ceil48(s.columns);
  /** T indexes from a multiple of T on, none beyond the last. */
  const around = (index: number, end: number): number[] =>
    Array.from({ length: s.tile }, (_, i) => Math.min(s.tile * Math.floor(index / s.tile) + i, end - 1));
  for (const sample of sampleEntries(s.seed, s, s.samples)) {
    const [rows, columns] = [around(sample.row, s.rows), around(sample.column, s.columns)];
    const openRows = (indexes: readonly number[], leaves: number, root: Uint32Array): number[] | undefined => {
      const opened = indexes.map((index) => leaf(48 * ceil48(s.inner), index, leaves));
      return opened.every(([, got]) => got === root.join()) ? opened.map(([at]) => at) : undefined;
    };
    const x = openRows(rows, s.rows, s.rootX);
    if (x === undefined) return 'root of X';
    const w = openRows(columns, s.columns, s.rootW);
    if (w === undefined) return 'root of W';
    const block = Math.floor(columns[0]! / 48);
    const leavesOfY = rows.map((row) => leaf(48, row * perRow + block, s.rows * perRow));
    if (leavesOfY.some(([, root]) => root !== s.rootY.join())) return 'root of Y';
    let biasAt = -1;
    if (s.rootBias !== undefined) {
      const [at, rootBias] = leaf(48, block, perRow);
      if (rootBias !== s.rootBias.join()) return 'root of the bias';
      biasAt = at;
    }
    for (let r = 0; r < s.tile; r++) {
      for (let c = 0; c < s.tile; c++) {
        const place = columns[c]! % 48;
        const bias = biasAt < 0 ? undefined : hints[biasAt + place];
        const entry = linearEntry(hints, x[r]!, hints, w[c]!, Math.ceil(s.inner / 16), bias, s.model);
        if (entry !== hints[leavesOfY[r]![0] + place]) return 'entry of Y';
      }
    }
  }
  return half === hints.length && felt === advice.length ? undefined : 'tape and advice end';
}

async function inputOf(t: LinearTensors, samples: number, seed?: Uint8Array, tile: TileSide = 1): Promise<LinearInput> {
  const commitments = await commitLinear(t, secret);
  return linearInput(t, commitments, challenge(linearClaim(commitments, samples, 'hopper', tile), seed).statement);
}

describe('the input of the linear guest', () => {
  it.each([
    [1, 1, 1, false],
    [5, 3, 16, true],
    [4, 100, 48, true],
    [9, 49, 500, false],
    [2, 96, 17, true],
  ] as const)(
    'of a %i x %i layer with inner dimension %i, bias %s, is what the guest checks',
    async (rows, columns, inner, bias) => {
      expect(follow(await inputOf(tensors(rows, columns, inner, bias), 12))).toBeUndefined();
    },
  );

  it.each([
    [1, 1, 1, false, 2],
    [5, 3, 16, true, 2],
    [4, 100, 48, true, 4],
    [9, 49, 50, false, 2],
    [2, 97, 17, true, 4],
  ] as const)('of a %i x %i layer, inner dimension %i, bias %s, in tiles of %i, is too', async (...given) => {
    const [rows, columns, inner, bias, tile] = given;
    const input = await inputOf(tensors(rows, columns, inner, bias), 9, undefined, tile);
    expect(follow(input)).toBeUndefined();
    expect(decodeStatement(input.publicInput).tile).toBe(tile);
  });

  it('in tiles fails where an entry of a tile deviates, sampled or not', async () => {
    const honest = tensors(6, 10, 32, false);
    const y = await honest.y.panel(0, 6, 0, 10);
    const seed = new Uint8Array(32).fill(9);
    const { row, column } = sampleEntries(seedWords(seed), { rows: 6, columns: 10, inner: 32 }, 1)[0]!;
    for (let at = 0; at < 60; at++) {
      const t = { ...honest, y: memoryMatrix(6, 10, y.with(at, y[at]! ^ 1)) };
      const isInTile = Math.floor(at / 10) >> 1 === row >> 1 && (at % 10) >> 1 === column >> 1;
      expect(follow(await inputOf(t, 1, seed, 2)), `entry ${at}`).toBe(isInTile ? 'entry of Y' : undefined);
    }
  });

  it('of a single entry with inner dimension 53,248 is what the guest checks', async () => {
    const input = await inputOf(tensors(1, 1, 53_248, false), 1);
    expect(input.hints.length).toBe(48 * (2 * 1110 + 1));
    expect(follow(input)).toBeUndefined();
  });

  it('depends on the verifier`s seed alone once committed', async () => {
    const t = tensors(8, 60, 32, false);
    const seed = new Uint8Array(32).fill(3);
    const [first, again, other, hashed] = [
      await inputOf(t, 6, seed),
      await inputOf(t, 6, seed),
      await inputOf(t, 6, new Uint8Array(32).fill(4)),
      await inputOf(t, 6),
    ];
    expect(first).toEqual(again);
    expect(other.hints).not.toEqual(first.hints);
    expect(hashed.hints).not.toEqual(first.hints);
    expect(Array.from(first.publicInput.slice(44))).toEqual(Array(8).fill(0x03030303));
  });

  it('fails the check that its changed part belongs to', async () => {
    const t = tensors(6, 70, 100, true); // leaves of 144 halfwords and 12 salts; depths 3, 7, 4, 1
    const honest = await inputOf(t, 2);
    expect(follow(honest)).toBeUndefined();
    const tape: [at: number, reason: string][] = [
      [0, 'root of X'],
      [143, 'root of X'],
      [144, 'root of W'],
      [287, 'root of W'],
      [288, 'root of Y'],
      [335, 'root of Y'],
      [336, 'root of the bias'],
      [384, 'root of X'],
    ];
    for (const [at, reason] of tape) {
      const hints = honest.hints.slice();
      hints[at]! ^= 1;
      expect([at, follow({ ...honest, hints })]).toEqual([at, reason]);
    }
    const advice: [at: number, reason: string][] = [
      [0, 'root of X'],
      [12 + 26, 'root of X'],
      [12 + 27, 'root of W'],
      [12 + 27 + 12 + 62, 'root of W'],
      [12 + 27 + 12 + 63, 'root of Y'],
      [12 + 27 + 12 + 63 + 4 + 35, 'root of Y'],
      [12 + 27 + 12 + 63 + 4 + 36, 'root of the bias'],
      [12 + 27 + 12 + 63 + 4 + 36 + 4 + 9, 'root of X'],
    ];
    for (const [at, reason] of advice) {
      const changed = honest.advice.slice();
      changed[at] = changed[at] === 0 ? 1 : changed[at]! - 1;
      expect([at, follow({ ...honest, advice: changed })]).toEqual([at, reason]);
    }
  });

  it('does not pass for a layer with one deviating entry when that entry is sampled', async () => {
    const honest = tensors(3, 5, 32, false);
    const y = await honest.y.panel(0, 3, 0, 5);
    await fc.assert(
      fc.asyncProperty(fc.nat(14), fc.nat(15), async (at, bit) => {
        const changed = y.slice();
        changed[at]! ^= 1 << bit;
        const t = { ...honest, y: memoryMatrix(3, 5, changed) };
        const input = await inputOf(t, 64, new Uint8Array(32).fill(9));
        const s = decodeStatement(input.publicInput);
        const sampled = sampleEntries(s.seed, s, 64).some(({ row, column }) => row * 5 + column === at);
        expect(follow(input)).toBe(sampled ? 'entry of Y' : undefined);
      }),
      { numRuns: 10 },
    );
  });

  it('refuses tensors that do not fit each other', async () => {
    const t = tensors(3, 5, 32, true);
    const misfits: [Partial<LinearTensors>, string][] = [
      [{ w: memoryMatrix(5, 16, new Uint16Array(80)) }, 'w: expected 5 x 32 to fit the others, got 5 x 16'],
      [{ y: memoryMatrix(5, 3, new Uint16Array(15)) }, 'y: expected 3 x 5 to fit the others, got 5 x 3'],
      [{ bias: memoryMatrix(5, 1, new Uint16Array(5)) }, 'bias: expected 1 x 5 to fit the others, got 5 x 1'],
    ];
    for (const [change, message] of misfits) {
      await expect(commitLinear({ ...t, ...change }, secret)).rejects.toThrow(
        expect.objectContaining({ code: 'shape', message }),
      );
    }
  });

  it('refuses a statement about other tensors', async () => {
    const t = tensors(3, 5, 32, false);
    const commitments = await commitLinear(t, secret);
    const { statement } = challenge(linearClaim(commitments, 1, 'hopper'));
    await expect(linearInput(t, commitments, { ...statement, rows: 4 })).rejects.toThrow(
      "statement: expected the tensors' 3 x 5 x 32, got 4 x 5 x 32",
    );
    await expect(linearInput(t, commitments, { ...statement, rootBias: new Uint32Array(9) })).rejects.toThrow(
      RangeError,
    );
  });
});
