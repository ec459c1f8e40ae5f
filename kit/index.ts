/** Public entry of `ulpvm/kit`: what the test of a chip of one's own is made of. Needs no test framework. */

// The forgeries that every instruction has: another time, another register, another age.
export { type AddressQuery, addressForgeries } from './address-forgeries.ts';
// What several tables leave on a bus.
export { imbalance } from './balance.ts';
// The check of a chip: events, padding, domains, forgeries, deletion, determinism.
export { type CheckPart, type ChipForgeries, checkChip } from './chip-check.ts';
// What joins the machine by `ulp.config.ts`.
export { defineConfig, type UserExtension } from './config.ts';
// A second witness: other outputs for the same inputs.
export { allWitnesses, type DeterminismQuery, findSecondWitness } from './determinism.ts';
// False claims and what rejects them.
export {
  cells,
  domainForgeries,
  type Forgery,
  type ForgeryJudgement,
  type ForgeryOptions,
  judgeForgeries,
  messages,
  objections,
  objectors,
  type TableOracle,
  type Tables,
  withCells,
} from './forgery.ts';
export { type FrameQuery, frameForgeries, frameNeverAlone, swapOperands } from './frame-forgeries.ts';
// Honest events of whole instructions, against the state of the machine.
export { type HonestEvent, honestEvents, tableOracles } from './honest.ts';
export { rejectedAlone } from './mutation.ts';
// Reproducible draws.
export { type Random, seeded } from './random.ts';
// Honest rows: single instructions, executed and written to the trace by the chip's own code.
export { paddingRow, type Step, type Stepped, stepped, traceOf } from './step.ts';
// Look-ups and messages that could count other than once.
export { type DoubtfulWeight, doubtfulWeights } from './weights.ts';
export { type Wrap, wrapsOf } from './wraps.ts';
