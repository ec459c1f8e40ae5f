import { afterAll, describe, expect, it } from 'vitest';
import { P } from '../field/koala-bear.ts';
import { xof } from '../hash/xof.ts';
import { chainOrder, hashLeaf } from '../merkle/leaf.ts';
import { merkleLayers, rootFromOpening } from '../merkle/tree.ts';
import { type Backend, createBackend } from './backend.ts';
import { SCRATCH_BYTES } from './commit.ts';
import { ADDRESS_HASH_KEYS } from './constants.ts';
import { type Lde, words } from './matrix.ts';

const SALTS = { seed: Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1), stream: 0xfedc_ba98 };

/** [rows of the extension, columns], blowup 4. */
const SHAPES: [string, [rows: number, width: number][]][] = [
  ['one narrow matrix', [[16, 1]]],
  ['one matrix', [[64, 37]]],
  [
    'equal heights',
    [
      [32, 5],
      [32, 8],
      [32, 3],
    ],
  ],
  [
    'mixed heights, unsorted',
    [
      [256, 9],
      [16, 4],
      [64, 12],
      [256, 2],
      [16, 1],
      [4, 6],
    ],
  ],
  [
    'rows of exactly one piece',
    [
      [16, 248],
      [32, 248],
    ],
  ],
  [
    'rows of more than one piece',
    [
      [16, 249],
      [16, 600],
      [16, 252],
    ],
  ],
  [
    'enough work for many parts',
    [
      [4096, 20],
      [512, 33],
      [4096, 3],
    ],
  ],
];

for (const threads of [1, 2]) {
  const backend = createBackend({ threads });
  afterAll(() => backend.close());

  describe(`commitments on ${threads} thread(s)`, () => {
    for (const [name, shape] of SHAPES) {
      it.each([null, SALTS])(`are what the scalar reference says: ${name}, salts %j`, async (salts) => {
        const mark = backend.arena.mark();
        const matrices = shape.map(([rows, width], i) => randomLde(backend, rows, width, i + 1));
        const tree = await backend.commitMatrices(matrices, salts);

        const counts = shape.map(([rows]) => rows);
        const numLeaves = Math.max(...counts);
        const data = matrices.map((matrix) => words(backend.arena, matrix));
        const row = (m: number, leaf: number) => {
          const { stride, width } = matrices[m]!;
          const at = stride * Math.floor((leaf * counts[m]!) / numLeaves);
          return data[m]!.slice(at, at + width);
        };
        const order = chainOrder(counts);
        const saltOf = (i: number) => salts && xof(salts.seed, salts.stream, i >> 4, 16 * (i & 15), 16);
        const leaves = Array.from({ length: numLeaves }, (_, i) =>
          hashLeaf(
            order.map((m) => row(m, i)),
            saltOf(i),
          ),
        );
        const root = merkleLayers(leaves).at(-1)![0];
        expect(tree.root).toEqual(root);

        for (const indexes of [[0], [numLeaves - 1], [3, 4, 5, 7], leaves.map((_, i) => i).filter((i) => i % 5 < 2)]) {
          const { rows, salts: opened, siblings } = backend.openLeaves(tree, indexes);
          expect(rows).toEqual(indexes.map((leaf) => shape.map((_, m) => row(m, leaf))));
          expect(opened).toEqual(salts ? indexes.map(saltOf) : []);
          const digests = rows.map((leafRows, i) =>
            hashLeaf(
              order.map((m) => leafRows[m]!),
              opened[i] ?? null,
            ),
          );
          expect(rootFromOpening(tree.depth, indexes, digests, siblings)).toEqual(root);
        }
        backend.arena.release(mark);
      });
    }

    it('open a tree so tall that its lowest layers are not kept', async () => {
      const mark = backend.arena.mark();
      const matrices = [randomLde(backend, 2 ** 20, 2, 1), randomLde(backend, 2 ** 10, 5, 2)];
      const tree = await backend.commitMatrices(matrices, SALTS);
      expect(tree.lowestLayer).toBe(3);
      const indexes = [0, 1, 6, 77, 78, 79, 2 ** 19 + 5, 2 ** 20 - 1];
      const { rows, salts, siblings } = backend.openLeaves(tree, indexes);
      const digests = rows.map(([tall, short], i) => hashLeaf([short!, tall!], salts[i]!));
      expect(rootFromOpening(tree.depth, indexes, digests, siblings)).toEqual(tree.root);
      backend.arena.release(mark);
    });

    it('compress as BLAKE3 does (BLAKE3 1.5, test_vectors.json, keyed, 1024 bytes), in all four lanes', async () => {
      const { arena, pool } = createBackend({ threads: 1 });
      arena.bytes(ADDRESS_HASH_KEYS, 32).set(new TextEncoder().encode('whats the Elvish word for friend'));
      const [digests, rows, scratch] = [arena.alloc(4 * 32), arena.alloc(4 * 992), arena.alloc(SCRATCH_BYTES)];
      const input = Uint8Array.from({ length: 1024 }, (_, i) => i % 251);
      for (let lane = 0; lane < 4; lane++) {
        arena.bytes(digests + 32 * lane, 32).set(input.subarray(0, 32));
        arena.bytes(rows + 992 * lane, 992).set(input.subarray(32));
      }
      await pool.run([{ kernel: 'hashRows', args: [digests, digests, 0, rows, 992, 0, 4, 0, scratch] }]);
      const expected = '75c46f6f3d9eb4f55ecaaee480db732e6c2105546f1e675003687c31719c7ba4';
      expect(Buffer.from(arena.bytes(digests, 128)).toString('hex')).toBe(expected.repeat(4));
    });

    it('separate the domains of leaves', async () => {
      const matrix = randomLde(backend, 16, 4, 1);
      const trace = await backend.commitMatrices([matrix], null);
      const fri = await backend.commitMatrices([matrix], null, 'fri-leaf');
      expect(fri.root).not.toEqual(trace.root);
      const data = words(backend.arena, matrix);
      const leaves = Array.from({ length: 16 }, (_, i) => hashLeaf([data.slice(4 * i, 4 * i + 4)], null, 'fri-leaf'));
      expect(fri.root).toEqual(merkleLayers(leaves).at(-1)![0]);
    });

    it('refuse bad shapes and bad indexes', async () => {
      const matrix = randomLde(backend, 16, 4, 1);
      await expect(backend.commitMatrices([{ ...matrix, height: 2 }], null)).rejects.toThrow(
        'leaves: expected at least 16, got 8',
      );
      const short = { ...SALTS, seed: new Uint8Array(31) };
      await expect(backend.commitMatrices([matrix], short)).rejects.toThrow('seed: expected 32 bytes, got 31');
      const tree = await backend.commitMatrices([matrix], null);
      for (const indexes of [[1, 1], [2, 1], [16], [-1], [0.5]]) {
        expect(() => backend.openLeaves(tree, indexes)).toThrow(
          `indexes: expected strictly ascending integers in [0, 16), got ${indexes.at(-1)}`,
        );
      }
      expect(() => backend.openLeaves(tree, [])).toThrow('indexes: expected at least one, got none');
    });
  });
}

function randomLde(backend: Backend, rows: number, width: number, seed: number): Lde {
  const lde: Lde = { ...backend.allocMatrix(rows, width), height: rows / 4, blowup: 4 };
  const data = words(backend.arena, lde);
  let state = seed;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = i % lde.stride < width ? state % P : 0;
  }
  return lde;
}
