import { dirname, join } from 'node:path';
import { Command } from 'commander';
import { formatPublicValues } from '../case-file.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { machineLine } from '../machine-text.ts';
import { type ProvingOptions, provingOptions } from '../options.ts';
import { readCase, readProgram } from '../program-file.ts';
import { proofFacts, proveWithProgress, reportProof } from '../proving.ts';

const HELP = `
The case is a JSON object; each member may be left out:
  publicInput  words, a list of numbers below 2^32
  hints        private tape in halfwords: a list of numbers below 2^16, or base64 of little-endian bytes
  advice       private field elements: a list of numbers below 2130706433, or base64 of little-endian words

Beside the proof stands what it is about: public input, public output and exit code, in public.json. A program that
traps has no proof.

Examples:
  ulp prove linear.elf --input case.json -o p.ulp
  ulp prove linear.elf --input case.json -o p.ulp --params strong --threads 4
  ulp prove linear.elf --input case.json -o p.ulp --max-memory 1GiB
  ulp prove linear.elf --input case.json -o p.ulp --quiet --json`;

interface Options extends ProvingOptions {
  readonly input?: string;
  readonly output: string;
  readonly public?: string;
  readonly json?: true;
}

export function proveCommand(io: Io, engine: Engine): Command {
  const command = new Command('prove')
    .description('execute a program and prove the run')
    .argument('<program>', 'executable, as written by `ulp asm`')
    .option('--input <case>', 'JSON file with publicInput, hints and advice')
    .requiredOption('-o, --output <proof>', 'proof to write')
    .option('--public <file>', 'public values to write (default: public.json beside the proof)')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP);
  for (const option of provingOptions()) command.addOption(option);
  return command.action(async (path: string, options: Options) => {
    const program = await readProgram(io, engine, path);
    const input = await readCase(io, options.input);
    const publicPath = options.public ?? join(dirname(options.output), 'public.json');
    for (const file of [options.output, publicPath]) await io.requireWritable(file);
    const proof = await proveWithProgress(io, engine, program, input, options);
    await io.writeFile(options.output, proof.proof);
    await io.writeFile(publicPath, formatPublicValues({ ...proof, publicInput: input.publicInput }));
    if (options.json) {
      const { exitCode, publicOutput } = proof;
      const files = { proof: options.output, public: publicPath };
      io.out(JSON.stringify({ ...files, exitCode, publicOutput: [...publicOutput], ...proofFacts(proof, options) }));
    } else {
      reportProof(io, proof, options.output, options);
      for (const line of machineLine(engine)) io.out(line);
    }
    if (proof.exitCode !== 0) io.err(`note: the program ended with exit code ${proof.exitCode}, and the proof says so`);
  });
}
