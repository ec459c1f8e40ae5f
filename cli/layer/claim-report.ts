/** A claim with its challenge, for people and for programs. */
import { countText } from '../format.ts';
import type { ChallengedClaim } from './linear.ts';
import { rootText } from './verify.ts';

export function claimLines({ statement, mode }: ChallengedClaim): string[] {
  const { rows, columns, inner, samples, tile, rootX, rootW, rootY, rootBias } = statement;
  const roots = { X: rootX, W: rootW, Y: rootY, ...(rootBias && { bias: rootBias }) };
  const whose = mode === 'fiat-shamir' ? 'the hash of the statement' : "the verifier's";
  return [
    `Y = X W^T${rootBias ? ' + bias' : ''}, X ${rows} x ${inner}, W ${columns} x ${inner}, Y ${rows} x ${columns}`,
    ...Object.entries(roots).map(([name, root]) => `  root ${name.padEnd(10)} ${rootText(root)}`),
    `  seed            ${rootText(statement.seed)} (${whose})`,
    `  samples         ${countText(samples)}${tile === 1 ? '' : `, tiles of ${tile} x ${tile}`}`,
  ];
}

/** Members have the names that they have in a record (`protocol/record.ts`); with tiles of 1 x 1, samples are entries. */
export function claimFacts({ statement, mode }: ChallengedClaim): Readonly<Record<string, unknown>> {
  const { model, rows, columns, inner, samples, tile, rootX, rootW, rootY, rootBias, seed } = statement;
  const roots = { x: rootX, w: rootW, y: rootY, ...(rootBias && { bias: rootBias }) };
  return {
    ...{ model, shape: { rows, columns, inner }, samples, tile },
    roots: Object.fromEntries(Object.entries(roots).map(([name, root]) => [name, rootText(root)])),
    challenge: { mode, seed: rootText(seed) },
  };
}
