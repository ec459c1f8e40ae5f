import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import regression from './character-model.regression.json' with { type: 'json' };
import { crossEntropy, embedPassage, trainCharacterModel } from './character-model.ts';
import { CLASSES, CONTEXT, EMBEDDING, INNER, mobyDick, readCorpus } from './corpus.ts';
import { linearLayer } from './linear.ts';

const text = mobyDick();
const corpus = readCorpus(text);
const begin = text.indexOf('Call me Ishmael');
const held = [begin - CONTEXT, begin + 257] as const;
const digest = (patterns: Uint16Array): string =>
  createHash('sha256').update(Buffer.from(patterns.buffer)).digest('hex');

describe('the character-level model', () => {
  it('reads Moby Dick: 83 characters, 512 classes of pairs that cover it', () => {
    expect(text.slice(begin, begin + 16)).toBe('Call me Ishmael.');
    expect(corpus.alphabet.length).toBe(83);
    expect(corpus.pairs.slice(0, 3)).toEqual(['e ', ' t', 'th']);
    const other = corpus.classes.filter((c) => c === CLASSES - 1).length / corpus.classes.length;
    expect(other).toBeGreaterThan(0);
    expect(other).toBeLessThan(0.03);
    for (const i of [0, begin, 500_000]) {
      expect(corpus.alphabet[corpus.characters[i]!]).toBe(text[i]);
      expect(['', text.slice(i, i + 2)]).toContain(corpus.pairs[corpus.classes[i]!]);
    }
  });

  it('embeds a passage: row r is the 8 characters before position begin + r', () => {
    const model = {
      corpus,
      embedding: Uint16Array.from({ length: 83 * EMBEDDING }, (_, i) => i),
      weights: new Uint16Array(),
    };
    const x = embedPassage(model, begin, 2);
    expect(x.length).toBe(2 * INNER);
    for (const [r, p] of [
      [0, 0],
      [0, 7],
      [1, 3],
    ] as const) {
      const character = corpus.characters[begin + r - CONTEXT + p]!;
      expect(x[r * INNER + p * EMBEDDING + 5]).toBe(character * EMBEDDING + 5);
    }
    expect(() => embedPassage(model, 3, 1)).toThrow('begin: expected 8 to');
  });

  it('learns, and its logits in BF16 predict a passage that it has not seen', { timeout: 60_000 }, () => {
    const losses: number[] = [];
    const options = { steps: 6, batch: 512, held, onStep: (_: number, loss: number) => losses.push(loss) };
    const model = trainCharacterModel(corpus, options);
    expect(losses[0]).toBeCloseTo(Math.log(512), 10);
    expect(losses[5]).toBeLessThan(5.4);
    const x = embedPassage(model, begin, 64);
    const y = linearLayer({ x, w: model.weights, rows: 64, columns: CLASSES, inner: INNER });
    expect(crossEntropy(corpus, begin, y)).toBeLessThan(5.4);
    expect({ embedding: digest(model.embedding), weights: digest(model.weights), y: digest(y) }).toEqual(regression);
  });

  it('does not look at the held passage', { timeout: 60_000 }, () => {
    const changed = { ...corpus, characters: corpus.characters.slice(), classes: corpus.classes.slice() };
    changed.characters.fill(0, held[0], held[1]);
    changed.classes.fill(0, held[0] - 1, held[1]);
    const options = { steps: 2, batch: 256, held: [held[0], held[1]] as const };
    expect(digest(trainCharacterModel(changed, options).weights)).toBe(
      digest(trainCharacterModel(corpus, options).weights),
    );
  });

  it('refuses a text that is too short or too varied', () => {
    expect(() => readCorpus('short')).toThrow('text: expected at least 4096 characters, got 5');
    const varied = String.fromCodePoint(...Array.from({ length: 5000 }, (_, i) => 1000 + i));
    expect(() => readCorpus(varied)).toThrow('text: expected at most 256 characters, got 5000');
  });
});
