/**
 * The trainer of `character-model.ts`: mini-batches and Adam (Kingma and Ba 2015, algorithm 1), in doubles.
 *
 * The logits of an example are the sum over its 8 characters of W_p e(c_p), where W_p is W's 64 columns of place p. There
 * are only 8 * 83 such vectors, so a step computes them once (T, 22 million products) and an example costs 8 additions
 * of vectors instead of 262,144 products. The gradient goes back the same way: summed per vector of T, then to W and e.
 */
import { CLASSES, CONTEXT, type Corpus, EMBEDDING, INNER } from './corpus.ts';
import { logarithm, softmax } from './elementary.ts';

const LEARNING_RATE = 0.02;
const BETA1 = 0.9;
const BETA2 = 0.99;
const EPSILON = 1e-8;
/** Half the width of the uniform distribution from which embeddings start. Weights start at 0: every class is equally likely. */
const EMBEDDING_RANGE = 0.5;
const SEED = 1851;

export interface TrainingOptions {
  /** Optimizer steps. */
  readonly steps: number;
  /** Examples of a step. */
  readonly batch: number;
  /** Positions [begin, end) of the text that no example may touch: the passage to be proven. */
  readonly held: readonly [begin: number, end: number];
  /** Called after each step with the mean cross-entropy of its batch, before the update, in nats. */
  readonly onStep?: (step: number, loss: number) => void;
}

export interface Parameters {
  /** characters x 64 */
  readonly embedding: Float64Array;
  /** 512 x 512 */
  readonly weights: Float64Array;
}

export function train(corpus: Corpus, options: TrainingOptions): Parameters {
  const random = mulberry32(SEED);
  const size = corpus.alphabet.length;
  const embedding = Float64Array.from({ length: size * EMBEDDING }, () => (random() / 2 ** 31 - 1) * EMBEDDING_RANGE);
  const weights = new Float64Array(CLASSES * INNER);
  const updateEmbedding = adam(embedding);
  const updateWeights = adam(weights);
  const table = new Float64Array(CONTEXT * size * CLASSES);
  const gradient = new Float64Array(table.length);
  for (let step = 1; step <= options.steps; step++) {
    fillTable(table, embedding, weights, size);
    gradient.fill(0);
    let loss = 0;
    for (let n = 0; n < options.batch; n++) {
      loss += example(table, gradient, corpus, drawPosition(corpus, options.held, random), 1 / options.batch);
    }
    const [toEmbedding, toWeights] = backward(gradient, embedding, weights, size);
    updateEmbedding(toEmbedding);
    updateWeights(toWeights);
    options.onStep?.(step, loss / options.batch);
  }
  return { embedding, weights };
}

/** T[p][c][j] = sum over d of W[j][64 p + d] e[c][d]. */
function fillTable(table: Float64Array, embedding: Float64Array, weights: Float64Array, size: number): void {
  for (let p = 0; p < CONTEXT; p++) {
    for (let c = 0; c < size; c++) {
      for (let j = 0; j < CLASSES; j++) {
        let sum = 0;
        const w = j * INNER + p * EMBEDDING;
        for (let d = 0; d < EMBEDDING; d++) sum += weights[w + d]! * embedding[c * EMBEDDING + d]!;
        table[(p * size + c) * CLASSES + j] = sum;
      }
    }
  }
}

const logits = new Float64Array(CLASSES);

/** The loss of the pair at `position`; adds its gradient, times `weight`. */
function example(
  table: Float64Array,
  gradient: Float64Array,
  corpus: Corpus,
  position: number,
  weight: number,
): number {
  const size = corpus.alphabet.length;
  logits.fill(0);
  for (let p = 0; p < CONTEXT; p++) {
    const at = (p * size + corpus.characters[position - CONTEXT + p]!) * CLASSES;
    for (let j = 0; j < CLASSES; j++) logits[j]! += table[at + j]!;
  }
  softmax(logits);
  const target = corpus.classes[position]!;
  const loss = -logarithm(Math.max(logits[target]!, 2 ** -60));
  logits[target]! -= 1; // the gradient of the cross-entropy by the logits
  for (let p = 0; p < CONTEXT; p++) {
    const at = (p * size + corpus.characters[position - CONTEXT + p]!) * CLASSES;
    for (let j = 0; j < CLASSES; j++) gradient[at + j]! += logits[j]! * weight;
  }
  return loss;
}

/** From the gradient by T to those by e and by W. */
function backward(
  gradient: Float64Array,
  embedding: Float64Array,
  weights: Float64Array,
  size: number,
): [toEmbedding: Float64Array, toWeights: Float64Array] {
  const toEmbedding = new Float64Array(embedding.length);
  const toWeights = new Float64Array(weights.length);
  for (let p = 0; p < CONTEXT; p++) {
    for (let c = 0; c < size; c++) {
      for (let j = 0; j < CLASSES; j++) {
        const g = gradient[(p * size + c) * CLASSES + j]!;
        if (g === 0) continue;
        const w = j * INNER + p * EMBEDDING;
        const e = c * EMBEDDING;
        for (let d = 0; d < EMBEDDING; d++) {
          toEmbedding[e + d]! += g * weights[w + d]!;
          toWeights[w + d]! += g * embedding[e + d]!;
        }
      }
    }
  }
  return [toEmbedding, toWeights];
}

/** One Adam optimizer for one array of parameters. */
function adam(parameters: Float64Array): (gradient: Float64Array) => void {
  const mean = new Float64Array(parameters.length);
  const square = new Float64Array(parameters.length);
  let [decay1, decay2] = [1, 1];
  return (gradient) => {
    decay1 *= BETA1;
    decay2 *= BETA2;
    for (let i = 0; i < parameters.length; i++) {
      const g = gradient[i]!;
      mean[i] = BETA1 * mean[i]! + (1 - BETA1) * g;
      square[i] = BETA2 * square[i]! + (1 - BETA2) * g * g;
      const step = mean[i]! / (1 - decay1) / (Math.sqrt(square[i]! / (1 - decay2)) + EPSILON);
      parameters[i]! -= LEARNING_RATE * step;
    }
  };
}

/** A position whose context and pair lie in the text and outside the held passage. */
function drawPosition(corpus: Corpus, [begin, end]: readonly [number, number], random: () => number): number {
  for (;;) {
    const position = CONTEXT + (random() % (corpus.classes.length - CONTEXT));
    if (position + 2 <= begin || position - CONTEXT >= end) return position;
  }
}

/** Tommy Ettinger's mulberry32: words of 32 bits from a seed. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}
