import { Command } from 'commander';
import type { Parameters } from '../../stark/parameters.ts';
import { printCost } from '../cost-tables.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { PARAMETERS, paramsOption } from '../options.ts';
import { readCase, readProgram } from '../program-file.ts';
import { trapError } from '../trap-report.ts';

const HELP = `
Executes the program and counts: rows, height, columns and committed cells of each chip, and rows and cells of each
routine (the instructions after a label). Heights are powers of two: "left" is the number of rows until the next one.
Seconds and memory are predictions for two threads.

Examples:
  ulp cost linear.elf --input case.json
  ulp cost linear.elf --input case.json --json`;

interface Options {
  readonly input?: string;
  readonly params: Parameters['name'];
  readonly json?: true;
}

export function costCommand(io: Io, engine: Engine): Command {
  return new Command('cost')
    .description('count what a run costs to prove, without proving it')
    .argument('<program>', 'executable, as written by `ulp asm`')
    .option('--input <case>', 'JSON file with publicInput, hints and advice')
    .addOption(paramsOption())
    .option('--json', 'print one JSON object')
    .addHelpText('after', HELP)
    .action(async (path: string, options: Options) => {
      const program = await readProgram(io, engine, path);
      const report = engine.cost(program, await readCase(io, options.input), PARAMETERS[options.params]);
      if (!report.ok) throw trapError(report.trap);
      if (options.json) io.out(JSON.stringify({ ...report, ok: undefined }));
      else printCost(io, report, options.params);
    });
}
