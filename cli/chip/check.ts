/** `ulp chip check`: the verdict on one chip, in words. */
import { type CheckPart, type ChipCheckOptions, type ChipForgeries, checkChip } from '../../kit/chip-check.ts';
import { CliError } from '../cli-error.ts';
import { placed } from '../config/config-file.ts';
import type { Engine } from '../engine.ts';
import { EXIT, type Io } from '../io.ts';
import { styleOf } from '../style.ts';

export interface ChipVerdict {
  readonly chip: string;
  readonly accepted: boolean;
  readonly parts: readonly CheckPart[];
}

/** @throws {CliError} `config` if the extension's forgeries cannot be loaded */
export async function checkNamed(engine: Engine, chip: string, options: ChipCheckOptions): Promise<ChipVerdict> {
  const own = await forgeriesOf(engine, chip);
  const parts = checkChip(engine.machine, chip, own, options);
  return { chip, accepted: parts.every(({ verdict }) => verdict !== 'failed'), parts };
}

/** What the user's extensions say about the chip. */
async function forgeriesOf({ config }: Engine, chip: string): Promise<ChipForgeries | undefined> {
  for (const { name, chips = [], forgeries } of config?.extensions ?? []) {
    if (forgeries === undefined || !chips.some(({ air }) => air.name === chip)) continue;
    const loaded = await forgeries().catch((cause: unknown) => {
      throw placed(cause, config!.path);
    });
    const list = [loaded.default].flat() as readonly (ChipForgeries | undefined)[];
    if (list.some((entry) => typeof entry?.air?.name !== 'string' || !Array.isArray(entry.forgeries))) {
      throw new CliError(
        'config',
        `forgeries of ${name}: expected a default export with air and forgeries, got another`,
        { help: 'export default { air, forgeries }, or a list of these: `ulp chip new` writes an example' },
      );
    }
    const own = list.find((entry) => entry!.air.name === chip);
    if (own !== undefined) return own;
  }
  return undefined;
}

/** Of what was not checked, this many lines. */
const MAX_OPEN = 12;

export function printVerdict(io: Io, { chip, accepted, parts }: ChipVerdict): void {
  const { bold, good, bad, dim } = styleOf(io);
  io.out(bold(chip));
  const mark = { passed: good('passed     '), failed: bad('failed     '), 'not checked': dim('not checked') };
  for (const { name, verdict, summary, details } of parts) {
    // A failed part has not found what its summary says.
    io.out(`  ${mark[verdict]}  ${name.padEnd(13)}  ${verdict === 'failed' ? `${details.length} of these:` : summary}`);
    const shown = verdict === 'failed' ? details : details.slice(0, MAX_OPEN);
    for (const detail of shown) io.out(`                  ${detail}`);
    if (shown.length < details.length) {
      io.out(dim(`                  and ${details.length - shown.length} more: --json lists them`));
    }
  }
  const open = parts.filter(({ verdict }) => verdict === 'not checked').map(({ name }) => name);
  const limits = open.length === 0 ? '' : `; not or not all checked: ${open.join(', ')}`;
  io.out(accepted ? good(`nothing wrong was found${limits}`) : bad(`this chip is wrong${limits}`));
  io.exitCode(accepted ? EXIT.accepted : EXIT.rejected);
}
