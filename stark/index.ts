/** Public entry of `ulpvm/stark`: the constraint language, the prover and the verifier. `docs/stark-tutorial.md` uses it. */

// Columns, constraints and interactions of a table.
export {
  type Air,
  type AirBuilder,
  array,
  below,
  bit,
  type Constraint,
  type Declaration,
  defineAir,
  fixed,
  given,
  type Interaction,
  known,
  MAX_DEGREE,
  type Provider,
  type RowValues,
  type Tuple,
  tupleOf,
  u16,
  type Where,
} from './air/air.ts';
// Buses between tables.
export { type Bus, defineBus, RANGE_BUS } from './air/bus.ts';
// Which constraints a trace violates, without a proof.
export { messageAt, type Rows, type Violation, violations } from './air/check.ts';
// Polynomials over the columns of a table.
export { type Column, type ColumnKind, compose, Expr, expr, type Operand, sum } from './air/expr.ts';
// The base field, canonical residues.
export { add, type Felt, felt, inverse, mul, neg, P, pow, reduce, sub } from './field/koala-bear.ts';
// The kernels' memory and workers, to be closed at the end.
export { type Backend, type BackendOptions, createBackend } from './kernels/backend.ts';
export { MemoryLimitError } from './kernels/memory.ts';
// Parameter sets: 100 and 128 provable bits.
export { FAST, MIN_LOG_HEIGHT, numBlindingRows, PARAMETER_SETS, type Parameters, STRONG } from './parameters.ts';
// Roots of a relation's fixed tables, computed once and then part of the relation.
export { fixedRoots } from './prover/fixed.ts';
// The prover.
export { type Phase, type ProveOptions, prove, ShapeError, UnsatisfiedError } from './prover/prove.ts';
export type { Randomness } from './prover/randomness.ts';
export { logHeightFor, type MainTable, type Witness } from './prover/witness.ts';
// What is proven: tables and buses, and one instance of them.
export {
  type FixedTable,
  type HeightLimit,
  type KnownTable,
  type PublicTerm,
  type Relation,
  relationDigest,
  type Statement,
} from './relation.ts';
// Provable bits of a shape.
export { type Round, type Security, type SecurityShape, securityOf } from './security.ts';
export type { Shape } from './shape.ts';
// The verifier: a verdict for any bytes, never an exception.
export { explain, type Rejection, type Verdict } from './verifier/verdict.ts';
export { verify } from './verifier/verify.ts';
