import { Command } from 'commander';
import { nearest } from '../../asm/suggest.ts';
import { EXTENSIONS } from '../../machine/relation.ts';
import type { Air } from '../../stark/air/air.ts';
import { checkNamed, printVerdict } from '../chip/check.ts';
import { chipReport } from '../chip/report.ts';
import { printReport } from '../chip/report-text.ts';
import { scaffold } from '../chip/scaffold.ts';
import { CliError } from '../cli-error.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { integerIn } from '../options.ts';
import { progressOf } from '../progress.ts';
import { tableText } from '../table.ts';

const LIST_HELP = `
Every chip and fixed table of the machine with the extension that it belongs to; those of ulp.config.ts come last.

Example:
  ulp chip list`;

const REPORT_HELP = `
Columns with their domains, constraints with their degrees, interactions and the batches they are proven in, cells per
row and, for instructions on random operands, per operation. NAME is a chip, or an extension for all of its chips.

Examples:
  ulp chip report add
  ulp chip report fp32-fma --json`;

const CHECK_HELP = `
Executes the chip's instructions on random operands and compares its rows with the machine; tries the padding row, cells
outside their domains, mutations that a single check rejects, and whether the same inputs have a second witness: proven
impossible for an event, or searched. The forgeries that an
extension of ulp.config.ts names must be rejected by exactly what they say and cover every check. Chips of Ulp have
theirs in their tests. What was not checked is said; finding nothing proves nothing.

Exit codes: 0 nothing wrong was found; 1 the chip is wrong; 2 there is no such chip, or a file is wrong.

Examples:
  ulp chip check fp8
  ulp chip check fp32-add --events 100 --effort 24 --seed 7`;

const NEW_HELP = `
Writes a folder with an instruction that works: semantics, air, execute, trace, forgeries and a test, and ulp.config.ts
if there is none.

Example:
  ulp chip new mychip`;

interface CheckOptions {
  readonly events: number;
  readonly tries?: number;
  readonly effort: number;
  readonly seed: number;
  readonly json?: true;
  readonly quiet?: boolean;
}

export function chipCommand(io: Io, engine: Engine): Command {
  const chip = new Command('chip').description('list, report, check and start chips');
  chip
    .command('list')
    .description('list the chips of the machine')
    .option('--json', 'print one JSON list')
    .addHelpText('after', LIST_HELP)
    .action(({ json }: { json?: true }) => {
      const rows = listed(engine);
      if (json) io.out(JSON.stringify(rows.map(([name, extension, kind, from]) => ({ name, extension, kind, from }))));
      else io.out(tableText(['chip', 'extension', 'kind', 'from'], rows, 'left'));
    });
  chip
    .command('report')
    .description('print what a chip is made of and what it costs')
    .argument('<name>', 'chip, fixed table or extension')
    .option('--json', 'print one JSON list')
    .addHelpText('after', REPORT_HELP)
    .action((name: string, { json }: { json?: true }) => {
      const reports = namedAirs(engine, name, 'report').map((air) => chipReport(engine.machine, air));
      if (json) io.out(JSON.stringify(reports));
      else for (const report of reports) printReport(io, report);
    });
  chip
    .command('check')
    .description('look for what is wrong with a chip')
    .argument('<name>', 'chip, fixed table or extension')
    .option('--events <n>', 'events of each instruction', integerIn(1, 10_000), 16)
    .option('--tries <n>', 'mutations for each check (default: 200, less for large tables)', integerIn(1, 1_000_000))
    .option(
      '--effort <log>',
      'logarithm of the work of the search for a second witness on each event',
      integerIn(10, 40),
      20,
    )
    .option('--seed <n>', 'seed of all draws', integerIn(0, 2 ** 32 - 1), 1)
    .option('--json', 'print one JSON list')
    .addHelpText('after', CHECK_HELP)
    .option('--quiet', 'no progress')
    .action(async (name: string, { json, effort, quiet = false, ...options }: CheckOptions) => {
      const verdicts = [];
      for (const air of namedAirs(engine, name, 'check')) {
        const progress = progressOf(io, quiet || !io.interactive);
        let part = '';
        const onProgress = (now: string, fraction: number): void => {
          if (now !== part) progress.phase(now);
          part = now;
          progress.at(fraction);
        };
        verdicts.push(await checkNamed(engine, air.name, { ...options, effort: 2 ** effort, onProgress }));
        progress.done();
      }
      if (json) io.out(JSON.stringify(verdicts));
      else for (const verdict of verdicts) printVerdict(io, verdict);
      io.exitCode(verdicts.every(({ accepted }) => accepted) ? 0 : 1);
    });
  chip
    .command('new')
    .description('start a chip of your own')
    .argument('<name>', 'lower-case letters, digits and dashes')
    .addHelpText('after', NEW_HELP)
    .action((name: string) => scaffold(io, engine, name));
  return chip;
}

const extensionsOf = ({ config }: Engine) => [
  ...EXTENSIONS.map((extension) => ({ extension, from: 'Ulp' })),
  ...(config?.extensions ?? []).map((extension) => ({ extension, from: config!.path })),
];

const listed = (engine: Engine): string[][] =>
  extensionsOf(engine).flatMap(({ extension: { name, chips = [], tables = [] }, from }) => [
    ...chips.map(({ air }) => [air.name, name, 'chip', from]),
    ...tables.map(({ air }) => [air.name, name, 'fixed table', from]),
  ]);

/** @throws {CliError} `usage` if the machine has neither a chip nor an extension of this name */
function namedAirs(engine: Engine, name: string, verb: 'report' | 'check'): Air[] {
  const chip = engine.machine.chips.get(name);
  if (chip !== undefined) return [chip.air];
  const found = extensionsOf(engine).find(({ extension }) => extension.name === name)?.extension;
  if (found !== undefined) return [...(found.chips ?? []), ...(found.tables ?? [])].map(({ air }) => air);
  const owner = extensionsOf(engine).find(({ extension: { instructions = [] } }) =>
    instructions.some(({ spec }) => spec.mnemonic === name),
  )?.extension.name;
  const near = nearest(name, [...engine.machine.chips.keys()]);
  throw new CliError('usage', `the machine has no chip ${name}`, {
    help:
      owner !== undefined
        ? `${name} is an instruction of ${owner}: \`ulp chip ${verb} ${owner}\``
        : near === undefined
          ? '`ulp chip list` shows them'
          : `did you mean ${near}? \`ulp chip list\` shows all`,
  });
}
