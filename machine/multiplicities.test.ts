/**
 * That no count wraps modulo p rests on consumers counting every tuple at most a few times a row: the shape bounds rows
 * times interactions. So a multiplicity is 1, a bit, a selector the verifier knows, or the count of a table that answers;
 * every other one stands here with the air's reason, and a new one has to be looked at.
 */
import { expect, test } from 'vitest';
import type { Expr } from '../stark/air/expr.ts';
import { programOf } from '../test/support/program.ts';
import { programProvider } from '../vm/chips/program/known.ts';
import { providersOf } from './machine.ts';
import { ulpMachine } from './relation.ts';

const text = ({ node }: Expr): string => {
  if (node.op === 'constant') return `${node.value}`;
  if (node.op === 'column') return node.column.domain === 'bit' ? node.column.name : `${node.column.name}?`;
  return `(${text(node.left)} ${{ add: '+', sub: '-', mul: '*' }[node.op]} ${text(node.right)})`;
};

test('every multiplicity is a bit, or argued to be one', () => {
  const machine = ulpMachine();
  const program = programProvider(programOf([0]));
  const others = new Set<string>();
  for (const [name, chip] of machine.chips) {
    const counts = new Set(
      [...providersOf(chip), ...(name === 'program' ? [program] : [])].flatMap((p) => p.multiplicities),
    );
    for (const { multiplicity } of chip.air.interactions) {
      const { node } = multiplicity;
      const isCount = node.op === 'column' && (counts.has(node.column.name) || node.column.kind === 'known');
      const isBit = node.op === 'column' ? node.column.domain === 'bit' : node.op === 'constant' && node.value === 1;
      if (!isCount && !isBit) others.add(`${name}: ${text(multiplicity)}`);
    }
  }
  expect([...others]).toMatchInlineSnapshot(`
    [
      "memory: isAnchor?",
      "bf16-dot-call: (isReal - isEmpty?)",
      "bf16-dot-ampere: (isReal - isWhole)",
      "bf16-dot-fma: (isReal - firstIsZero?)",
      "bf16-dot-fma: (isReal - secondIsZero?)",
      "bf16-dot-amx: (isReal - firstIsZero?)",
      "bf16-dot-amx: (isReal - secondIsZero?)",
      "bf16-dot-amx-tile: (isReal - chainsIsZero?)",
      "bf16-dot-amx-tile: (isReal - totalIsZero?)",
      "fp32-add: (isReal - isZero?)",
      "fp32-special: (((isMul + isDiv) + isSqrt) + isFma)",
      "fp32-special: (aQuiet + aSignaling)",
      "fp32-special: (bQuiet + bSignaling)",
      "fp32-special: (cQuiet + cSignaling)",
      "fp32-fma: (isReal - isZero?)",
      "fp32-function-special: (isLog + isRsqrt)",
      "fp32-function-special: (isQuiet + isSignaling)",
      "fp32-exp2: (isReal - isWhole?)",
      "fp32-exp-special: (((isZero + isSmall) + isLarge) + ((isInfinite + isQuiet) + isSignaling))",
      "fp32-exp-special: (isZero + isSmall)",
      "fp32-exp-special: (isQuiet + isSignaling)",
      "fp32-log: (isReal - isSubnormal)",
      "fp32-log: (isReal - isNegative)",
      "fp32-normalise: (isReal - isSmall)",
      "fp32-rsqrt: (isReal - isSmall)",
      "fp32-reduce-call: (((isSum + isSquares) + isMax) + isMaxm)",
      "fp32-reduce-call: (isWarpSum + isWarpSquares)",
      "fp32-reduce-call: (isPairwise + isPairwiseSquares)",
      "fp32-reduce-call: (((isWarpSum + isWarpSquares) + (isPairwise + isPairwiseSquares)) - isEmpty?)",
      "fp32-fold-sequential-sum: (take[0] * (1 - isRam?))",
      "fp32-fold-sequential-sum: (take[0] * isRam?)",
      "fp32-fold-sequential-squares: (take[0] * (1 - isRam?))",
      "fp32-fold-sequential-squares: (take[0] * isRam?)",
      "fp32-fold-sequential-max: (take[0] * (1 - isRam?))",
      "fp32-fold-sequential-max: (take[0] * isRam?)",
      "fp32-fold-sequential-maxm: (take[0] * (1 - isRam?))",
      "fp32-fold-sequential-maxm: (take[0] * isRam?)",
      "fp32-fold-warp-sum: (take[0] * (1 - isRam?))",
      "fp32-fold-warp-sum: (take[0] * isRam?)",
      "fp32-fold-warp-sum: (take[8] * (1 - isRam?))",
      "fp32-fold-warp-sum: (take[8] * isRam?)",
      "fp32-fold-warp-sum: (take[16] * (1 - isRam?))",
      "fp32-fold-warp-sum: (take[16] * isRam?)",
      "fp32-fold-warp-sum: (take[24] * (1 - isRam?))",
      "fp32-fold-warp-sum: (take[24] * isRam?)",
      "fp32-fold-warp-squares: (take[0] * (1 - isRam?))",
      "fp32-fold-warp-squares: (take[0] * isRam?)",
      "fp32-fold-warp-squares: (take[8] * (1 - isRam?))",
      "fp32-fold-warp-squares: (take[8] * isRam?)",
      "fp32-fold-warp-squares: (take[16] * (1 - isRam?))",
      "fp32-fold-warp-squares: (take[16] * isRam?)",
      "fp32-fold-warp-squares: (take[24] * (1 - isRam?))",
      "fp32-fold-warp-squares: (take[24] * isRam?)",
      "fp32-tree: ((fromHint + fromRam) + (hintSquares + ramSquares))",
      "fp32-tree: (hintSquares + ramSquares)",
      "fp32-tree: (take[0] * fromHint)",
      "fp32-tree: (take[0] * fromRam)",
      "fp32-tree: (take[8] * fromHint)",
      "fp32-tree: (take[8] * fromRam)",
      "fp32-tree: (take[16] * fromHint)",
      "fp32-tree: (take[16] * fromRam)",
      "fp32-tree: (take[24] * fromHint)",
      "fp32-tree: (take[24] * fromRam)",
      "fp32-tree-node: (isSum + isPassed)",
      "int-to-fp32: (isReal - isZero?)",
      "sha256-schedule: (((part[0] + part[1]) + part[2]) + part[3])",
      "sha256-rounds: end?",
    ]
  `);
});
