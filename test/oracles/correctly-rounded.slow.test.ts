/**
 * exp, exp2, log, rsqrt and tanh against MPFR: a stride of a million operands with a random begin and the surroundings
 * of all places where the cases change. `ALL=1` compares all 2^32 operands (hours, `scripts/check-functions.mjs`),
 * `UPDATE=1` writes `correctly-rounded.vectors.json` anew.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import vectors from './correctly-rounded.vectors.json' with { type: 'json' };
import { edgesOf, FUNCTION_NAMES, resultOf } from './functions.ts';
import { buildOracle } from './mpfr.ts';
import type { FunctionName } from './reference.ts';

const STRIDE = 4093; // odd: over 2^32 it meets all low bits
const COUNT = 2 ** 20;
const RADIUS = 20_000;
const CHUNK = 2 ** 24;
const DIGESTS = join(import.meta.dirname, 'correctly-rounded.digests.json');

const oracle = buildOracle();
const hex = (word: number): string => word.toString(16).padStart(8, '0');
const digestOf = (words: Uint32Array): string => createHash('sha256').update(words).digest('hex');

/** The first few operands on which the two differ. */
function differences(name: FunctionName, operands: readonly number[], expected: Uint32Array): string[] {
  const wrong: string[] = [];
  for (const [i, operand] of operands.entries()) {
    const found = resultOf(name, operand);
    if (found !== expected[i]) wrong.push(`${name} ${hex(operand)}: ${hex(expected[i]!)}, got ${hex(found)}`);
    if (wrong.length === 5) break;
  }
  return wrong;
}

test.skipIf(oracle === undefined).each(FUNCTION_NAMES)('%s is what MPFR gives (skipped without MPFR)', (name) => {
  const first = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
  const stride = Array.from({ length: COUNT }, (_, i) => (first + i * STRIDE) % 2 ** 32);
  expect(differences(name, stride, oracle!.along(name, first, STRIDE, COUNT)), `SEED=${first}`).toEqual([]);
  const edges = edgesOf(name, RADIUS);
  expect(differences(name, edges, oracle!.of(name, edges))).toEqual([]);
});

test.skipIf(!existsSync(DIGESTS)).each(FUNCTION_NAMES)('%s has the stored digests of three chunks of 2^24', (name) => {
  const stored: Record<string, string> = JSON.parse(readFileSync(DIGESTS, 'utf8'))[name] ?? {};
  const chunks = Object.keys(stored).map(Number);
  for (const chunk of [0, 1, 2].map((i) => chunks[Math.floor((i * chunks.length) / 3)]!).slice(0, chunks.length)) {
    const results = new Uint32Array(CHUNK);
    for (let i = 0; i < CHUNK; i++) results[i] = resultOf(name, chunk * CHUNK + i);
    expect(digestOf(results), `chunk ${chunk}`).toBe(stored[chunk]);
  }
});

test.runIf(process.env['ALL'] === '1')(
  'all 2^32 operands of every function give what MPFR gives',
  () => {
    const script = join(import.meta.dirname, '../../scripts/check-functions.mjs');
    execFileSync(process.execPath, [script], { stdio: 'inherit' });
  },
  24 * 3_600_000,
);

test.skipIf(oracle === undefined || process.env['UPDATE'] !== '1')('the stored results are written', () => {
  const hard = Object.entries(vectors.hard).map(([name, rows]) => {
    const operands = rows.map((row) => Number.parseInt(row, 16));
    const results = oracle!.of(name as FunctionName, operands);
    return [name, rows.map((row, i) => `${row.slice(0, 8)} ${hex(results[i]!)} ${row.slice(18)}`)];
  });
  const sample = Object.entries(vectors.sample).map(([name, { first, stride, count }]) => {
    const sha256 = digestOf(oracle!.along(name as FunctionName, first, stride, count));
    return [name, { first, stride, count, sha256 }];
  });
  const text = JSON.stringify(
    { ...vectors, hard: Object.fromEntries(hard), sample: Object.fromEntries(sample) },
    null,
    2,
  );
  writeFileSync(join(import.meta.dirname, 'correctly-rounded.vectors.json'), `${text}\n`);
});
