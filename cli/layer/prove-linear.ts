/** `ulp layer linear`: commit, challenge, prove, and write the proof with its record. */

import type { LinearTensors } from '../../protocol/linear.ts';
import { formatRecord } from '../../protocol/record.ts';
import type { AccumulationModel, TileSide } from '../../protocol/statement.ts';
import { formatCase } from '../case-file.ts';
import { CliError } from '../cli-error.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import type { ProvingOptions } from '../options.ts';
import { proofFacts, proveWithProgress, reportProof } from '../proving.ts';
import { assuranceLines } from './assurance.ts';
import { claimFacts, claimLines } from './claim-report.ts';
import { linearGuest } from './guest.ts';
import { type ChallengedClaim, claimLinear, findMismatch, recordOf } from './linear.ts';
import { secretFrom } from './secret.ts';
import { openLinearTensors, type TensorPaths } from './tensors.ts';

export interface LinearOptions extends TensorPaths, ProvingOptions {
  readonly samples: number;
  readonly model: AccumulationModel;
  readonly tile: TileSide;
  readonly seed?: Uint8Array;
  readonly secret?: string;
  readonly out: string;
  readonly case?: string;
  readonly commitOnly?: true;
  readonly json?: true;
}

/** @throws {CliError} */
export async function proveLinearLayer(io: Io, engine: Engine, options: LinearOptions): Promise<void> {
  const recordPath = `${options.out}.json`;
  for (const file of [options.out, recordPath]) await io.requireWritable(file);
  const tensors = await openLinearTensors(io, options);
  const secret = await secretFrom(io, options.secret);
  const claim = await claimLinear(tensors, { ...options, secret });
  if (!options.json) for (const line of claimLines(claim)) io.out(line);
  if (options.commitOnly) {
    if (options.json) io.out(JSON.stringify(claimFacts(claim)));
    return;
  }
  if (options.case !== undefined) await io.writeFile(options.case, formatCase(claim.input));
  const guest = linearGuest(engine.instructions);
  const program = engine.load(guest.elf);
  const proof = await proveWithProgress(io, engine, program, claim.input, options).catch((cause: unknown) =>
    explainedTrap(cause, tensors, claim),
  );
  await io.writeFile(options.out, proof.proof);
  await io.writeFile(recordPath, formatRecord(recordOf(claim, guest, engine.verifyingKey(program), proof.proof)));
  if (options.json) {
    const facts = { ...claimFacts(claim), proof: options.out, record: recordPath, ...proofFacts(proof, options) };
    io.out(JSON.stringify(facts));
    return;
  }
  reportProof(io, proof, options.out, options);
  io.out(`  statement       ${recordPath}`);
  io.out('');
  for (const line of assuranceLines(claim.statement, claim.mode)) io.out(line);
}

/** The trap of a guest that met a wrong entry, with the entry. */
async function explainedTrap(cause: unknown, tensors: LinearTensors, claim: ChallengedClaim): Promise<never> {
  if (!(cause instanceof CliError) || cause.code !== 'trap') throw cause;
  const mismatch = await findMismatch(tensors, claim.statement);
  if (mismatch === undefined) throw cause;
  const { row, column, committed, declared } = mismatch;
  const [got, expected] = [committed, declared].map((pattern) => `0x${pattern.toString(16).padStart(4, '0')}`);
  throw new CliError('trap', cause.message, {
    cause,
    help: `Y[${row}, ${column}] is ${got}; the declared product, accumulated in the model's order, is ${expected}`,
  });
}
