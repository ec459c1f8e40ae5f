/** Rows of the tile chip for its tests. */

import { exponentOf, significandOf } from '../../precompiles/bf16-dot/semantics.ts';
import { BF16_DOT_TILE_CHIP, ENTRIES, TILE_EVENT_WORDS } from '../../precompiles/bf16-dot-tile/event.ts';
import { bf16DotTileChip } from '../../precompiles/bf16-dot-tile/trace.ts';
import type { Rows } from '../../stark/air/check.ts';
import { EventLog } from '../../vm/chip.ts';
import { type Block, executionOf } from './bf16-dot.ts';
import { traceOf } from './step.ts';

/** One block of four dot products: rows a0, a1, b0, b1, and the accumulators in the order of `ENTRIES`. */
export interface Tile {
  readonly a: readonly [Uint16Array, Uint16Array];
  readonly b: readonly [Uint16Array, Uint16Array];
  readonly acc: readonly number[];
}

/** What an entry of the tile sums. */
export const entryBlock = ({ a, b, acc }: Tile, entry: number): Block => ({
  acc: acc[entry]!,
  a: a[entry >> 1]!,
  b: b[entry & 1]!,
});

/** One row per tile, each entry the only block of a call of its own. */
export function tileRows(tiles: readonly Tile[]): Rows {
  const log = new EventLog(TILE_EVENT_WORDS);
  tiles.forEach(({ acc }, i) => {
    const at = log.push();
    // `executionOf` has a before b: a0, b0, a1, b1.
    log.words.set(
      [0, 2, 1, 3].map((block) => 4 * i + block),
      at,
    );
    ENTRIES.forEach((_, entry) => {
      const word = acc[entry]!;
      const state = [1 + 4 * (4 * i + entry), (word & 0x8000_0000) | significandOf(word), exponentOf(word)];
      log.words.set(state, at + 4 + 3 * entry);
    });
  });
  const blocks = tiles.flatMap((tile) => [entryBlock(tile, 0), entryBlock(tile, 3)]);
  return traceOf(bf16DotTileChip, executionOf(blocks, new Map([[BF16_DOT_TILE_CHIP, log]])));
}
