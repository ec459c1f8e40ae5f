/** The examples of the documents are the sources in `examples/`: type-checked, run here, and equal to what is printed. */
import { describe, expect, test, vi } from 'vitest';
import { codeBlocks, readText } from './markdown.ts';

/** What the example prints, one entry a call of `console.log`. */
async function printed(load: () => Promise<unknown>): Promise<unknown[][]> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await load();
    return log.mock.calls;
  } finally {
    log.mockRestore();
  }
}

const example = (name: string): string => readText(`test/docs/examples/${name}`);
const accepted = { ok: true, bits: expect.any(Number), zeroKnowledge: true, parameters: 'fast' };

describe('README.md', () => {
  test('its TypeScript is the example', () => {
    expect(codeBlocks(readText('README.md'), 'ts')).toEqual([example('readme.ts')]);
  });

  test('the example prints what it says', async () => {
    const expected = [[[{ constraint: 'y is the square of x', row: 0, value: 1 }]]];
    expect(await printed(() => import('./examples/readme.ts'))).toEqual(expected);
  });
});

describe('docs/stark-tutorial.md', () => {
  test('its TypeScript is the example', () => {
    expect(codeBlocks(readText('docs/stark-tutorial.md'), 'ts')).toEqual([
      example('stark-tutorial.ts'),
      example('stark-checker.ts'),
    ]);
  });

  test('the true end of the chain is accepted, another one rejected', async () => {
    expect(await printed(() => import('./examples/stark-tutorial.ts'))).toEqual([
      [accepted],
      [{ ok: false, why: { code: 'bus-unbalanced' } }],
    ]);
  });

  test('the checker names the constraint that a false row breaks', async () => {
    expect(await printed(() => import('./examples/stark-checker.ts'))).toEqual([
      [[{ constraint: 'y is the cube of x', row: 0, value: 1 }]],
      [[]],
    ]);
  });
});

describe('docs/write-a-guest.md', () => {
  test('its program and its TypeScript are the examples', () => {
    const markdown = readText('docs/write-a-guest.md');
    expect(codeBlocks(markdown, 'asm')).toEqual([example('factors.s')]);
    expect(codeBlocks(markdown, 'ts')).toEqual([example('first-guest.ts')]);
  });

  test('wrong hints trap, true ones are proven, and the proof says nothing of another number', async () => {
    expect(await printed(() => import('./examples/first-guest.ts'))).toEqual([
      ['assertion-failed', expect.stringContaining('p q is not n'), { file: 'factors.s', line: 12 }],
      ['assertion-failed', expect.stringContaining('p q does not fit a word'), { file: 'factors.s', line: 10 }],
      [[]],
      [accepted],
      [{ ok: false, why: { code: expect.stringMatching(/^(bus-unbalanced|out-of-domain-mismatch)$/) } }],
    ]);
  });
});
