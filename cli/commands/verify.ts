import { Command } from 'commander';
import type { Parameters } from '../../stark/parameters.ts';
import { parsePublicValues } from '../case-file.ts';
import type { Engine } from '../engine.ts';
import { type Io, readWritten } from '../io.ts';
import { machineLine } from '../machine-text.ts';
import { requireOption } from '../options.ts';
import { readProgram } from '../program-file.ts';
import { judged, reportVerdict } from '../verdict-report.ts';

const HELP = `
Exit codes: 0 accepted; 1 rejected, with a code and a reason; 2 a file is missing or is no JSON, no program.

Examples:
  ulp verify linear.elf p.ulp --public public.json
  ulp verify linear.elf p.ulp --public public.json --require strong`;

const PUBLIC = 'it has the public values, which `ulp prove` writes beside the proof';

interface Options {
  readonly public: string;
  readonly require?: Parameters['name'];
  readonly json?: true;
}

export function verifyCommand(io: Io, engine: Engine): Command {
  return new Command('verify')
    .description('check that a proof belongs to a program and its public values')
    .argument('<program>', 'executable, as written by `ulp asm`')
    .argument('<proof>', 'proof, as written by `ulp prove`')
    .requiredOption('--public <file>', 'JSON file with publicInput, publicOutput and exitCode')
    .addOption(requireOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (programPath: string, proofPath: string, options: Options) => {
      const program = await readProgram(io, engine, programPath);
      const values = parsePublicValues(await readWritten(io, options.public, PUBLIC), options.public);
      const proof = await io.readFile(proofPath);
      const start = performance.now();
      const verdict = engine.verify(program, values, proof);
      const elapsedMs = performance.now() - start;
      const also = [`  exit code       ${values.exitCode}`, ...machineLine(engine)];
      reportVerdict(io, judged(verdict, options.require), { ...options, elapsedMs, also });
    });
}
