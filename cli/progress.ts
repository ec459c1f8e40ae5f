/** A progress bar per phase on a terminal, one line per phase elsewhere; silent where asked. */
import cliProgress from 'cli-progress';
import { durationText } from './format.ts';
import type { Io } from './io.ts';

export interface Progress {
  /** A phase begins; the one before is done. */
  phase(name: string): void;
  /** Part of the current phase that is done, in [0, 1]. */
  at(fraction: number): void;
  /** The last phase is done. */
  done(): void;
  /** The current phase will never be done. */
  abandon(): void;
}

export const noProgress: Progress = { phase: () => {}, at: () => {}, done: () => {}, abandon: () => {} };

export function progressOf(io: Io, quiet: boolean): Progress {
  if (quiet) return noProgress;
  return io.interactive ? bars() : lines(io);
}

function bars(): Progress {
  let bar: cliProgress.SingleBar | undefined;
  const done = (): void => {
    bar?.update(100);
    abandon();
  };
  const abandon = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    phase: (name) => {
      done();
      bar = new cliProgress.SingleBar(
        {
          format: `  ${name.padEnd(12)} {bar} {percentage}%  {duration_formatted}`,
          hideCursor: true,
          fps: 10,
          barsize: 24,
        },
        cliProgress.Presets.shades_classic,
      );
      bar.start(100, 0);
    },
    at: (fraction) => bar?.update(Math.round(100 * Math.min(1, fraction))),
    done,
    abandon,
  };
}

function lines(io: Io): Progress {
  let name: string | undefined;
  let start = 0;
  const done = (): void => {
    if (name !== undefined) io.err(`  ${name.padEnd(12)} ${durationText(performance.now() - start)}`);
    name = undefined;
  };
  return {
    phase: (next) => {
      done();
      name = next;
      start = performance.now();
    },
    at: () => {},
    done,
    abandon: () => {},
  };
}
