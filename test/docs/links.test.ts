import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { anchors, links, ROOT, readText } from './markdown.ts';

const tracked = (...patterns: string[]): string[] =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns], { cwd: ROOT })
    .toString()
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(ROOT, file)));

const files = tracked('*.md');

test('there are documents', () => {
  expect(files).toContain('README.md');
});

test.each(files)('every relative link of %s leads to a file and a heading', (file) => {
  const broken = links(readText(file))
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path, anchor] = target.split('#') as [string, string?];
      const found = path === '' ? file : relative(ROOT, join(ROOT, dirname(file), decodeURIComponent(path)));
      if (!existsSync(join(ROOT, found))) return true;
      return anchor !== undefined && found.endsWith('.md') && !anchors(readText(found)).has(anchor);
    });
  expect(broken).toEqual([]);
});

/** Paths in code spans, like `stark/security.ts`: what stands in a top-level folder and has an ending. */
test.each(files.filter((file) => !file.startsWith('docs/decisions/')))('every source that %s names exists', (file) => {
  const spans = [
    ...readText(file)
      .replace(/^```[\s\S]*?^```$/gm, '')
      .matchAll(
        /`((?:asm|vm|precompiles|machine|stark|guests|model|protocol|cli|test|bench|docs|scripts)\/[\w./-]+\.(?:ts|mjs|md|s))`/g,
      ),
  ];
  expect(spans.map(([, path]) => path!).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});

test('comments cite only documents that exist', () => {
  const sources = tracked('*.ts', '*.mjs', '*.s').flatMap((file) =>
    [...readText(file).matchAll(/[\w./-]+\.md\b/g)].map(([cited]) => [file, cited] as const),
  );
  const exists = (file: string, cited: string): boolean =>
    ['', dirname(file), 'docs'].some((folder) => existsSync(join(ROOT, folder, cited)));
  expect(sources.filter(([file]) => !file.startsWith('test/')).filter(([file, cited]) => !exists(file, cited))).toEqual(
    [],
  );
});
