/** The engine of a command line: this project's machine, and the extensions of `ulp.config.ts`. */
import type { Machine } from '../../machine/machine.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { hasTables } from '../../machine/with-fixed-roots.ts';
import { CliError } from '../cli-error.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { machineEngine } from '../machine-engine.ts';
import { readConfig } from './config-file.ts';
import { withCachedRoots } from './roots-cache.ts';

export interface OpenOptions {
  /** The file given with --config. */
  readonly config?: string;
  /** The command speaks of proofs, so that the roots of fixed tables matter. */
  readonly proves: boolean;
}

export type OpenEngine = (io: Io, options: OpenOptions) => Promise<Engine>;

/** @throws {CliError} `file`, `config` */
export const openEngine: OpenEngine = async (io, { config: named, proves }) => {
  const config = await readConfig(io, named);
  if (config === undefined) return machineEngine();
  const { path, extensions } = config;
  const composed = compose(path, () => ulpMachine(extensions));
  const machine = proves && hasTables(extensions) ? await withCachedRoots(io, composed, extensions) : composed;
  return machineEngine(machine, { path, extensions });
};

/** What the machine refuses (names, encodings, buses that two tables answer) is the configuration's mistake. */
function compose(path: string, define: () => Machine): Machine {
  try {
    return define();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CliError('config', `${path}: ${cause.message}`, { cause });
  }
}
