import { Command } from 'commander';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { machineText } from '../machine-text.ts';
import { readProgram } from '../program-file.ts';

const HELP = `
The digest names the program and the relation that its proofs satisfy. It is the same on every machine and changes
exactly when the text, the data or the machine's chips change.

Example:
  ulp vk linear.elf`;

export function vkCommand(io: Io, engine: Engine): Command {
  return new Command('vk')
    .description("print the digest of a program's verifying key")
    .argument('<program>', 'executable, as written by `ulp asm`')
    .addHelpText('after', HELP)
    .action(async (path: string) => {
      io.out(engine.verifyingKey(await readProgram(io, engine, path)));
      if (engine.config !== undefined) io.err(`note: the key of ${machineText(engine)}; Ulp alone has another`);
    });
}
