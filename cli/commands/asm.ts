import { Command } from 'commander';
import { assembleFiles } from '../assembly.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';

const HELP = `
Files are assembled one after the other into one program. The entry is the label _start. Warnings do not stop the
program from being written; errors do, and all of them are shown.

Examples:
  ulp asm guests/linear.s -o linear.elf
  ulp asm main.s lib.s -o program.elf`;

export function asmCommand(io: Io, engine: Engine): Command {
  return new Command('asm')
    .description('assemble source files into a RISC-V ELF32 executable')
    .argument('<files...>', 'assembly sources')
    .requiredOption('-o, --output <file>', 'executable to write')
    .addHelpText('after', HELP)
    .action(async (files: string[], { output }: { output: string }) => {
      const elf = await assembleFiles(io, engine, files);
      if (elf !== undefined) await io.writeFile(output, elf);
    });
}
