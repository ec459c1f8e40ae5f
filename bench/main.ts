/**
 * `npm run bench`: the fixed workloads, one after the other, each in a process of its own so that peak memory is its own.
 * Prints a table and appends one JSON line per workload to bench/results/<date>.jsonl.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command, Option } from 'commander';
import { bytesText, countText } from '../cli/format.ts';
import { machineEngine } from '../cli/machine-engine.ts';
import { integerIn } from '../cli/options.ts';
import { tableText } from '../cli/table.ts';
import { environment } from './environment.ts';
import { type Measurement, measure } from './measure.ts';
import { type Size, WORKLOADS, type Workload } from './workloads.ts';

const RESULTS = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? 'results/' : '../../bench/results/', import.meta.url),
);

interface Options {
  readonly size: Size;
  readonly threads: number;
  readonly only?: string;
  readonly child?: string;
}

await new Command('bench')
  .description('measure the fixed workloads')
  .addOption(new Option('--size <size>', 'small (for CI) or full').choices(['small', 'full']).default('full'))
  .addOption(new Option('--threads <n>', 'worker threads').argParser(integerIn(1, 256)).default(2))
  .addOption(new Option('--only <name>', 'one workload').choices(WORKLOADS.map(({ name }) => name)))
  .addOption(new Option('--child <name>').hideHelp())
  .action(async ({ size, threads, only, child }: Options) => {
    if (child !== undefined) {
      const workload = WORKLOADS.find(({ name }) => name === child)!;
      process.stdout.write(JSON.stringify(await measure(machineEngine(), workload, threads)));
      return;
    }
    const chosen = WORKLOADS.filter(({ name, sizes }) => (only === undefined ? sizes.includes(size) : name === only));
    const where = environment(`bench ${process.argv.slice(2).join(' ')}`.trim());
    console.log(`${where.machine}, Node ${where.node}, commit ${where.commit}, ${threads} threads\n`);
    mkdirSync(RESULTS, { recursive: true });
    const measurements = chosen.map((workload) => {
      const result = inChild(workload, threads);
      appendFileSync(`${RESULTS}${where.time.slice(0, 10)}.jsonl`, `${JSON.stringify({ ...where, ...result })}\n`);
      console.error(`  ${workload.name.padEnd(14)} ${workload.about}: ${result.seconds} s`);
      return result;
    });
    console.log(`\n${report(measurements)}`);
  })
  .parseAsync();

function inChild({ name }: Workload, threads: number): Measurement {
  const args = [...process.execArgv, process.argv[1]!, '--child', name, '--threads', String(threads)];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(output) as Measurement;
}

/** One column a workload. */
function report(measurements: readonly Measurement[]): string {
  const line = (name: string, text: (m: Measurement) => string | undefined): string[] => [
    name,
    ...measurements.map((m) => text(m) ?? '-'),
  ];
  const count = (value: number | null): string | undefined => (value === null ? undefined : countText(value));
  const size = (value: number | null): string | undefined => (value === null ? undefined : bytesText(value));
  const phases = [...new Set(measurements.flatMap(({ nsPerCellBy }) => Object.keys(nsPerCellBy ?? {})))];
  return tableText(
    ['', ...measurements.map(({ workload }) => workload)],
    [
      line('seconds', (m) => String(m.seconds)),
      line('cycles', (m) => count(m.cycles)),
      line('instructions/s', (m) => count(m.instructionsPerSecond)),
      line('MACs', (m) => (m.macs === 0 ? undefined : count(m.macs))),
      line('MACs/s', (m) => count(m.macsPerSecond)),
      line('cells', (m) => count(m.cells)),
      line('cells/s', (m) => count(m.cellsPerSecond)),
      line('cells/instruction', (m) => m.cellsPerInstruction?.toString()),
      line('ns/cell', (m) => m.nsPerCell?.toString()),
      line('ns/cell CPU', (m) => m.cpuNsPerCell?.toString()),
      line('ns/cell/core', (m) => m.nsPerCellPerCore?.toString()),
      ...phases.map((phase) => line(`  ${phase}`, (m) => m.nsPerCellBy?.[phase]?.toString())),
      line('verify ms', (m) => m.verifyMs?.toString()),
      line('proof', (m) => size(m.proofBytes)),
      line('security bits', (m) => m.securityBits?.toString()),
      line('kernel memory', (m) => size(m.kernelBytes)),
      line('peak memory', (m) => size(m.residentBytes)),
    ],
  );
}
