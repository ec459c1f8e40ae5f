/** Where a measurement was made: every line of results carries it. */
import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';

export interface Environment {
  readonly time: string;
  readonly command: string;
  /** Short commit, with `+` if files were changed; `unknown` outside of a checkout. */
  readonly commit: string;
  readonly machine: string;
  readonly node: string;
}

export function environment(command: string): Environment {
  const [first] = cpus();
  const gib = Math.round(totalmem() / 2 ** 30);
  return {
    time: new Date().toISOString(),
    command,
    commit: commit(),
    machine: `${first?.model.trim() ?? 'unknown'}, ${cpus().length} cores, ${gib} GiB`,
    node: process.version,
  };
}

function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+'}`;
  } catch {
    return 'unknown';
  }
}
