/** Poseidon2 for tests: the definition, slow and plain, and forgeries of the rounds of `permutation.ts`. */

import {
  DIAGONAL,
  FINAL_CONSTANTS,
  INITIAL_CONSTANTS,
  PARTIAL_CONSTANTS,
  WIDTH,
} from '../../precompiles/poseidon2/constants.ts';
import type { Air, Constraint } from '../../stark/air/air.ts';
import { evaluateAt, type Rows } from '../../stark/air/check.ts';
import type { Expr } from '../../stark/air/expr.ts';
import { add, type Felt, ONE, P, sub } from '../../stark/field/koala-bear.ts';
import type { Forgery } from './forgery.ts';

/** The paper's definition (ePrint 2023/323, section 6) over bigint, with dense matrices. */
export function permuteReference(input: readonly number[]): number[] {
  const p = BigInt(P);
  const mod = (x: bigint): bigint => ((x % p) + p) % p;
  const power = (x: bigint, e: bigint): bigint => (e === 0n ? 1n : mod(x * power(x, e - 1n)));
  const inverseOfTwo = (p + 1n) / 2n;
  const m4 = [
    [2, 3, 1, 1],
    [1, 2, 3, 1],
    [1, 1, 2, 3],
    [3, 1, 1, 2],
  ];
  const external = (s: bigint[]): bigint[] =>
    s.map((_, i) => mod(s.reduce((t, x, j) => t + BigInt(m4[i % 4]![j % 4]! * (i >> 2 === j >> 2 ? 2 : 1)) * x, 0n)));
  const internal = (s: bigint[]): bigint[] =>
    s.map((x, i) =>
      mod(s.reduce((t, y) => t + y, 0n) + BigInt(DIAGONAL[i]![0]) * power(inverseOfTwo, BigInt(DIAGONAL[i]![1])) * x),
    );
  const full = (s: bigint[], constants: Uint32Array, round: number): bigint[] =>
    external(s.map((x, i) => power(x + BigInt(constants[round * WIDTH + i]!), 3n)));
  let s = external(input.map(BigInt));
  for (let round = 0; round < 4; round++) s = full(s, INITIAL_CONSTANTS, round);
  for (const constant of PARTIAL_CONSTANTS) s = internal([power(s[0]! + BigInt(constant), 3n), ...s.slice(1)]);
  for (let round = 0; round < 4; round++) s = full(s, FINAL_CONSTANTS, round);
  return s.map(Number);
}

/** The constraints of rounds, in the order of the cells that they determine. */
const rounds = (air: Air): Constraint[] =>
  air.constraints.filter((c) => / round \d+ (gives element \d+|cubes element 0)$/.test(c.name));

/**
 * A row whose cells of permutations follow from the rest of it. `first` is the first of these cells, which are
 * contiguous. With `tampered`, cells up to that one stay, that one is one more, and those after it follow.
 */
export function followRounds(air: Air, row: readonly number[], first: string, tampered?: number): number[] {
  const offset = air.main.findIndex((c) => c.name === first);
  const changed = [...row];
  if (tampered !== undefined) changed[offset + tampered] = add(changed[offset + tampered] as Felt, ONE);
  // Each constraint is its cell minus a function of cells before it: what is remembered of those stays true.
  const memo = new Map<Expr, Felt>();
  rounds(air).forEach(({ expr }, cell) => {
    if (tampered !== undefined && cell <= tampered) return;
    const at = offset + cell;
    changed[at] = sub(changed[at] as Felt, evaluateAt(expr, { main: [changed] }, 0, memo));
    if (expr.node.op === 'sub') memo.set(expr.node.left, changed[at] as Felt);
  });
  return changed;
}

/** For every cell of a permutation in row 0: it is one more, and the rest of the row follows. */
export const roundForgeries = (air: Air, honest: Rows, first: string): Forgery[] =>
  rounds(air).map(({ name }, cell) => ({
    claim: `${name}, plus one`,
    honest,
    forged: { ...honest, main: honest.main.with(0, followRounds(air, honest.main[0]!, first, cell)) },
    rejectedBy: [name],
  }));
