import { Command } from 'commander';
import { assembleFiles } from '../assembly.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';

const HELP = `
Takes objects of \`ulp asm -c\`, GNU as, GCC and Clang (compiled by -march=rv32imf_zicsr -mabi=ilp32f), archives of them,
and sources. Of an archive, those objects are taken that define a name nothing else does. The entry is the symbol
_start. Code is never shortened: relaxation relocations are ignored.

Examples:
  ulp link main.o libulp.a -o program.elf
  ulp link guests/c/crt0.s factor.o -o factor.elf`;

export function linkCommand(io: Io, engine: Engine): Command {
  return new Command('link')
    .description('link objects and archives into an executable')
    .argument('<files...>', 'objects (.o), archives (.a), sources')
    .requiredOption('-o, --output <file>', 'executable to write')
    .addHelpText('after', HELP)
    .action(async (files: string[], { output }: { output: string }) => {
      const elf = await assembleFiles(io, engine, files);
      if (elf !== undefined) await io.writeFile(output, elf);
    });
}
