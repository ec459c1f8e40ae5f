import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { ElfError, type ElfImage, readElf } from '../../asm/elf.ts';
import { listing } from '../../asm/index.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { programError } from '../program-file.ts';

const HELP = `
Each instruction is shown with its address and its word, under its symbol and the source lines it comes from (in a
macro: where it is used, then where it is written). Sources are looked for where the assembler found them.

Examples:
  ulp disasm linear.elf
  ulp disasm linear.elf --pseudo --no-source`;

export function disasmCommand(io: Io, engine: Engine): Command {
  return new Command('disasm')
    .description('show the instructions of an executable')
    .argument('<program>', 'executable')
    .option('--pseudo', 'pseudo-instructions where there are, `ret` for `jalr zero, 0(ra)`')
    .option('--no-source', 'without source lines')
    .addHelpText('after', HELP)
    .action(async (path: string, { pseudo = false, source }: { pseudo?: boolean; source: boolean }) => {
      const image = imageOf(path, await io.readFile(path));
      const shown = source ? image : { ...image, lines: [] };
      for (const line of listing(shown, { table: engine.instructions, pseudo, source: readSource })) io.out(line);
    });
}

/** @throws {CliError} `program` */
function imageOf(path: string, file: Uint8Array): ElfImage {
  try {
    return readElf(file);
  } catch (cause) {
    throw cause instanceof ElfError ? programError(path, cause) : cause;
  }
}

/** A source that is not there any more leaves its places. */
function readSource(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
