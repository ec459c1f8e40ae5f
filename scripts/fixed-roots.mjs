// Writes machine/fixed-roots.ts: the commitment roots of the machine's fixed tables. Run after a change of a fixed table
// (npm run build && node scripts/fixed-roots.mjs); machine/fixed-roots.test.ts compares.
import { writeFileSync } from 'node:fs';
import { ulpMachine } from '../dist/machine/relation.js';
import { fixedRoots } from '../dist/stark/prover/fixed.js';

const roots = await fixedRoots(ulpMachine().relation);
const key = (name) => (/^\w+$/.test(name) ? name : `'${name}'`);
const entries = Object.entries(roots).map(([name, root]) => `  ${key(name)}: '${root}',`);
writeFileSync(
  new URL('../machine/fixed-roots.ts', import.meta.url),
  `/** Commitment roots of the machine's fixed tables by parameter set: constants of the verifying key. */
export const FIXED_ROOTS: Readonly<Record<string, string>> = {
${entries.join('\n')}
};
`,
);
