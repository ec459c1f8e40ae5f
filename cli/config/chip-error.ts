/** What the prover refuses, where chips of a user take part: which chip is wrong, in which row, and what to do. */
import { checkExecution, explainFinding, type Finding } from '../../machine/check.ts';
import type { Machine } from '../../machine/machine.ts';
import { MissingTupleError } from '../../machine/witness.ts';
import { UnsatisfiedError } from '../../stark/prover/prove.ts';
import type { Program, ProgramInput } from '../../vm/executor/program.ts';
import { run } from '../../vm/executor/run.ts';
import { CliError } from '../cli-error.ts';
import type { Config } from './config-file.ts';

/** `cause` itself if it is not about what a chip wrote. Runs the program again, with the checker, where that tells more. */
export function chipError(
  machine: Machine,
  config: Config,
  program: Program,
  input: ProgramInput,
  cause: unknown,
): unknown {
  if (!(cause instanceof UnsatisfiedError || cause instanceof MissingTupleError)) return cause;
  const result = run(program, input, { record: machine.recorded });
  const findings = result.kind === 'halted' ? checkExecution(machine, program, result.execution!) : [];
  const own = new Set(config.extensions.flatMap(({ chips = [] }) => chips.map(({ air }) => air.name)));
  const about = (finding: Finding): string | undefined =>
    (finding.kind === 'constraint' ? [finding.chip] : finding.by.map(({ chip }) => chip)).find((name) => own.has(name));
  // What a user's chip takes part in comes first: the others fail in consequence.
  const finding = findings.find((f) => about(f) !== undefined);
  if (finding === undefined) return cause;
  return new CliError('config', explainFinding(finding), { cause, help: helpOf(about(finding)!) });
}

const helpOf = (chip: string): string => `\`ulp chip check ${chip}\` tries the chip alone and says all that is wrong`;
