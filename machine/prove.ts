/** Proving and verifying runs of programs: the machine's relation and the proof system put together. */
import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js';
import type { Backend } from '../stark/kernels/backend.ts';
import { createBackend } from '../stark/kernels/backend.ts';
import type { Parameters } from '../stark/parameters.ts';
import { prove } from '../stark/prover/prove.ts';
import { relationDigest } from '../stark/relation.ts';
import type { Shape } from '../stark/shape.ts';
import type { Verdict } from '../stark/verifier/verdict.ts';
import { verify } from '../stark/verifier/verify.ts';
import type { Program, ProgramInput } from '../vm/executor/program.ts';
import { run } from '../vm/executor/run.ts';
import type { Trap } from '../vm/executor/trap.ts';
import type { Machine } from './machine.ts';
import { type Claim, statementBytes, statementOf } from './statement.ts';
import { claimOf, rowsInUse, witnessOf } from './witness.ts';

export interface ProveProgramOptions {
  readonly parameters: Parameters;
  /** Default true. Without it the proof says that it hides nothing. */
  readonly zeroKnowledge?: boolean;
  /** Worker threads, default 2. */
  readonly threads?: number;
  /** Bytes of prover memory at most. */
  readonly maxMemory?: number;
  /** A backend to use instead of one made for this proof; `threads` and `maxMemory` are then its own. */
  readonly backend?: Backend;
  /** Called as the work goes on, `fraction` in [0, 1] within the phase. */
  readonly onPhase?: (phase: string, fraction: number) => void;
}

export interface ProvenProgram {
  readonly ok: true;
  readonly proof: Uint8Array;
  readonly publicOutput: Uint32Array;
  readonly exitCode: number;
  readonly cycles: number;
  /** Provable bits. */
  readonly bits: number;
  /** Committed cells, main and auxiliary, padding included. */
  readonly cells: number;
  readonly rowsByChip: ReadonlyMap<string, number>;
  /** By phase: execute, trace, commit, lookups, quotient, open, fri. */
  readonly elapsedMs: Readonly<Record<string, number>>;
  /** The most prover memory in use at one time. */
  readonly peakBytes: number;
}

/**
 * Runs a program and proves that it halted. A run that traps has no proof.
 * @throws {ShapeError} if the run is too long for the parameters; {MemoryLimitError} above `maxMemory`
 */
export async function proveProgram(
  machine: Machine,
  program: Program,
  input: ProgramInput,
  options: ProveProgramOptions,
): Promise<ProvenProgram | { readonly ok: false; readonly trap: Trap }> {
  const { parameters, zeroKnowledge = true, threads = 2, maxMemory, onPhase = () => {} } = options;
  const elapsedMs: Record<string, number> = {};
  const clock = phaseClock(elapsedMs);
  clock('execute');
  onPhase('execute', 0);
  const result = run(program, input, { record: machine.recorded });
  if (result.kind === 'trapped') return { ok: false, trap: result.trap };
  const execution = result.execution!;
  const backend = options.backend ?? createBackend({ threads, ...(maxMemory === undefined ? {} : { maxMemory }) });
  try {
    const { proof, shape } = await prove(
      machine.relation,
      statementOf(claimOf(program, execution), parameters),
      witnessOf(machine, program, execution, parameters),
      {
        parameters,
        backend,
        randomness: { kind: zeroKnowledge ? 'system' : 'none' },
        onPhase: (phase, fraction) => {
          clock(phase);
          onPhase(phase, fraction);
        },
      },
    );
    clock(undefined);
    return {
      ok: true,
      proof,
      publicOutput: execution.publicOutput,
      exitCode: execution.exitCode,
      cycles: execution.cycles,
      bits: shape.bits,
      cells: committedCells(shape),
      rowsByChip: rowsInUse(machine, program, execution),
      elapsedMs,
      peakBytes: backend.peakBytes(),
    };
  } finally {
    if (options.backend === undefined) await backend.close();
  }
}

/** What the verifier is told of a run, beside the program. */
export type PublicValues = Omit<Claim, 'program'>;

/** Whether the proof shows that this program, with this public input, wrote this output and exited with this code. */
export function verifyProgram(machine: Machine, program: Program, values: PublicValues, proof: Uint8Array): Verdict {
  return verify(machine.relation, (parameters) => statementOf({ program, ...values }, parameters), proof);
}

/**
 * Digest of the verifying key, 64 hex digits: the relation (every column, constraint, bus, and the fixed tables' roots)
 * and the program as it is proven (decoded text, initial memory, entry). The same on every machine.
 */
export function verifyingKey(machine: Machine, program: Program): string {
  const none = new Uint32Array(0);
  const bytes = statementBytes({ program, publicInput: none, publicOutput: none, exitCode: 0 });
  return bytesToHex(blake3(concatBytes(hexToBytes(relationDigest(machine.relation)), bytes)));
}

/** Main and auxiliary cells of all tables of a shape: what the prover extends and commits to. */
export const committedCells = ({ tables }: Shape): number =>
  tables.reduce(
    (total, { air, lookups, logHeight }) => total + (air.main.length + lookups.auxWidth) * 2 ** logHeight,
    0,
  );

/** Adds the time between calls to the phase that was running. */
function phaseClock(elapsedMs: Record<string, number>): (phase: string | undefined) => void {
  let current: string | undefined;
  let since = performance.now();
  return (phase) => {
    if (phase === current) return;
    const now = performance.now();
    if (current !== undefined) elapsedMs[current] = (elapsedMs[current] ?? 0) + now - since;
    current = phase;
    since = now;
  };
}
