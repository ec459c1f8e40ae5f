import type { KnownRows } from '../../chip.ts';

/** One row per word. */
export const publicInputRows = (words: Uint32Array): KnownRows => ({
  rows: words.length,
  columns: [words.map(() => 1), words.map((_, i) => i), words.map((w) => w & 0xffff), words.map((w) => w >>> 16)],
});
