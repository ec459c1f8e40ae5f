/** The command `ulp`: all verbs, and the one place where failures become messages and exit codes. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { cliErrorOf } from './cli-error.ts';
import { arCommand } from './commands/ar.ts';
import { asmCommand } from './commands/asm.ts';
import { chipCommand } from './commands/chip.ts';
import { costCommand } from './commands/cost.ts';
import { debugCommand } from './commands/debug.ts';
import { demoCommand } from './commands/demo.ts';
import { disasmCommand } from './commands/disasm.ts';
import { fmtCommand } from './commands/fmt.ts';
import { layerCommand } from './commands/layer.ts';
import { linkCommand } from './commands/link.ts';
import { proveCommand } from './commands/prove.ts';
import { runCommand } from './commands/run.ts';
import { verifyCommand } from './commands/verify.ts';
import { vkCommand } from './commands/vk.ts';
import type { OpenEngine } from './config/open-engine.ts';
import { deferredEngine } from './deferred-engine.ts';
import type { Engine } from './engine.ts';
import { EXIT, type Io } from './io.ts';
import { PACKAGE_ROOT } from './layer/guest.ts';

const HELP = `
Exit codes: 0 done or accepted; 1 a proof or a claim was rejected; 2 usage, file or program error.

Examples:
  ulp demo
  ulp layer linear --x x.safetensors --w w.safetensors --y y.safetensors --samples 64 --out proof.ulp
  ulp layer verify proof.ulp
  ulp asm guests/linear.s -o linear.elf`;

export function ulpCommand(io: Io, engine: Engine): Command {
  const { version } = JSON.parse(readFileSync(new URL('package.json', PACKAGE_ROOT), 'utf8')) as { version: string };
  const ulp = new Command('ulp')
    .description('prove runs of RISC-V programs with native BF16 and FP32, bit for bit')
    .version(version)
    .option('--config <file>', 'chips of your own (default: ulp.config.ts, .js or .mjs in the working directory)')
    .addHelpText('after', HELP);
  const verbs = [
    asmCommand,
    linkCommand,
    arCommand,
    fmtCommand,
    disasmCommand,
    runCommand,
    debugCommand,
    costCommand,
    proveCommand,
    verifyCommand,
    vkCommand,
    layerCommand,
    chipCommand,
    demoCommand,
  ];
  for (const verb of verbs) ulp.addCommand(verb(io, engine));
  for (const command of commandsUnder(ulp)) {
    command
      .exitOverride()
      .helpCommand(false)
      .showHelpAfterError(`(\`${nameOf(command)} --help\` shows how it is used)`)
      .configureOutput({ writeOut: (text) => io.out(text.trimEnd()), writeErr: (text) => io.err(text.trimEnd()) })
      .configureHelp({ helpWidth: 120, sortSubcommands: false });
  }
  return ulp;
}

/** The command itself and all below it. */
export const commandsUnder = (command: Command): Command[] => [command, ...command.commands.flatMap(commandsUnder)];

/** "ulp layer linear". */
export const nameOf = (command: Command): string =>
  command.parent ? `${nameOf(command.parent)} ${command.name()}` : command.name();

/** Verbs that speak of proofs: the only ones for which a machine's fixed tables must be committed. */
const PROVING: ReadonlySet<string> = new Set(['prove', 'verify', 'vk', 'layer', 'demo']);

/** The verb that a command belongs to: "layer" of `ulp layer linear`. */
const verbOf = (command: Command): string => nameOf(command).split(' ')[1] ?? '';

/** Runs one command line, program name and script left out. Never throws: the exit code is set in `io`. */
export async function runUlp(io: Io, open: OpenEngine, args: readonly string[], debug = false): Promise<void> {
  const engine = deferredEngine();
  const ulp = ulpCommand(io, engine).hook('preAction', async (root, command) => {
    engine.open(await open(io, { ...root.opts<{ config?: string }>(), proves: PROVING.has(verbOf(command)) }));
  });
  try {
    await ulp.parseAsync([...args], { from: 'user' });
  } catch (cause) {
    if (cause instanceof CommanderError) {
      // Commander has printed its message, or the help that was asked for.
      io.exitCode(cause.exitCode === 0 ? EXIT.accepted : EXIT.failed);
      return;
    }
    const error = cliErrorOf(cause);
    io.err(`error: ${error.message}`);
    if (error.help !== undefined) io.err(`  help: ${error.help}`);
    if (debug) io.err(`${error.cause instanceof Error ? error.cause.stack : error.stack}`);
    io.exitCode(EXIT.failed);
  }
}
