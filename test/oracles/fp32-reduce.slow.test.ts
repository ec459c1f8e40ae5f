/**
 * Reductions of binary32 against a C program, both the reference and what runs without recording: thousands of cases with
 * a random begin. `UPDATE=1` writes `fp32-reduce.vectors.json` anew.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { reduceFast } from '../../precompiles/fp32-reduce/fast.ts';
import { reduceFp32 } from '../../precompiles/fp32-reduce/semantics.ts';
import { flagsOf, wordOf } from '../../precompiles/fp32-round/semantics.ts';
import vectors from './fp32-reduce.vectors.json' with { type: 'json' };
import { reduceInC, reductionCases } from './reductions.ts';

const stored = reduceInC(reductionCases(vectors.seed, vectors.count));

test.skipIf(stored === undefined)('the stored results are those of the C program (skipped without cc)', () => {
  if (process.env['UPDATE'] === '1') {
    const text = JSON.stringify({
      ...vectors,
      results: stored!.map(([word, flags]) => `${word.toString(16)} ${flags}`),
    });
    writeFileSync(join(import.meta.dirname, 'fp32-reduce.vectors.json'), `${text}\n`);
  } else expect(stored!.map(([word, flags]) => `${word.toString(16)} ${flags}`)).toEqual(vectors.results);
});

test.skipIf(stored === undefined)(
  'many more are, too',
  () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
    const cases = reductionCases(seed, 3000);
    const expected = reduceInC(cases)!;
    const wrong = cases.flatMap(({ reduction, acc, words }, i) =>
      [reduceFp32, reduceFast].flatMap((reduce) => {
        const result = reduce(reduction, acc, words);
        const [word, flags] = expected[i]!;
        return wordOf(result) === word && flagsOf(result) === flags
          ? []
          : [
              `${reduce.name} ${reduction} case ${i}: ${word.toString(16)} ${flags}, got ${wordOf(result).toString(16)} ${flagsOf(result)}`,
            ];
      }),
    );
    expect(wrong.slice(0, 5), `SEED=${seed}`).toEqual([]);
  },
  600_000,
);
