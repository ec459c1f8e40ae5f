import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, readText } from './markdown.ts';

const text = readText('docs/soundness.md');
const section = text.slice(text.indexOf('## 8.'));
/** `F` is `test/stark-forgeries.test.ts`: the letters of the tables. */
const files = new Map(
  [...section.matchAll(/`([A-Z])`(?: is)? `([^`]+\.ts)`/g)].map(([, letter, file]) => [letter!, file!]),
);
/** Typographic and plain apostrophes are one. */
const plain = (words: string): string => words.replaceAll('’', "'").replaceAll("\\'", "'");
const named = [...section.matchAll(/(?:\b([A-Z])|`([^`]+\.ts)`) "([^"]+)"/g)].map(([, letter, path, name]) => {
  return { file: path ?? files.get(letter!)!, name: name! };
});

test('section 8 names tests', () => {
  expect(files.size).toBe(8);
  expect(named.length).toBeGreaterThan(50);
});

test.each(named)('$file has "$name"', ({ file, name }) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
  const source = plain(readText(file));
  // '...' stands for words left out, or for a placeholder of a table of cases.
  for (const part of plain(name).split('...')) {
    const words = part.replace(/2\^$/, '').trim();
    expect(source).toContain(words);
  }
});
