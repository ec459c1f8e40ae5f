import { expect, test } from 'vitest';
import { fixedRoots } from '../stark/prover/fixed.ts';
import { FIXED_ROOTS } from './fixed-roots.ts';
import { ulpMachine } from './relation.ts';

test('the stored roots are those of the fixed tables (else: npm run build && node scripts/fixed-roots.mjs)', async () => {
  expect(await fixedRoots(ulpMachine().relation)).toEqual(FIXED_ROOTS);
});
