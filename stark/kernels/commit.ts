/**
 * Merkle commitments to extensions, by the kernels `hashRows`, `saltLeaves` and `hashSubtree`. What a leaf is: see
 * `stark/merkle/leaf.ts`, the reference; the tree: `stark/merkle/tree.ts`.
 *
 * A job takes a contiguous part of the leaves through the whole chain, the salt and the layers above it; the rows of
 * short matrices that belong to it belong to no other job. Their intermediate digests lie where layer log2(N/n) of the
 * tree will be: it has just as many nodes, and is written only when the leaves of the part are done.
 */
import { DIGEST_BYTES, HASH_DOMAINS, type HashDomain } from '../hash/domains.ts';
import { SEED_BYTES, xof } from '../hash/xof.ts';
import { chainOrder, hashLeaf, SALT_BYTES } from '../merkle/leaf.ts';
import { hashNode, type NodePosition, siblingPositions } from '../merkle/tree.ts';
import { log2Exact } from '../poly/domain.ts';
import type { Lde } from './matrix.ts';
import type { Arena } from './memory.ts';
import type { Call, Pool } from './pool.ts';

/** Bytes of scratch a job needs: compression, and XOF output. See `assembly/blake3.ts`. */
export const SCRATCH_BYTES = 640 + 256;
const MAX_PARTS = 32;
/** Lanes of the salt kernel: four blocks of four salts. */
const MIN_ROWS = 16;
const COMPRESSION_NANOSECONDS = 35;
/** A part that takes less is not worth a job. */
const MIN_PART_NANOSECONDS = 100_000;

/**
 * The three lowest layers of a tall tree, 7/8 of it, are not kept: an opening hashes the few leaves again that it needs
 * of them. 56 of 64 bytes a leaf are memory that other phases use in the meantime.
 */
const DROPPED_LAYERS = 3;
const MIN_DROPPING_DEPTH = 20;

/** Salts are secret and each commitment of a proof needs a stream of its own. */
export interface SaltSource {
  /** 32 bytes. */
  readonly seed: Uint8Array;
  readonly stream: number;
}

export interface Tree {
  readonly root: Uint8Array;
  /** log2 of the number of leaves. */
  readonly depth: number;
  /** In the order given to `commit`. */
  readonly matrices: readonly Lde[];
  readonly salts: SaltSource | null;
  readonly domain: HashDomain;
  /** The lowest layer that is kept. */
  readonly lowestLayer: number;
  /** Address of its digests; the layers above follow. */
  readonly address: number;
}

export interface Opening {
  /** For each leaf, for each matrix in the order given to `commit`: the row, `width` words. */
  readonly rows: readonly (readonly Uint32Array[])[];
  /** For each leaf; empty without salts. */
  readonly salts: readonly Uint8Array[];
  /** The digests of `siblingPositions`. */
  readonly siblings: readonly Uint8Array[];
}

/**
 * @param matrices extensions with one blowup; the tallest has at least 16 rows, all at least 4.
 * @throws {RangeError} on an empty list, too few rows or a seed that is not 32 bytes. @throws {MemoryLimitError}
 */
export async function commit(
  arena: Arena,
  pool: Pool,
  matrices: readonly Lde[],
  salts: SaltSource | null,
  domain: HashDomain = 'leaf',
): Promise<Tree> {
  const counts = matrices.map(({ height, blowup }) => height * blowup);
  const numLeaves = Math.max(...counts);
  const depth = log2Exact(numLeaves, 'leaves');
  if (numLeaves < MIN_ROWS) throw new RangeError(`leaves: expected at least ${MIN_ROWS}, got ${numLeaves}`);
  if (salts !== null && salts.seed.length !== SEED_BYTES) {
    throw new RangeError(`seed: expected ${SEED_BYTES} bytes, got ${salts.seed.length}`);
  }
  for (const count of counts) {
    log2Exact(count, 'rows');
    if (count < 4) throw new RangeError(`rows: expected at least 4, got ${count}`);
  }

  // 96 bytes behind the root are written by the lanes of the smallest layers.
  const lowestLayer = depth < MIN_DROPPING_DEPTH ? 0 : DROPPED_LAYERS;
  const keptBytes = (2 * DIGEST_BYTES * numLeaves) / 2 ** lowestLayer;
  const kept = lowestLayer === 0 ? 0 : arena.alloc(keptBytes);
  const start = arena.mark();
  const address = arena.alloc(2 * DIGEST_BYTES * numLeaves + 128);
  const layer = (k: number) => address + DIGEST_BYTES * (2 * numLeaves - numLeaves / 2 ** (k - 1));
  const mark = arena.mark();
  const seed = arena.alloc(SEED_BYTES);
  if (salts !== null) arena.bytes(seed, SEED_BYTES).set(salts.seed);

  const numParts = partsOf(matrices, counts, numLeaves);
  const leavesPerPart = numLeaves / numParts;
  const scratches = Array.from({ length: numParts }, () => arena.alloc(SCRATCH_BYTES));
  const order = chainOrder(counts);
  const key = HASH_DOMAINS.indexOf(domain);
  const nodeKey = HASH_DOMAINS.indexOf('node');
  const jobs = scratches.map((scratch, part) => {
    const calls: Call[] = [];
    let previous = 0;
    let previousCount = 0;
    for (const i of order) {
      const matrix = matrices[i] as Lde;
      const count = counts[i] as number;
      const out = layer(depth - Math.log2(count));
      const shift = previous === 0 ? 0 : Math.log2(count / previousCount);
      const rows = count / numParts;
      const args = [out, previous, shift, matrix.address, 4 * matrix.stride, part * rows, rows, key, scratch];
      calls.push({ kernel: 'hashRows', args });
      previous = out;
      previousCount = count;
    }
    const first = part * leavesPerPart;
    if (salts !== null) {
      const args = [address, first, leavesPerPart, key, seed, salts.stream, scratch + 640, scratch];
      calls.push({ kernel: 'saltLeaves', args });
    }
    // Up to the layer in which this part has four nodes: lanes never run into another part.
    const levels = Math.log2(leavesPerPart / 4);
    calls.push({ kernel: 'hashSubtree', args: [address, depth, 0, first, leavesPerPart, levels, nodeKey, scratch] });
    return calls;
  });
  await pool.run(jobs);
  const below = Math.log2(leavesPerPart / 4);
  const args = [address, depth, below, 0, 4 * numParts, depth - below, nodeKey, scratches[0] as number];
  await pool.run([{ kernel: 'hashSubtree', args }]);
  const root = arena.bytes(layer(depth), DIGEST_BYTES).slice();
  const tree = { root, depth, matrices, salts, domain, lowestLayer };
  if (lowestLayer === 0) {
    arena.release(mark);
    return { ...tree, address };
  }
  arena.bytes(kept, keptBytes).set(arena.bytes(layer(lowestLayer), keptBytes));
  arena.release(start);
  return { ...tree, address: kept };
}

/** A power of two, so that every part has at least 4 rows of each matrix and 16 leaves, and enough work to be a job. */
function partsOf(matrices: readonly Lde[], counts: readonly number[], numLeaves: number): number {
  const compressions = matrices.reduce((sum, { stride }, i) => sum + (counts[i] as number) * (1 + stride / 16), 0);
  const worthwhile = (compressions * COMPRESSION_NANOSECONDS) / MIN_PART_NANOSECONDS;
  const possible = Math.min(MAX_PARTS, worthwhile, numLeaves / MIN_ROWS, Math.min(...counts) / 4);
  return 2 ** Math.max(0, Math.floor(Math.log2(possible)));
}

/** Opens leaves. @throws {RangeError} unless `indexes` are strictly ascending leaf indexes, at least one. */
export function openLeaves(arena: Arena, tree: Tree, indexes: readonly number[]): Opening {
  const numLeaves = 2 ** tree.depth;
  if (indexes.length === 0) throw new RangeError('indexes: expected at least one, got none');
  indexes.forEach((index, i) => {
    const least = i === 0 ? 0 : (indexes[i - 1] as number) + 1;
    if (!Number.isInteger(index) || index < least || index >= numLeaves) {
      throw new RangeError(`indexes: expected strictly ascending integers in [0, ${numLeaves}), got ${index}`);
    }
  });
  const { salts } = tree;
  return {
    rows: indexes.map((index) => rowsOf(arena, tree, index)),
    salts: salts === null ? [] : indexes.map((index) => saltOf(salts, index)),
    siblings: siblingPositions(tree.depth, indexes).map((node) => digestOf(arena, tree, node)),
  };
}

/** The row of each matrix that a leaf commits to, `width` words, in the order given to `commit`. */
function rowsOf(arena: Arena, { depth, matrices }: Tree, leaf: number): Uint32Array[] {
  return matrices.map(({ address, height, blowup, stride, width }) => {
    const row = Math.floor(leaf / (2 ** depth / (height * blowup)));
    return arena.u32(address + 4 * stride * row, width).slice();
  });
}

function digestOf(arena: Arena, tree: Tree, { layer, index }: NodePosition): Uint8Array {
  if (layer >= tree.lowestLayer) {
    // Layers from the lowest on have m, m / 2, .. nodes.
    const m = 2 ** (tree.depth - tree.lowestLayer);
    const digest = 2 * m - m / 2 ** (layer - tree.lowestLayer - 1) + index;
    return arena.bytes(tree.address + DIGEST_BYTES * digest, DIGEST_BYTES).slice();
  }
  if (layer > 0) {
    const child = (side: number) => digestOf(arena, tree, { layer: layer - 1, index: 2 * index + side });
    return hashNode(child(0), child(1));
  }
  const rows = rowsOf(arena, tree, index);
  const order = chainOrder(tree.matrices.map(({ height, blowup }) => height * blowup));
  const salt = tree.salts === null ? null : saltOf(tree.salts, index);
  return hashLeaf(
    order.map((i) => rows[i]!),
    salt,
    tree.domain,
  );
}

/** The salt of a leaf, as `saltLeaves` makes it: each part of the stream has sixteen. */
function saltOf({ seed, stream }: SaltSource, index: number): Uint8Array {
  return xof(seed, stream, Math.floor(index / 16), SALT_BYTES * (index % 16), SALT_BYTES);
}
