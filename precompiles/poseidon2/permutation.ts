/**
 * The Poseidon2 permutation as constraints, in one row: 200 columns, degree 3. Every chip that permutes uses it.
 *
 * Assumes  `active` is a bit; where it is 1, the inputs are what the caller means.
 * Ensures  where `active` is 1, the returned expressions are elements 15..23 of the permutation of the inputs.
 * Proof    every S-box is the cube of an expression that is linear in the cells before it, and a cell holds the state
 *          (or in a partial round the cube) that follows from it, so the cells are determined one after another. The
 *          other elements of the output are not computed: no caller uses them.
 * Padding  constants are multiplied by `active`: with inputs of zero, the all-zero cells satisfy every constraint.
 */
import { type AirBuilder, array, type Declaration, given } from '../../stark/air/air.ts';
import { type Expr, expr, type Operand, sum } from '../../stark/air/expr.ts';
import { inverse, mul, P, pow, reduce } from '../../stark/field/koala-bear.ts';
import {
  DIAGONAL,
  DIGEST_FELTS,
  DIGEST_LANE,
  FINAL_CONSTANTS,
  HALF_FULL_ROUNDS,
  INITIAL_CONSTANTS,
  PARTIAL_CONSTANTS,
  PARTIAL_ROUNDS,
  WIDTH,
} from './constants.ts';

const INITIAL = HALF_FULL_ROUNDS * WIDTH;
const FINAL = (HALF_FULL_ROUNDS - 1) * WIDTH;

/** The columns of one permutation, contiguous in the order in which `permute` of `semantics.ts` records them. */
export type PermutationColumns<N extends string> = {
  readonly [K in `${N}Initial` | `${N}Partial` | `${N}Final` | `${N}Digest`]: Declaration<number>;
};

export function permutationColumns<const N extends string>(name: N): PermutationColumns<N> {
  const cell = (doc: string): Declaration<undefined> => given('determined by the rounds', doc);
  const columns: Record<`${string}${'Initial' | 'Partial' | 'Final' | 'Digest'}`, Declaration<number>> = {
    [`${name}Initial`]: array<number>(INITIAL, cell('the state after a full round before the partial ones')),
    [`${name}Partial`]: array<number>(PARTIAL_ROUNDS, cell('the cube of a partial round')),
    [`${name}Final`]: array<number>(FINAL, cell('the state after a full round after the partial ones')),
    [`${name}Digest`]: array<number>(DIGEST_FELTS, cell('elements 15..23 of the output')),
  };
  return columns as PermutationColumns<N>;
}

/**
 * States that the columns of `name` are the permutation of the inputs and returns elements 15..23 of the output.
 * @param inputs 24 expressions of degree 1, zero where `active` is.
 */
export function permutation<N extends string>(
  builder: Pick<AirBuilder<never>, 'assertZero'>,
  cells: { readonly [K in keyof PermutationColumns<N>]: readonly Expr[] },
  name: N,
  inputs: readonly Operand[],
  active: Expr,
): readonly Expr[] {
  const initial = cells[`${name}Initial`];
  const partial = cells[`${name}Partial`];
  const final = [...cells[`${name}Final`], ...new Array<undefined>(DIGEST_LANE), ...cells[`${name}Digest`]];
  const cube = (x: Expr, constant: number): Expr => {
    const y = x.plus(active.times(constant));
    return y.times(y).times(y);
  };
  /** Constrains the cells that there are of the state after a full round, and returns them. */
  const fullRound = (
    label: string,
    state: readonly Expr[],
    constants: Uint32Array,
    round: number,
    after: typeof final,
  ) => {
    const mixed = externalLayer(state.map((x, i) => cube(x, constants[round * WIDTH + i]!)));
    return mixed.flatMap((value, i) => {
      const cell = after[round * WIDTH + i];
      if (cell === undefined) return [];
      builder.assertZero(`${name}: ${label} full round ${round} gives element ${i}`, cell.minus(value));
      return [cell];
    });
  };

  let state: readonly Expr[] = externalLayer(inputs.map(expr));
  for (let round = 0; round < HALF_FULL_ROUNDS; round++) {
    state = fullRound('initial', state, INITIAL_CONSTANTS, round, [...initial]);
  }
  for (let round = 0; round < PARTIAL_ROUNDS; round++) {
    const cell = partial[round]!;
    builder.assertZero(
      `${name}: partial round ${round} cubes element 0`,
      cell.minus(cube(state[0]!, PARTIAL_CONSTANTS[round]!)),
    );
    state = internalLayer([cell, ...state.slice(1)]);
  }
  for (let round = 0; round < HALF_FULL_ROUNDS; round++) {
    state = fullRound('final', state, FINAL_CONSTANTS, round, final);
  }
  return state;
}

/** circ(2M, M, ..., M) for the 4 x 4 matrix M = circ(2, 3, 1, 1). */
function externalLayer(x: readonly Expr[]): Expr[] {
  const mixed: Expr[] = [];
  for (let i = 0; i < WIDTH; i += 4) {
    const [a, b, c, d] = [x[i]!, x[i + 1]!, x[i + 2]!, x[i + 3]!];
    const [ab, cd] = [a.plus(b), c.plus(d)];
    const all = ab.plus(cd);
    const [allB, allD] = [all.plus(b), all.plus(d)];
    mixed.push(allB.plus(ab), allB.plus(c.times(2)), allD.plus(cd), allD.plus(a.times(2)));
  }
  const sums = [0, 1, 2, 3].map((k) => sum(mixed.filter((_, i) => i % 4 === k)));
  return mixed.map((value, i) => value.plus(sums[i % 4]!));
}

/** (all ones) + diag(v). */
function internalLayer(x: readonly Expr[]): Expr[] {
  const total = sum(x);
  return x.map((value, i) => total.plus(value.times(DIAGONAL_FELTS[i]!)));
}

const DIAGONAL_FELTS = DIAGONAL.map(([numerator, k]) => mul(reduce(numerator + P), inverse(pow(reduce(2), k))));
