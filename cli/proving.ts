/** Proves with progress, and reports what it took: for every command that proves. */
import { basename } from 'node:path';
import type { ProvenProgram } from '../machine/prove.ts';
import type { Program, ProgramInput } from '../vm/executor/program.ts';
import type { Engine } from './engine.ts';
import { bytesText, countText, durationText } from './format.ts';
import type { Io } from './io.ts';
import { PARAMETERS, type ProvingOptions } from './options.ts';
import { type Progress, progressOf } from './progress.ts';
import { trapError } from './trap-report.ts';
import { zeroKnowledgeText } from './verdict-report.ts';

export interface TimedProof extends ProvenProgram {
  readonly totalMs: number;
}

/** @throws {CliError} `trap`, `memory`. */
export async function proveWithProgress(
  io: Io,
  engine: Engine,
  program: Program,
  input: ProgramInput,
  options: ProvingOptions,
): Promise<TimedProof> {
  const progress = progressOf(io, options.quiet === true);
  const start = performance.now();
  try {
    const result = await engine.prove(program, input, {
      parameters: PARAMETERS[options.params],
      zeroKnowledge: options.zk,
      threads: options.threads,
      maxMemory: options.maxMemory,
      onPhase: phaseListener(progress),
    });
    if (!result.ok) throw trapError(result.trap);
    progress.done();
    return { ...result, totalMs: performance.now() - start };
  } catch (cause) {
    progress.abandon();
    throw cause;
  }
}

/** The prover names its phase with each report; a new name begins a new bar. */
function phaseListener(progress: Progress): (name: string, fraction: number) => void {
  let current: string | undefined;
  return (name, fraction) => {
    if (name !== current) progress.phase(name);
    current = name;
    progress.at(fraction);
  };
}

export function reportProof(io: Io, proof: TimedProof, proofPath: string, { params, zk }: ProvingOptions): void {
  const lines: readonly (readonly [string, string])[] = [
    ['proof', `${bytesText(proof.proof.length)}, ${basename(proofPath)}`],
    ['time', durationText(proof.totalMs)],
    ['peak memory', `${bytesText(peakResidentBytes())}, kernels ${bytesText(proof.peakBytes)}`],
    ['cycles', countText(proof.cycles)],
    ['cells', countText(proof.cells)],
    ['security', `${proof.bits} bits, provable (${params})`],
    ['zero-knowledge', zeroKnowledgeText(zk)],
  ];
  for (const [name, text] of lines) io.out(`  ${name.padEnd(15)} ${text}`);
}

/** The same for programs. */
export const proofFacts = (proof: TimedProof, { params, zk }: ProvingOptions): Readonly<Record<string, unknown>> => ({
  proofBytes: proof.proof.length,
  bits: proof.bits,
  zeroKnowledge: zk,
  parameters: params,
  cycles: proof.cycles,
  cells: proof.cells,
  peakBytes: peakResidentBytes(),
  kernelBytes: proof.peakBytes,
  elapsedMs: Math.round(proof.totalMs),
});

/** Most memory of this process so far. */
export const peakResidentBytes = (): number => process.resourceUsage().maxRSS * 1024;
