/** A guest's trap for people and for scripts. */
import type { Trap } from '../vm/executor/trap.ts';
import { CliError } from './cli-error.ts';
import { countText, wordText } from './format.ts';

/** "assertion-failed: the message", then where it happened. */
export function explainTrap({ cause, pc, cycle, source, detail }: Trap): string {
  const place = source === undefined ? '' : `${source.file}:${source.line}, `;
  return `${cause}${detail === '' ? '' : `: ${detail}`}\n  at ${place}pc ${wordText(pc)}, cycle ${countText(cycle)}`;
}

/** A run that trapped has no result and no proof. */
export const trapError = (trap: Trap): CliError =>
  new CliError('trap', `the program trapped: ${explainTrap(trap)}`, { help: HELP[trap.cause] ?? NO_PROOF });

const NO_PROOF = 'only a run that ends with an exit code can be proven';

const HELP: Readonly<Partial<Record<Trap['cause'], string>>> = {
  'hint-out-of-range': 'the hint tape of the input is shorter than what the program reads',
  'advice-exhausted': 'the advice of the input is shorter than what the program takes',
  'advice-not-a-field-element': 'advice are numbers below 2130706433',
  'public-input-out-of-range': 'the public input of the input is shorter than what the program reads',
  unsupported: 'no chip proves this instruction yet; `ulp run --fast` executes it without recording',
  'out-of-time': 'the run is too long for one proof',
};
