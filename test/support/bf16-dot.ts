/** What the tests of the dot product chips share: blocks by kind, rows of a block, and the fixed tables as oracles. */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { alignTable } from '../../precompiles/align/air.ts';
import { bf16DotAir } from '../../precompiles/bf16-dot/air.ts';
import { resultTable } from '../../precompiles/bf16-dot/result-table.ts';
import { exponentOf, HOPPER, overflowSignificand, significandOf } from '../../precompiles/bf16-dot/semantics.ts';
import { BF16_DOT_CHIP, BLOCK_EVENT_WORDS, BOTH_HALVES } from '../../precompiles/bf16-dot/state.ts';
import { bf16DotChip } from '../../precompiles/bf16-dot/trace.ts';
import { fp32DecodeTable } from '../../precompiles/fp32-decode/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { EventLog } from '../../vm/chip.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import type { FixedTable } from '../../vm/chips/table.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import { seeded } from './random.ts';

/** One block: accumulator and 16 patterns each. */
export interface Block {
  readonly acc: number;
  readonly a: Uint16Array;
  readonly b: Uint16Array;
}

export const VECTORS = new URL('../../../shared/vectors/tensor-core/', import.meta.url);
export const hasVectors = existsSync(VECTORS);

/** A vector with its class (-1 if the file has none) and the expected word. */
export interface Vector extends Block {
  readonly kind: number;
  readonly expected: number;
}

/**
 * Reads `model.txt.gz` (class first, Hopper before Ampere) or a `measured-*.txt.gz` (no class) with `products` products;
 * operands beyond them are zero.
 */
export function readVectors(file: string, products = 16, model: 'hopper' | 'ampere' = 'hopper'): Vector[] {
  const hasClass = file.startsWith('model');
  const text = gunzipSync(readFileSync(new URL(file, VECTORS))).toString();
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const fields = line.trim().split(/\s+/);
      const kind = hasClass ? Number(fields.shift()) : -1;
      const numbers = fields.map((field) => Number.parseInt(field, 16));
      const [a, b] = [new Uint16Array(16), new Uint16Array(16)];
      a.set(numbers.slice(0, products));
      b.set(numbers.slice(products, 2 * products));
      const expected = numbers[2 * products + (model === 'hopper' ? 1 : 2)]!;
      return { kind, a, b, acc: numbers[2 * products]!, expected };
    });
}

/** Membership in the fixed tables by bus, for the checker. */
export const TABLES = Object.fromEntries(
  [alignTable, resultTable, complementRangeTable, fp32DecodeTable].map(({ provider }: FixedTable) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);

/** A record with the hints of these blocks, a before b, and nothing else. */
export function executionOf(blocks: readonly Block[], logs: ReadonlyMap<string, EventLog>): Execution {
  const hints = new Uint16Array(32 * blocks.length);
  blocks.forEach(({ a, b }, i) => {
    hints.set(a, 32 * i);
    hints.set(b, 32 * i + 16);
  });
  const none = new Uint32Array(0);
  const words = { address: none, value: none, clk: none };
  return {
    exitCode: 0,
    cycles: 0,
    clk: 1,
    logs,
    registers: { value: none, clk: none },
    image: { ...words, initial: none },
    memory: words,
    ramBase: 0,
    hints,
    publicInput: none,
    publicOutput: none,
  };
}

/** The event of block i of `executionOf` as the only one of a call of its own. */
export const blockEvent = (i: number, acc: number, halves = BOTH_HALVES): number[] => [
  ...[1 + 4 * i, 2 * i, 2 * i + 1, (acc & 0x8000_0000) | significandOf(acc), exponentOf(acc), halves],
];

/** One row per block, each as the only block of a call of its own. */
export function blockRows(blocks: readonly Block[]): Rows {
  const log = new EventLog(BLOCK_EVENT_WORDS);
  blocks.forEach(({ acc }, i) => {
    const at = log.push();
    log.words.set(blockEvent(i, acc), at);
  });
  const stride = bf16DotAir.main.length;
  const cells = new Uint32Array(stride * blocks.length);
  bf16DotChip.fill(executionOf(blocks, new Map([[BF16_DOT_CHIP, log]])), { cells, stride });
  return { main: blocks.map((_, i) => Array.from(cells.subarray(i * stride, (i + 1) * stride))) };
}

/** The state tuple after arithmetic, clk, a, b that stands for a word: sign, significand in two parts, exponent code. */
export function stateOf(word: number, significand: number = significandOf(word)): number[] {
  return [word >>> 31, significand >>> 9, significand & 511, exponentOf(word)];
}

/** As `stateOf`, for the result of a block: an overflow keeps the leading bits of its sum. */
export function stateAfter({ acc, a, b }: Block, result: number): number[] {
  const overflows = exponentOf(result) === 4000;
  return stateOf(result, overflows ? overflowSignificand(HOPPER, acc, a, 0, b, 0) : significandOf(result));
}

/** Blocks whose sums are near the ends of every class. */
export function edgeBlocks(seed: number, count: number): Block[] {
  const random = seeded(seed);
  const pattern = (low: number, span: number): number =>
    random.below(2) * 0x8000 +
    Math.max(0, Math.min(254, low + random.below(span))) * 128 +
    random.pick([0, 127, random.below(128)]);
  return Array.from({ length: count }, (_, i) => {
    const [low, span] = [
      [60, 6],
      [1, 3],
      [120, 8],
      [190, 4],
      [64, 2],
      [0, 255],
    ][i % 6]!;
    const fill = (): Uint16Array =>
      Uint16Array.from({ length: 16 }, () => (random.below(4) === 0 ? 0 : pattern(low!, span!)));
    const acc = random.pick([0, 0x8000_0000, (low! << 24) >>> 0, 0x0000_0001, 0x007f_ffff, random.u32() & 0xbfff_ffff]);
    return { acc: acc >>> 0, a: fill(), b: fill() };
  });
}
