/** Runs one workload and says what it took. */
import type { Engine } from '../cli/engine.ts';
import { peakResidentBytes } from '../cli/proving.ts';
import { FAST } from '../stark/parameters.ts';
import type { Workload } from './workloads.ts';

/** Times are wall-clock. `null` where the workload has no such number. */
export interface Measurement {
  readonly workload: string;
  readonly about: string;
  readonly threads: number;
  readonly cycles: number;
  readonly macs: number;
  readonly seconds: number;
  readonly instructionsPerSecond: number;
  readonly macsPerSecond: number | null;
  /** Main and auxiliary, padding included. */
  readonly cells: number | null;
  readonly cellsPerSecond: number | null;
  /** Of everything committed, padding and tables included. What one instruction takes alone: `docs/chips.md`. */
  readonly cellsPerInstruction: number | null;
  readonly nsPerCell: number | null;
  /** nsPerCell times threads: what one core needs. */
  readonly nsPerCellPerCore: number | null;
  /** CPU time of all threads: the same without what other processes take of the cores. */
  readonly cpuNsPerCell: number | null;
  /** By phase. */
  readonly nsPerCellBy: Readonly<Record<string, number>> | null;
  /** Median after warming up. */
  readonly verifyMs: number | null;
  readonly proofBytes: number | null;
  readonly securityBits: number | null;
  readonly kernelBytes: number | null;
  /** Peak of the process. */
  readonly residentBytes: number;
}

const VERIFICATIONS = 15;

export async function measure(engine: Engine, workload: Workload, threads: number): Promise<Measurement> {
  const { program, input, macs } = await workload.prepare(engine);
  const common = { workload: workload.name, about: workload.about, threads, macs };
  const [start, cpuStart] = [performance.now(), process.cpuUsage()];
  if (workload.kind === 'interpret') {
    const result = engine.run(program, input, { record: false });
    if (!result.ok) throw new Error(`${workload.name} trapped: ${result.trap.cause}`);
    const seconds = (performance.now() - start) / 1000;
    return { ...common, ...NOTHING_PROVEN, ...speed(result.cycles, macs, seconds), residentBytes: peakResidentBytes() };
  }
  const proven = await engine.prove(program, input, {
    parameters: FAST,
    zeroKnowledge: true,
    threads,
    maxMemory: 2 ** 32,
  });
  if (!proven.ok) throw new Error(`${workload.name} trapped: ${proven.trap.cause}, ${proven.trap.detail}`);
  const seconds = (performance.now() - start) / 1000;
  const cpu = process.cpuUsage(cpuStart);
  const residentBytes = peakResidentBytes();
  const { cells, proof, publicOutput, exitCode } = proven;
  const values = { publicInput: input.publicInput ?? new Uint32Array(0), publicOutput, exitCode };
  const times = Array.from({ length: VERIFICATIONS }, () => {
    const before = performance.now();
    const verdict = engine.verify(program, values, proof);
    if (!verdict.ok) throw new Error(`${workload.name}: the proof was rejected, ${verdict.why.code}`);
    return performance.now() - before;
  });
  const nsPerCell = (1e9 * seconds) / cells;
  return {
    ...common,
    ...speed(proven.cycles, macs, seconds),
    cells,
    cellsPerSecond: Math.round(cells / seconds),
    cellsPerInstruction: rounded(cells / proven.cycles),
    nsPerCell: rounded(nsPerCell),
    nsPerCellPerCore: rounded(nsPerCell * threads),
    cpuNsPerCell: rounded((1e3 * (cpu.user + cpu.system)) / cells),
    nsPerCellBy: Object.fromEntries(
      Object.entries(proven.elapsedMs).map(([phase, ms]) => [phase, rounded((1e6 * ms) / cells)]),
    ),
    verifyMs: rounded(median(times)),
    proofBytes: proof.length,
    securityBits: proven.bits,
    kernelBytes: proven.peakBytes,
    residentBytes,
  };
}

const NOTHING_PROVEN = {
  cells: null,
  cellsPerSecond: null,
  cellsPerInstruction: null,
  nsPerCell: null,
  nsPerCellPerCore: null,
  cpuNsPerCell: null,
  nsPerCellBy: null,
  verifyMs: null,
  proofBytes: null,
  securityBits: null,
  kernelBytes: null,
} as const;

const speed = (cycles: number, macs: number, seconds: number) => ({
  cycles,
  seconds: Number(seconds.toFixed(3)),
  instructionsPerSecond: Math.round(cycles / seconds),
  macsPerSecond: macs === 0 ? null : Math.round(macs / seconds),
});

const rounded = (value: number): number => Number(value.toFixed(1));

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
