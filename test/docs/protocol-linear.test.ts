import { expect, test } from 'vitest';
import { protocolLinearDocument } from './protocol-linear.ts';

test('docs/protocol-linear.md has the numbers of the sources', async () => {
  await expect(protocolLinearDocument()).toMatchFileSnapshot('../../docs/protocol-linear.md');
});
