/**
 * A small character-level language model whose output layer is the linear layer that the demo proves.
 *
 * Input: the last 8 characters, each embedded in 64 numbers and concatenated: a row of X has 512. Output: logits of 512
 * classes, the next two characters. The classes are the 511 most frequent pairs of the text, 97 % of it, and one for all
 * others. Pairs instead of characters make W square, 512 x 512, the size of a real layer, though only 83 characters occur.
 *
 * What is committed and proven is X, W and Y: embeddings and weights rounded to BF16, logits by the exact reference
 * `linear.ts`. Training happens before, in doubles, by operations that IEEE-754 fixes (+ - * / sqrt), in a fixed order,
 * so that the same text gives the same bits everywhere.
 */
import { CLASSES, CONTEXT, type Corpus, EMBEDDING, INNER } from './corpus.ts';
import { logarithm, softmax } from './elementary.ts';
import { fromBf16, roundToBf16, toF32 } from './float32.ts';
import { type TrainingOptions, train } from './training.ts';

export interface CharacterModel {
  readonly corpus: Corpus;
  /** BF16, one row of 64 a character. */
  readonly embedding: Uint16Array;
  /** BF16, 512 x 512. */
  readonly weights: Uint16Array;
}

/** 123 thousand examples, about 4 seconds on one core; the cross-entropy falls from 6.24 to about 4.0. */
export const DEMO_TRAINING = { steps: 30, batch: 4096 } as const;

/** Trains embedding and weights together. */
export function trainCharacterModel(corpus: Corpus, options: TrainingOptions): CharacterModel {
  const { embedding, weights } = train(corpus, options);
  return { corpus, embedding: rounded(embedding), weights: rounded(weights) };
}

const rounded = (values: Float64Array): Uint16Array => Uint16Array.from(values, (x) => roundToBf16(toF32(x)));

/** X: the embedded contexts of the positions [begin, begin + rows), rows x 512. @throws {RangeError} outside the text. */
export function embedPassage({ corpus, embedding }: CharacterModel, begin: number, rows: number): Uint16Array {
  if (begin < CONTEXT || begin + rows > corpus.classes.length) {
    throw new RangeError(`begin: expected ${CONTEXT} to ${corpus.classes.length - rows}, got ${begin}`);
  }
  const x = new Uint16Array(rows * INNER);
  for (let r = 0; r < rows; r++) {
    for (let p = 0; p < CONTEXT; p++) {
      const character = corpus.characters[begin + r - CONTEXT + p]!;
      x.set(embedding.subarray(character * EMBEDDING, (character + 1) * EMBEDDING), r * INNER + p * EMBEDDING);
    }
  }
  return x;
}

/** Mean cross-entropy, in nats, of BF16 logits against the classes of the positions from `begin`. ln 512 = 6.238 knows nothing. */
export function crossEntropy(corpus: Corpus, begin: number, logits: Uint16Array): number {
  const rows = logits.length / CLASSES;
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    const row = Float64Array.from(logits.subarray(r * CLASSES, (r + 1) * CLASSES), fromBf16);
    softmax(row);
    loss -= logarithm(Math.max(row[corpus.classes[begin + r]!]!, 2 ** -60));
  }
  return loss / rows;
}
