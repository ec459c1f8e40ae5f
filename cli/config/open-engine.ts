/** The engine of a command line: this project's machine, and the extensions of `ulp.config.ts`. */
import type { Machine } from '../../machine/machine.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { hasTables } from '../../machine/with-fixed-roots.ts';
import { CliError } from '../cli-error.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { machineEngine } from '../machine-engine.ts';
import { GUIDE, readConfig } from './config-file.ts';
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
    const text = cause instanceof Error ? cause.message : String(cause);
    if (cause instanceof RangeError) throw new CliError('config', `${path}: ${text}`, { cause, help: helpOf(text) });
    throw new CliError('config', `${path}: the machine cannot be composed: ${text}`, { cause, help: GUIDE });
  }
}

/** The next step, by what the message is about. */
function helpOf(text: string): string {
  for (const [about, help] of HELP) if (about.test(text)) return help;
  return GUIDE;
}

const HELP: readonly (readonly [RegExp, string])[] = [
  [/rows of a fixed table/, 'put more tuples side by side (`perRow`), or split the operand over tables of fewer bits'],
  [
    /^chips: expected distinct names/,
    '`name` of defineAir must be one that neither Ulp (docs/chips.md) nor another of your chips has',
  ],
  [/^specs: expected unique op ids/, 'op ids from 224 to 255 are left to users: change `op` of the spec'],
  [
    /^specs: expected disjoint encodings/,
    'opcode 0x7b (custom-3) is left to users: change opcode, funct3 or funct7 of the spec',
  ],
  [/^specs: expected unique mnemonics/, 'change `mnemonic` of the spec'],
  [
    /receives from bus/,
    'list the table that answers it under `tables`, or the chip under `chips`; buses are found by name',
  ],
  [/^bus .*expected one table/, 'give the bus of your table a name of its own'],
];
