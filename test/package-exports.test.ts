import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { consumed } from './support/consumer.ts';

const ROOT = join(import.meta.dirname, '..');
const entries = Object.entries(manifest.exports);

describe('every entry of the package', () => {
  test.each(entries)('%s is built from a source that says what it is', (name, { types, default: code }) => {
    expect([types, code]).toEqual([`./dist/${name.slice(2)}/index.d.ts`, `./dist/${name.slice(2)}/index.js`]);
    expect(existsSync(join(ROOT, name, 'index.ts'))).toBe(true);
  });

  test.each(entries)('%s can be imported', async (name) => {
    const exported = await import(/* @vite-ignore */ `ulpvm/${name.slice(2)}`);
    expect(Object.keys(exported).length).toBeGreaterThan(0);
  });
});

test('a program that uses all entries together compiles and runs', () => {
  expect(consumed).toEqual({
    trap: 'assertion-failed',
    findings: [],
    routines: ['_start'],
    rootFelts: 9,
    keyDigits: 64,
    bits: 101,
  });
});

test('the packed package has everything a user needs and nothing of the tests', { timeout: 60_000 }, () => {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, stdio: 'pipe' });
  const [{ files }] = JSON.parse(output.toString()) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  // `npm ci` builds dist; after a change of the sources, `npm run build` does.
  const built = entries.flatMap(([, { types, default: code }]) => [types.slice(2), code.slice(2)]);
  const needed = [
    ...built,
    'dist/cli/main.js',
    'dist/stark/kernels/kernels.wasm',
    'dist/stark/kernels/worker.mjs',
    'dist/loader/hooks.mjs',
    'guests/linear.s',
    'guests/lib/crt0.s',
    'docs/soundness.md',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
  ];
  expect(needed.filter((path) => !paths.includes(path))).toEqual([]);
  expect(paths.filter((path) => /\.test\.|\.fixture\.|node_modules|^test\//.test(path))).toEqual([]);
});
