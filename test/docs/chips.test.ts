import { expect, test } from 'vitest';
import { ulpMachine } from '../../machine/relation.ts';
import { chipsDocument } from './chips.ts';

test('docs/chips.md is what the airs of the machine say', async () => {
  await expect(chipsDocument(ulpMachine())).toMatchFileSnapshot('../../docs/chips.md');
});
