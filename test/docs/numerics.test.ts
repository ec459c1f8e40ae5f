import { expect, test } from 'vitest';
import { dotBlock, HOPPER } from '../../precompiles/bf16-dot/semantics.ts';
import { roundToBf16 } from '../../precompiles/bf16-round/semantics.ts';
import { addFp32 } from '../../precompiles/fp32-add/semantics.ts';
import { ROUNDING, wordOf } from '../../precompiles/fp32-round/semantics.ts';
import { readText } from './markdown.ts';

const [, section] = readText('docs/numerics.md').split('## Examples');
const rows = [...section!.matchAll(/^\| (dot|add|bf16) ?(\w*) \| ([^|]+) \| (\w+) \|/gm)].map(
  ([, operation, mode, operands, result]) => [operation!, mode!, operands!, result!] as const,
);

const words = (text: string): number[] =>
  [...text.matchAll(/\b[0-9a-f]{4,8}\b/g)].map(([hex]) => Number.parseInt(hex, 16));

function evaluate(operation: string, mode: string, operands: string): number {
  const rm = ROUNDING[mode as keyof typeof ROUNDING];
  if (operation === 'add') {
    const [a, b] = words(operands) as [number, number];
    return wordOf(addFp32(rm, false, a, b));
  }
  if (operation === 'bf16') return wordOf(roundToBf16(rm, words(operands)[0]!));
  const [acc, a, b] = ['acc', 'a', 'b'].map((name) => words(new RegExp(`\\b${name} ([^,]+)`).exec(operands)![1]!));
  const block = (head: readonly number[]): Uint16Array => Uint16Array.from({ length: 16 }, (_, k) => head[k] ?? 0);
  return dotBlock(HOPPER, acc![0]!, block(a!), 0, block(b!), 0);
}

test('the page has its examples', () => {
  expect(rows.length).toBe(22);
});

test.each(rows)('%s %s of %s is %s', (operation, mode, operands, result) => {
  expect(evaluate(operation, mode, operands).toString(16).padStart(result.length, '0')).toBe(result);
});
