import { basename } from 'node:path';
import { Command } from 'commander';
import { type ArchiveMember, archiveMembers, writeArchive } from '../../asm/archive.ts';
import { ElfError } from '../../asm/elf.ts';
import { assembleObjectFile } from '../assembly.ts';
import { CliError } from '../cli-error.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';

const HELP = `
Objects are stored in the order given, sources are assembled first. The archive has the symbol index that other linkers
need, and the same files give the same bytes.

Examples:
  ulp ar guests/lib/*.s -o libulp.a
  ulp ar --list libulp.a`;

export function arCommand(io: Io, engine: Engine): Command {
  return new Command('ar')
    .description('gather objects in an archive, for `ulp link`')
    .argument('<files...>', 'objects (.o) and sources; with --list one archive')
    .option('-o, --output <file>', 'archive to write')
    .option('--list', 'print the names of the members')
    .addHelpText('after', HELP)
    .action(async (files: string[], { output, list }: { output?: string; list?: true }) => {
      if (list) {
        for (const file of files) for (const { name } of membersOf(file, await io.readFile(file))) io.out(name);
        return;
      }
      if (output === undefined) throw new CliError('usage', 'name the archive by -o, or list one by --list');
      const members: ArchiveMember[] = [];
      for (const file of files) {
        const bytes = file.endsWith('.o') ? await io.readFile(file) : await assembleObjectFile(io, engine, file);
        if (bytes !== undefined) members.push({ name: basename(file).replace(/\.\w+$/, '.o'), bytes });
      }
      const twice = members.find(({ name }, i) => members.findIndex((one) => one.name === name) < i);
      if (twice !== undefined) throw new CliError('usage', `two members would be called ${twice.name}`);
      if (members.length === files.length) await io.writeFile(output, writeArchive(members));
    });
}

/** @throws {CliError} `program` */
function membersOf(path: string, file: Uint8Array): readonly ArchiveMember[] {
  try {
    return archiveMembers(file);
  } catch (cause) {
    if (!(cause instanceof ElfError)) throw cause;
    const help = 'name an archive, as `ulp ar` and other archivers write them';
    throw new CliError('program', `${path}: ${cause.message}`, { cause, help });
  }
}
