import { expect, test } from 'vitest';
import { EXTENSIONS } from '../../machine/relation.ts';
import { isaDocument } from './isa.ts';

test('docs/isa.md is what the instruction table says', async () => {
  await expect(isaDocument(EXTENSIONS)).toMatchFileSnapshot('../../docs/isa.md');
});
