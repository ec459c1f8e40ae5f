/** The demo: real tensors, a commitment, a challenge, a proof, its verification, and what becomes of a forgery. */
import { randomBytes } from 'node:crypto';
import { memoryMatrix } from '../../protocol/bf16-matrix.ts';
import { hexOf } from '../../protocol/record.ts';
import { encodeStatement } from '../../protocol/statement.ts';
import type { Engine } from '../engine.ts';
import { bytesText, countText, durationText } from '../format.ts';
import { EXIT, type Io } from '../io.ts';
import { assuranceLines } from '../layer/assurance.ts';
import { linearGuest } from '../layer/guest.ts';
import { claimLinear, recordOf } from '../layer/linear.ts';
import { PARAMETERS, type ProvingOptions } from '../options.ts';
import { peakResidentBytes, proveWithProgress } from '../proving.ts';
import { styleOf } from '../style.ts';
import { judged, zeroKnowledgeText } from '../verdict-report.ts';
import { keepFiles } from './keep.ts';
import { flipOneBit } from './tamper.ts';
import { type Trainer, trainWithProgress } from './train.ts';

export interface DemoOptions extends ProvingOptions {
  readonly samples: number;
  readonly seed?: Uint8Array;
  readonly keep?: string;
}

const hex16 = (pattern: number): string => `0x${pattern.toString(16).padStart(4, '0')}`;

/** Exit code 0 only if the honest claim is proven and accepted, and all forgeries are refused. @throws {CliError} */
export async function runDemo(io: Io, engine: Engine, options: DemoOptions, train: Trainer): Promise<void> {
  const start = performance.now();
  const { bold, dim, good, bad } = styleOf(io);
  const line = (text: string): void => io.out(`   ${text}`);
  const digest = (words: Uint32Array): string => dim(`${hexOf(words).slice(0, 24)}...`);
  let asPromised = true;
  const promise = (kept: boolean, text: string): void => {
    asPromised &&= kept;
    line(`${kept ? good('✓') : bad('✗')} ${text}`);
  };

  // What cannot be written is said before the work.
  if (options.keep !== undefined) await io.makeFolder(options.keep);
  io.out(bold('1  Train a character model on Moby Dick'));
  const { tensors: trained, firstLoss, lastLoss, elapsedMs } = trainWithProgress(io, train);
  const { rows, columns, inner, passage, passageLoss } = trained;
  line(`loss ${firstLoss.toFixed(2)} -> ${lastLoss.toFixed(2)} in ${durationText(elapsedMs)}`);
  line(`on text it never saw ${passageLoss.toFixed(2)}: ${dim(`"${passage.slice(0, 48).replace(/\s+/g, ' ')}..."`)}`);

  io.out(bold('2  Commit to its output layer Y = X W^T, derive the challenge'));
  const tensors = {
    x: memoryMatrix(rows, inner, trained.x),
    w: memoryMatrix(columns, inner, trained.w),
    y: memoryMatrix(rows, columns, trained.y),
  };
  const secret = new Uint8Array(randomBytes(32));
  const claim = await claimLinear(tensors, { ...options, secret, model: 'hopper' });
  const { statement, mode } = claim;
  line(`X ${`${rows} x ${inner}`.padEnd(12)} root ${digest(statement.rootX)}`);
  line(`W ${`${columns} x ${inner}`.padEnd(12)} root ${digest(statement.rootW)}`);
  line(`Y ${`${rows} x ${columns}`.padEnd(12)} root ${digest(statement.rootY)}`);
  const origin = mode === 'fiat-shamir' ? 'the hash of the statement' : "the verifier's own";
  line(`seed ${digest(statement.seed)} (${origin}) picks ${options.samples} of ${countText(rows * columns)} entries`);

  io.out(bold(`3  Prove ${options.samples} sampled entries, accumulated in the order of a Hopper tensor core`));
  const guest = linearGuest(engine.instructions);
  const program = engine.load(guest.elf);
  const proof = await proveWithProgress(io, engine, program, claim.input, options);
  line(`${durationText(proof.totalMs)}, ${countText(proof.cycles)} instructions, ${countText(proof.cells)} cells`);

  io.out(bold('4  Verify'));
  const values = { publicInput: encodeStatement(statement), publicOutput: proof.publicOutput, exitCode: 0 };
  const verifyStart = performance.now();
  const verdict = judged(engine.verify(program, values, proof.proof), undefined);
  const verifyMs = performance.now() - verifyStart;
  if ('code' in verdict) {
    promise(false, `rejected [${verdict.code}]: ${verdict.message}`);
  } else {
    promise(true, `accepted in ${durationText(verifyMs)}, proof ${bytesText(proof.proof.length)}`);
    line(`  security ${verdict.bits} bits, provable; zero-knowledge ${zeroKnowledgeText(verdict.zeroKnowledge)}`);
  }

  io.out(bold('5  Flip one bit of a sampled entry of Y'));
  const forgery = await flipOneBit(
    engine,
    { program, tensors, y: trained.y, claim, proof: proof.proof, seed: options.seed },
    { ...options, parameters: PARAMETERS[options.params], zeroKnowledge: options.zk },
  );
  line(`Y[${forgery.row}, ${forgery.column}] ${hex16(forgery.before)} -> ${hex16(forgery.after)}`);
  for (const { name, refused, outcome } of forgery.attempts) promise(refused, `${name}: ${outcome}`);

  io.out(bold('What the proof says'));
  for (const text of assuranceLines(claim.statement, mode)) line(text);
  if (options.keep !== undefined) {
    const record = recordOf(claim, guest, engine.verifyingKey(program), proof.proof);
    await keepFiles(io, options.keep, {
      tensors: trained,
      elf: guest.elf,
      input: claim.input,
      proof: proof.proof,
      record,
    });
    line(`files are in ${options.keep}`);
  }
  const memory = `peak memory ${bytesText(peakResidentBytes())}, kernels ${bytesText(proof.peakBytes)}`;
  io.out(`${bold('Done')} in ${durationText(performance.now() - start)}, ${memory}`);
  if (!asPromised) io.err('error: the demo did not go as promised');
  io.exitCode(asPromised ? EXIT.accepted : EXIT.rejected);
}
