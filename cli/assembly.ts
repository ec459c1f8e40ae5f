/** Assembles and links files on disk, and prints what the assembler has to say. */
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { assemble, assembleObject, type Diagnostic, type InputFile, type ReadFile, renderAll } from '../asm/index.ts';
import { CliError } from './cli-error.ts';
import type { Engine } from './engine.ts';
import { EXIT, type Io } from './io.ts';

/** Included files are found beside the file that includes them. */
const readIncluded: ReadFile = (path, from) => {
  const found = isAbsolute(path) ? path : join(dirname(from), path);
  try {
    return { path: found, text: readFileSync(found, 'utf8') };
  } catch {
    return undefined;
  }
};

/**
 * The executable that sources, objects (.o) and archives (.a) make, or undefined after errors, which are printed and set the exit code.
 * @throws {CliError} `file` if a source cannot be read.
 */
export async function assembleFiles(
  io: Io,
  engine: Engine,
  paths: readonly string[],
  read: ReadFile = readIncluded,
): Promise<Uint8Array | undefined> {
  if (paths.every((path) => path.endsWith('.a'))) {
    throw new CliError(
      'usage',
      'expected a source or an object beside the archives: only what is needed is taken of these',
    );
  }
  const files: InputFile[] = [];
  for (const path of paths) {
    const bytes = await io.readFile(path);
    files.push(/\.[oa]$/.test(path) ? { path, bytes } : { path, text: sourceText(path, bytes) });
  }
  const { elf, diagnostics } = assemble(files, { table: engine.instructions, read });
  return reported(io, elf, diagnostics);
}

/** As `assembleFiles`: the object file of one source. */
export async function assembleObjectFile(
  io: Io,
  engine: Engine,
  path: string,
  read: ReadFile = readIncluded,
): Promise<Uint8Array | undefined> {
  const text = sourceText(path, await io.readFile(path));
  const { object, diagnostics } = assembleObject({ path, text }, { table: engine.instructions, read });
  return reported(io, object, diagnostics);
}

/** The text of a source. @throws {CliError} `program` if it is none. */
export function sourceText(path: string, bytes: Uint8Array): string {
  if (!bytes.includes(0)) return new TextDecoder().decode(bytes);
  const help = 'names of objects end in .o, those of archives in .a; anything else is assembled';
  throw new CliError('program', `${path}: expected a source in text, got a binary file`, { help });
}

function reported(io: Io, made: Uint8Array | undefined, diagnostics: readonly Diagnostic[]): Uint8Array | undefined {
  if (diagnostics.length > 0) io.err(renderAll(diagnostics));
  if (made === undefined) io.exitCode(EXIT.failed);
  return made;
}
