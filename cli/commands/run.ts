import { Command } from 'commander';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { readCase, readProgram } from '../program-file.ts';
import { reportRun } from '../run-report.ts';

const HELP = `
Prints the public output, the exit code, the number of instructions and the rows of each chip. A trap is shown with its
cause, program counter, source line and cycle.

Exit codes: 0 the program ended with exit code 0; 2 it ended with another one, trapped, or a file is wrong.

Examples:
  ulp run linear.elf --input case.json
  ulp run linear.elf --input case.json --json
  ulp run loop.elf --fast`;

export function runCommand(io: Io, engine: Engine): Command {
  return new Command('run')
    .description('execute a program')
    .argument('<program>', 'executable, as written by `ulp asm`')
    .option('--input <case>', 'JSON file with publicInput, hints and advice')
    .option('--fast', 'only execute: no rows of chips, and instructions without a chip are allowed')
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (path: string, options: { input?: string; fast?: true; json?: true }) => {
      const program = await readProgram(io, engine, path);
      const input = await readCase(io, options.input);
      reportRun(io, engine.run(program, input, { record: options.fast !== true }), options);
    });
}
