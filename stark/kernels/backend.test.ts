import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { isProofOfWork } from '../hash/grinding.ts';
import { xofElements } from '../hash/xof.ts';
import { createBackend } from './backend.ts';
import { words } from './matrix.ts';
import { Arena, MemoryLimitError } from './memory.ts';
import { ROWS_PER_PART } from './random.ts';

const SEED = Uint8Array.from({ length: 32 }, (_, i) => 255 - 3 * i);

for (const threads of [1, 2]) {
  const backend = createBackend({ threads });
  afterAll(() => backend.close());

  describe(`the backend on ${threads} thread(s)`, () => {
    it.each([0, 1, 7, 8, 9, 12])('finds the least nonce of %i bits', async (bits) => {
      for (const first of [0, 1, 2]) {
        const state = Uint8Array.from({ length: 32 }, (_, i) => first + i);
        const nonce = await backend.grind(state, bits);
        expect(isProofOfWork(state, nonce, bits)).toBe(true);
        for (let n = nonce - 1n; n >= 0n && n >= nonce - 500n; n--) expect(isProofOfWork(state, n, bits)).toBe(false);
      }
    });

    it('finds a nonce in later rounds', async () => {
      const state = SEED.toReversed();
      const nonce = await backend.grind(state, 17);
      expect(nonce).toBeGreaterThan(4096n);
      expect(isProofOfWork(state, nonce, 17)).toBe(true);
    });

    it('refuses to grind what it cannot', async () => {
      await expect(backend.grind(SEED, 41)).rejects.toThrow('bits: expected 0 to 40, got 41');
      await expect(backend.grind(SEED.subarray(1), 4)).rejects.toThrow('state: expected 32 bytes, got 31');
    });

    it.each([
      [8, 5, 0, 8],
      [512, 3, 332, 512],
      [8192, 2, 1, 8192],
    ])(
      'fills rows of a matrix (%i x %i, rows %i to %i) with the elements of the stream',
      async (height, width, from, to) => {
        const mark = backend.arena.mark();
        const matrix = backend.allocMatrix(height, width);
        const data = words(backend.arena, matrix);
        data.fill(0xffff_ffff);
        await backend.fillRandom(matrix, from, to, SEED, 5);
        const expected = new Uint32Array(data.length).fill(0xffff_ffff);
        for (let first = from, part = 0; first < to; first += ROWS_PER_PART, part++) {
          const numRows = Math.min(ROWS_PER_PART, to - first);
          const elements = xofElements(SEED, 5, part, numRows * width);
          for (let r = 0; r < numRows; r++) {
            const row = expected.subarray((first + r) * matrix.stride, (first + r + 1) * matrix.stride).fill(0);
            row.set(elements.slice(r * width, (r + 1) * width));
          }
        }
        expect(data).toEqual(expected);
        backend.arena.release(mark);
      },
    );

    it('computes the same above 2 GiB as below', async () => {
      const { arena } = backend;
      const mark = arena.mark();
      const compute = async () => {
        const matrix = backend.allocMatrix(1024, 6);
        await backend.fillRandom(matrix, 0, 1024, SEED, 9);
        const { root } = await backend.commitMatrices([await backend.lde(matrix, 4)], { seed: SEED, stream: 1 });
        return [root, await backend.grind(root, 8)];
      };
      const below = await compute();
      arena.release(mark);
      arena.alloc(2 ** 31 + 2 ** 29); // reserved, never touched
      expect(await compute()).toEqual(below);
      arena.release(mark);
    });

    it('runs sequences of calls, and refuses kernels that do not exist', async () => {
      await expect(backend.pool.run([{ kernel: 'nonesuch', args: [] }])).rejects.toThrow(
        'kernel: expected an export of kernels.wasm, got nonesuch',
      );
      const matrix = backend.allocMatrix(8, 4);
      const data = words(backend.arena, matrix).fill(1);
      const scale = (row: number, by: number) => ({
        kernel: 'scaleRows',
        args: [matrix.address, 16, row, row + 1, by, 1],
      });
      await backend.pool.run([0, 1, 2, 3, 4, 5, 6, 7].map((row) => [scale(row, 3), scale(row, row)]));
      expect([...data]).toEqual([0, 1, 2, 3, 4, 5, 6, 7].flatMap((row) => new Array(4).fill(3 * row)));
    });

    it('reports a kernel that trapped, after all others have ended', async () => {
      const trap = { kernel: 'scaleRows', args: [0xffff_0000, 16, 0, 2 ** 20, 1, 1] };
      await expect(backend.pool.run([trap, trap, trap])).rejects.toThrow('memory access out of bounds');
    });
  });
}

describe('the arena', () => {
  it('gives out aligned memory, takes it back to a mark and counts the peak', () => {
    const arena = new Arena(1 << 24);
    const start = arena.mark();
    const first = arena.alloc(100);
    const second = arena.alloc(1);
    expect([first % 64, second - first]).toEqual([0, 128]);
    const view = arena.u32(first, 2);
    view[1] = 7;
    arena.alloc(10 << 20); // grows
    expect(view[1]).toBe(7);
    expect(arena.u32(first, 2)[1]).toBe(7);
    const peak = arena.peakBytes;
    arena.release(start);
    expect(arena.alloc(64)).toBe(first);
    expect(arena.peakBytes).toBe(peak);
    expect(() => arena.release(peak)).toThrow(`release: expected a mark of at most ${first + 64}, got ${peak}`);
  });

  it('refuses more than its limit, saying how much was asked', () => {
    const arena = new Arena(1 << 20);
    const error = (() => {
      try {
        arena.alloc(1 << 20);
      } catch (caught) {
        return caught;
      }
      return undefined;
    })();
    expect(error).toBeInstanceOf(MemoryLimitError);
    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ limitBytes: 1 << 20, askedBytes: (1 << 20) + 4096 });
    expect(() => new Arena(1000)).toThrow('maxMemory: expected at least 1048576 bytes, got 1000');
  });
});

describe('a process that used the workers', () => {
  const built = new URL('../../dist/stark/kernels/backend.js', import.meta.url);
  it.skipIf(!existsSync(built))('ends by itself without closing the backend', () => {
    const script = `import { createBackend } from ${JSON.stringify(built.href)};
      const b = createBackend(); await b.grind(new Uint8Array(32), 15); console.log('done');`;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 10_000 });
    expect([String(result.stdout), result.status]).toEqual(['done\n', 0]);
  });
});
