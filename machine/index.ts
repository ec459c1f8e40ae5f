/** Public entry of `ulpvm/machine`: the machine as a relation, proving and verifying runs of programs, and their cost. */

// Everything that is wrong with an execution, by constraint, row and source line, without a proof.
export { checkExecution, explainFinding, type Finding } from './check.ts';
// Rows, cells, seconds and memory of a run before it is proven.
export { type ChipCost, costOf, type RoutineCost, type RunCost } from './cost.ts';
// Composing a machine of chips, fixed tables and instructions.
export { defineMachine, type Extension, type Machine, type MachineChip } from './machine.ts';
// Proving and verifying.
export {
  committedCells,
  type ProvenProgram,
  type ProveProgramOptions,
  type PublicValues,
  proveProgram,
  verifyingKey,
  verifyProgram,
} from './prove.ts';
// The machine of this project.
export { EXTENSIONS, ulpMachine } from './relation.ts';
// The statement of a run.
export { type Claim, statementBytes, statementDigest, statementOf } from './statement.ts';
// A machine with fixed tables of a user's.
export { withFixedRoots } from './with-fixed-roots.ts';
// From an execution to the tables of its proof.
export { claimOf, rowsInUse, witnessOf } from './witness.ts';
