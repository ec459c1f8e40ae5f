import { Command, Option } from 'commander';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { integerIn } from '../options.ts';
import { readCase, readProgram } from '../program-file.ts';
import { reportRun } from '../run-report.ts';
import { lastSteps, traceText } from '../trace.ts';

const HELP = `
Prints the public output, the exit code, the number of instructions and the rows of each chip. A trap is shown with its
cause, program counter, source line and cycle.

Exit codes: 0 the program ended with exit code 0; 2 it ended with another one, trapped, or a file is wrong.

Examples:
  ulp run linear.elf --input case.json
  ulp run linear.elf --input case.json --json
  ulp run linear.elf --input case.json --trace 20
  ulp run loop.elf --fast`;

interface Options {
  readonly input?: string;
  readonly fast?: true;
  readonly trace?: number;
  readonly json?: true;
}

export function runCommand(io: Io, engine: Engine): Command {
  return new Command('run')
    .description('execute a program')
    .argument('<program>', 'executable, as written by `ulp asm`')
    .option('--input <case>', 'JSON file with publicInput, hints and advice')
    .option('--fast', 'only execute: no rows of chips, and instructions without a chip are allowed')
    .addOption(
      new Option('--trace <n>', 'first print the last n instructions, with what they wrote').argParser(
        integerIn(1, 100_000),
      ),
    )
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (path: string, options: Options) => {
      const program = await readProgram(io, engine, path);
      const input = await readCase(io, options.input);
      if (options.trace !== undefined) {
        io.err(`${traceText(lastSteps(program, input, engine.instructions, options.trace))}\n`);
      }
      reportRun(io, engine.run(program, input, { record: options.fast !== true }), options);
    });
}
