import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compress, rootOf } from '../precompiles/merkle/semantics.ts';
import { sponge } from '../precompiles/sponge/semantics.ts';
import { P } from '../stark/field/koala-bear.ts';
import { bf16Bytes, memoryMatrix, tensorMatrix, transposed } from './bf16-matrix.ts';
import { bytesSource } from './byte-source.ts';
import { commitTensor, fillerDigest, leafHalfwords, leafSalts, merklePath, tensorSaltSeed } from './commitment.ts';
import { encodeSafetensors, openSafetensors } from './safetensors.ts';

const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
const matrix = (rows: number, columns: number) =>
  memoryMatrix(
    rows,
    columns,
    Uint16Array.from({ length: rows * columns }, (_, i) => (i * 40503) & 0xffff),
  );

/** The root by the definition: all 2^depth leaves, missing ones zero. */
function rootByDefinition(digests: Uint32Array[]): Uint32Array {
  let level = digests.slice();
  while ((level.length & (level.length - 1)) !== 0) level.push(new Uint32Array(9));
  while (level.length > 1)
    level = level.filter((_, i) => i % 2 === 0).map((left, i) => compress(left, level[2 * i + 1]!));
  return level[0]!;
}

describe('a tensor commitment', () => {
  it.each([
    ['row', 1, 48],
    ['row', 5, 100],
    ['row', 8, 16],
    ['block', 3, 100],
    ['block', 1, 1],
    ['block', 4, 96],
  ] as const)('by %s of %i x %i has the root of its definition', async (layout, rows, columns) => {
    const m = matrix(rows, columns);
    const commitment = await commitTensor(m, layout, seed);
    const tiles = layout === 'row' ? 1 : Math.ceil(columns / 48);
    const digests: Uint32Array[] = [];
    for (let i = 0; i < rows; i++) {
      for (let t = 0; t < tiles; t++) {
        const [from, to] = layout === 'row' ? [0, columns] : [48 * t, Math.min(48 * t + 48, columns)];
        const elements = await m.panel(i, i + 1, from, to);
        const padded = new Uint16Array(Math.ceil(elements.length / 48) * 48);
        padded.set(elements);
        digests.push(sponge(padded, leafSalts(seed, digests.length, padded.length / 48)));
      }
    }
    expect(commitment.leaves).toBe(digests.length);
    expect(commitment.depth).toBe(Math.ceil(Math.log2(digests.length)));
    expect(commitment.root).toEqual(rootByDefinition(digests));
    for (const [leaf, digest] of digests.entries()) {
      expect(rootOf(digest, leaf, merklePath(commitment, leaf))).toEqual(commitment.root);
    }
  });

  it('of a file is that of the same matrix in memory, in both orientations', async () => {
    const data = await matrix(7, 50).panel(0, 7, 0, 50);
    const bytes = encodeSafetensors({ w: { dtype: 'BF16', shape: [7, 50], data: bf16Bytes(data) } });
    const file = tensorMatrix(await openSafetensors(bytesSource(bytes)));
    expect((await commitTensor(file, 'row', seed)).root).toEqual((await commitTensor(matrix(7, 50), 'row', seed)).root);
    const columns = new Uint16Array(350);
    for (let r = 0; r < 7; r++) for (let c = 0; c < 50; c++) columns[c * 7 + r] = data[r * 50 + c]!;
    const byColumns = await commitTensor(transposed(file), 'row', seed);
    expect(byColumns.leaves).toBe(50);
    expect(byColumns.root).toEqual((await commitTensor(memoryMatrix(50, 7, columns), 'row', seed)).root);
  });

  it('changes with any element and with the salt seed, and hides equal rows', async () => {
    const data = new Uint16Array(4 * 50);
    const root = async (change: (d: Uint16Array) => void, salt: Uint8Array = seed) => {
      const copy = data.slice();
      change(copy);
      return (await commitTensor(memoryMatrix(4, 50, copy), 'row', salt)).root.join();
    };
    const roots = [
      await root(() => {}),
      await root((d) => d.fill(1, 0, 1)),
      await root((d) => d.fill(1, 199, 200)),
      await root(() => {}, tensorSaltSeed(seed, 'x')),
      await root(() => {}, tensorSaltSeed(seed, 'w')),
    ];
    expect(new Set(roots).size).toBe(roots.length);
    const { levels } = await commitTensor(memoryMatrix(4, 50, data), 'row', seed);
    expect(new Set([0, 1, 2, 3].map((leaf) => levels[0]!.slice(9 * leaf, 9 * leaf + 9).join())).size).toBe(4);
  });

  it('pads with the zero digest, level by level', () => {
    expect(fillerDigest(0)).toEqual(new Uint32Array(9));
    expect(fillerDigest(2)).toEqual(
      compress(compress(new Uint32Array(9), new Uint32Array(9)), compress(new Uint32Array(9), new Uint32Array(9))),
    );
  });

  it('has salts that are residues, a prefix for a shorter leaf, different for each leaf', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 30 - 1), fc.integer({ min: 1, max: 40 }), (leaf, rows) => {
        const salts = leafSalts(seed, leaf, rows);
        expect(salts.length).toBe(4 * rows);
        expect(salts.every((salt) => salt < P)).toBe(true);
        expect(leafSalts(seed, leaf, rows + 3).slice(0, 4 * rows)).toEqual(salts);
        expect(leafSalts(seed, leaf + 1, rows)).not.toEqual(salts);
      }),
      { numRuns: 50 },
    );
    // Skipped candidates: 2^31 - p of 2^31, 1 in 128. Of 40,000 salts some were behind one.
    expect(Math.max(...leafSalts(seed, 0, 10_000))).toBeGreaterThan(P - 2 ** 20);
  });

  it('takes leaves of 48 elements, padded with +0', () => {
    const row = Uint16Array.from({ length: 50 }, (_, i) => i + 1);
    expect(Array.from(leafHalfwords(row, 'block', 1))).toEqual([49, 50, ...Array(46).fill(0)]);
    expect(leafHalfwords(row, 'row', 0).length).toBe(96);
  });

  it('refuses seeds and leaves that it does not have', async () => {
    await expect(commitTensor(matrix(1, 1), 'row', new Uint8Array(31))).rejects.toThrow(
      'saltSeed: expected 32 bytes, got 31',
    );
    expect(() => tensorSaltSeed(new Uint8Array(16), 'x')).toThrow('secret: expected 32 bytes, got 16');
    const commitment = await commitTensor(matrix(3, 1), 'row', seed);
    expect(() => merklePath(commitment, 3)).toThrow('leaf: expected an integer in [0, 3), got 3');
  });
});
