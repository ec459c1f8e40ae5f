import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { assemble, renderAll } from './index.ts';

test('the program in the README assembles', () => {
  const text = readFileSync(new URL('./README.md', import.meta.url), 'utf8');
  const program = /```asm\n(.*?)```/s.exec(text)![1]!;
  const { elf, diagnostics } = assemble(
    { path: 'a.s', text: program },
    { table, read: (path) => ({ path, text: '' }) },
  );
  expect(renderAll(diagnostics)).toBe('');
  expect(elf).toBeDefined();
});
