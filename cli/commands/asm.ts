import { Command } from 'commander';
import { assembleFiles, assembleObjectFile } from '../assembly.ts';
import { CliError } from '../cli-error.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';

const HELP = `
Each source is assembled on its own, and all are linked with the objects (.o) and archives (.a) given: what another file
uses is declared by .globl. The entry is the label _start. Warnings do not stop the program from being written; errors do,
and all of them are shown.

Examples:
  ulp asm guests/linear.s -o linear.elf
  ulp asm main.s lib.s libulp.a -o program.elf
  ulp asm -c main.s -o main.o`;

export function asmCommand(io: Io, engine: Engine): Command {
  return new Command('asm')
    .description('assemble source files into a RISC-V ELF32 executable')
    .argument('<files...>', 'assembly sources')
    .option('-c', 'only assemble: write an object file, for `ulp link` or GNU ld')
    .requiredOption('-o, --output <file>', 'executable or object to write')
    .addHelpText('after', HELP)
    .action(async (files: string[], { output, c }: { output: string; c?: true }) => {
      if (c && files.length > 1) throw new CliError('usage', 'one source makes one object: give -c one file');
      const elf = await (c ? assembleObjectFile(io, engine, files[0]!) : assembleFiles(io, engine, files));
      if (elf !== undefined) await io.writeFile(output, elf);
    });
}
