import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { escapeProbability, REPORTED_FRACTIONS } from '../../protocol/sampling.ts';
import { percentText, probabilityText } from '../format.ts';

const SAMPLES = [16, 64, 256, 1024, 4605];

test('the table of docs/sampling.md is what the protocol computes', () => {
  const cells = (samples: number): string[] =>
    REPORTED_FRACTIONS.map((fraction) => {
      const probability = escapeProbability(fraction, samples);
      return probability < 1e-100 ? '< 1e-100' : probabilityText(probability);
    });
  const table = [
    `| k | ${REPORTED_FRACTIONS.map((fraction) => `f = ${percentText(fraction)}`).join(' | ')} |`,
    `|---:${'|---:'.repeat(REPORTED_FRACTIONS.length)}|`,
    ...SAMPLES.map((samples) => `| ${samples} | ${cells(samples).join(' | ')} |`),
  ].join('\n');
  expect(readFileSync(new URL('../../docs/sampling.md', import.meta.url), 'utf8')).toContain(table);
});
