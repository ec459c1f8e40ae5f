/** Cases of reductions, the same in every run, and the C program that computes them with the host's floating point. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drawWord, randomOf } from '../support/fp32.ts';

/** What C's operators have; `max` and `maxm` are functions of their own there. */
export const SUMS = [
  'sum.sequential',
  'sum.pairwise',
  'sum.warp',
  'squares.sequential',
  'squares.warp',
  'squares.pairwise',
] as const;

export interface ReductionCase {
  readonly reduction: (typeof SUMS)[number];
  readonly acc: number;
  readonly words: Uint32Array;
}

const LENGTHS = [0, 1, 2, 3, 7, 8, 9, 31, 32, 33, 63, 64, 65, 100, 127, 255, 300];

/** `count` cases of each reduction: numbers of like size, then any words, then near the ends of the range. */
export function reductionCases(seed: number, count: number): ReductionCase[] {
  const random = randomOf(seed);
  const sign = (): number => random.below(2) * 2 ** 31;
  const draws = [
    () => sign() + (120 + random.below(12)) * 2 ** 23 + random.below(2 ** 23),
    () => sign() + (125 + random.below(3)) * 2 ** 23 + (random.below(2 ** 10) << 13),
    () => drawWord(random),
    () => sign() + (50 + random.below(30)) * 2 ** 23 + random.below(2 ** 23),
    () => sign() + random.below(3) * 2 ** 23 + random.below(2 ** 23),
    () =>
      random.below(40) === 0 ? drawWord(random) : sign() + (180 + random.below(74)) * 2 ** 23 + random.below(2 ** 23),
  ];
  return SUMS.flatMap((reduction) =>
    Array.from({ length: count }, (_, i): ReductionCase => {
      const draw = draws[i % draws.length]!;
      const length = i < LENGTHS.length ? LENGTHS[i]! : random.below(400);
      return { reduction, acc: i % 3 === 0 ? 0 : draw(), words: Uint32Array.from({ length }, draw) };
    }),
  );
}

/** [word, flags] of each case; undefined without a C compiler. */
export function reduceInC(cases: readonly ReductionCase[]): (readonly [number, number])[] | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'ulp-reduce-'));
  try {
    const program = join(folder, 'fp32-reduce');
    const source = join(import.meta.dirname, 'fp32-reduce.c');
    try {
      execFileSync('cc', ['-O1', '-ffp-contract=off', '-frounding-math', '-o', program, source, '-lm'], {
        stdio: 'pipe',
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const lines = cases.map(({ reduction, acc, words }) =>
      [reduction, acc.toString(16), ...Array.from(words, (w) => w.toString(16)), ';'].join(' '),
    );
    const output = execFileSync(program, { input: `${lines.join('\n')}\n`, maxBuffer: 2 ** 28 }).toString();
    return output
      .trim()
      .split('\n')
      .map((line) => line.split(' ').map((field) => Number.parseInt(field, 16)) as [number, number]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
