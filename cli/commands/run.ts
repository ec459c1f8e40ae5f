import { Command, Option } from 'commander';
import { readDebuggee } from '../debug/debuggee.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { integerIn } from '../options.ts';
import { readCase, readProgram } from '../program-file.ts';
import { reportRun } from '../run-report.ts';
import { printTrace, type TraceOptions } from '../run-trace.ts';
import { lastSteps, traceText } from '../trace.ts';

const HELP = `
Prints the public output, the exit code, the number of instructions and the rows of each chip. A trap is shown with its
cause, program counter, source line and cycle.

--trace prints every instruction as it is executed: cycle, pc, place, instruction, registers and memory with their values
before and after, source lines where they change; --json makes every step an object on a line of its own. It implies
--fast. --trace <n> prints the last n instructions only.

Exit codes: 0 the program ended with exit code 0; 2 it ended with another one, trapped, or a file is wrong.

Examples:
  ulp run linear.elf --input case.json
  ulp run linear.elf --input case.json --json
  ulp run linear.elf --input case.json --trace 20
  ulp run linear.elf --input case.json --trace --trace-from 1000 --trace-to 1100
  ulp run loop.elf --fast`;

interface Options extends TraceOptions {
  readonly input?: string;
  readonly fast?: true;
  /** True: all of the run. */
  readonly trace?: number | true;
}

export function runCommand(io: Io, engine: Engine): Command {
  return new Command('run')
    .description('execute a program')
    .argument('<program>', 'executable, as written by `ulp asm`')
    .option('--input <case>', 'JSON file with publicInput, hints and advice')
    .option('--fast', 'only execute: no rows of chips, and instructions without a chip are allowed')
    .addOption(
      new Option('--trace [n]', 'print every instruction, or first the last n, with what they wrote').argParser(
        integerIn(1, 100_000),
      ),
    )
    .option('--trace-from <cycle>', 'first cycle of the trace', integerIn(0, Number.MAX_SAFE_INTEGER))
    .option('--trace-to <cycle>', 'cycle before which the trace ends', integerIn(0, Number.MAX_SAFE_INTEGER))
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (path: string, options: Options) => {
      const program = await readProgram(io, engine, path);
      const input = await readCase(io, options.input);
      if (options.trace === true || options.traceFrom !== undefined || options.traceTo !== undefined) {
        const debuggee = await readDebuggee(io, engine, path, input);
        reportRun(io, await printTrace(io, debuggee, options), options);
        return;
      }
      if (options.trace !== undefined) {
        io.err(`${traceText(lastSteps(program, input, engine.instructions, options.trace))}\n`);
      }
      reportRun(io, engine.run(program, input, { record: options.fast !== true }), options);
    });
}
