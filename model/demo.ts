/**
 * The tensors of the demo: X, the embedded first 256 positions of Moby Dick's first sentence on; W, output weights
 * trained on the rest of the book; Y, their logits. 256 x 512, 512 x 512 and 256 x 512 BF16 patterns.
 */
import { crossEntropy, DEMO_TRAINING, embedPassage, trainCharacterModel } from './character-model.ts';
import { CLASSES, CONTEXT, INNER, mobyDick, readCorpus } from './corpus.ts';
import { linearLayer } from './linear.ts';

export const PASSAGE_ROWS = 256;
const PASSAGE_BEGIN = 'Call me Ishmael.';

export interface DemoTensors {
  /** The text that the rows of X stand before, one character a row. */
  readonly passage: string;
  readonly x: Uint16Array;
  readonly w: Uint16Array;
  readonly y: Uint16Array;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** Mean cross-entropy of the passage, in nats, by these very logits; before training it is ln 512 = 6.238. */
  readonly passageLoss: number;
}

/**
 * Trains and evaluates; the same bits on every machine. **Cost** about 5 seconds on one core.
 * @param onStep the mean cross-entropy of each step's batch, in nats
 */
export function demoTensors(onStep?: (step: number, loss: number) => void): DemoTensors {
  const text = mobyDick();
  const corpus = readCorpus(text);
  const begin = text.indexOf(PASSAGE_BEGIN);
  const held = [begin - CONTEXT, begin + PASSAGE_ROWS + 1] as const;
  const model = trainCharacterModel(corpus, { ...DEMO_TRAINING, held, ...(onStep && { onStep }) });
  const shape = { rows: PASSAGE_ROWS, columns: CLASSES, inner: INNER };
  const x = embedPassage(model, begin, PASSAGE_ROWS);
  const y = linearLayer({ x, w: model.weights, ...shape });
  const passage = text.slice(begin, begin + PASSAGE_ROWS);
  return { passage, x, w: model.weights, y, ...shape, passageLoss: crossEntropy(corpus, begin, y) };
}
