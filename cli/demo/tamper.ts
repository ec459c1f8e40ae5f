/** What becomes of a Y with one wrong bit: all three ways to pass it off are refused, each for its own reason. */
import { randomBytes } from 'node:crypto';
import { memoryMatrix } from '../../protocol/bf16-matrix.ts';
import { sampleEntries } from '../../protocol/challenge.ts';
import { commitTensor, tensorSaltSeed } from '../../protocol/commitment.ts';
import { challenge, type LinearInput, type LinearTensors, linearClaim, linearInput } from '../../protocol/linear.ts';
import { encodeStatement } from '../../protocol/statement.ts';
import type { Program } from '../../vm/executor/program.ts';
import type { Engine, ProveOptions } from '../engine.ts';
import type { ChallengedClaim } from '../layer/linear.ts';
import { judged } from '../verdict-report.ts';

export interface Attempt {
  readonly name: string;
  /** Refused, and for the reason that is expected. */
  readonly refused: boolean;
  readonly outcome: string;
}

export interface Forgery {
  readonly row: number;
  readonly column: number;
  /** BF16 patterns of the entry before and after. */
  readonly before: number;
  readonly after: number;
  readonly attempts: readonly Attempt[];
}

export interface Honest {
  readonly program: Program;
  readonly tensors: LinearTensors;
  /** Y, row-major. */
  readonly y: Uint16Array;
  readonly claim: ChallengedClaim;
  readonly proof: Uint8Array;
  readonly seed: Uint8Array | undefined;
}

export async function flipOneBit(engine: Engine, honest: Honest, options: ProveOptions): Promise<Forgery> {
  const { program, tensors, claim, proof, seed } = honest;
  const { statement, commitments } = claim;
  const { row, column } = sampleEntries(statement.seed, statement, 1)[0]!;
  const at = row * statement.columns + column;
  const y = honest.y.slice();
  y[at]! ^= 1;
  const forged = { ...tensors, y: memoryMatrix(statement.rows, statement.columns, y) };
  const saltSeed = tensorSaltSeed(new Uint8Array(randomBytes(32)), 'y');
  const anew = { ...commitments, y: await commitTensor(forged.y, 'block', saltSeed) };
  const newClaim = linearClaim(anew, statement.samples, statement.model, statement.tile);

  const proveFrom = async (name: string, input: LinearInput, message: string): Promise<Attempt> => {
    const result = await engine.prove(program, input, options);
    if (result.ok) return { name, refused: false, outcome: 'a proof came' };
    const { cause, detail, source } = result.trap;
    const place = source === undefined ? '' : ` (${source.file}:${source.line})`;
    const outcome = `no proof, the guest traps: ${detail}${place}`;
    return { name, refused: cause === 'assertion-failed' && detail.includes(message), outcome };
  };
  // The samples stay the same, as if the verifier had chosen this seed after it saw the new root.
  const sameSamples = { ...newClaim, seed: statement.seed };
  const attempts = [
    await proveFrom(
      'committed anew',
      await linearInput(forged, anew, sameSamples),
      'a sampled entry of Y is not the declared product',
    ),
    await proveFrom(
      'under the old commitment',
      await linearInput(forged, commitments, statement),
      'the opened leaf does not belong to the committed root',
    ),
    oldProof(engine, program, encodeStatement(challenge(newClaim, seed).statement), statement.samples, proof),
  ];
  return { row, column, before: honest.y[at]!, after: y[at]!, attempts };
}

function oldProof(
  engine: Engine,
  program: Program,
  publicInput: Uint32Array,
  samples: number,
  proof: Uint8Array,
): Attempt {
  const name = 'old proof, new commitment';
  const values = { publicInput, publicOutput: Uint32Array.of(samples), exitCode: 0 };
  const verdict = judged(engine.verify(program, values, proof), undefined);
  if (!('code' in verdict)) return { name, refused: false, outcome: 'accepted' };
  return { name, refused: true, outcome: `rejected [${verdict.code}]` };
}
