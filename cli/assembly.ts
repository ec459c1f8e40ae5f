/** Assembles files on disk, and prints what the assembler has to say. */
import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { assemble, type ReadFile, renderAll, type SourceFile } from '../asm/index.ts';
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
 * The executable, or undefined after errors, which are printed and set the exit code.
 * @throws {CliError} `file` if a source cannot be read.
 */
export async function assembleFiles(
  io: Io,
  engine: Engine,
  paths: readonly string[],
  read: ReadFile = readIncluded,
): Promise<Uint8Array | undefined> {
  const sources: SourceFile[] = [];
  for (const path of paths) sources.push({ path, text: new TextDecoder().decode(await io.readFile(path)) });
  const { elf, diagnostics } = assemble(sources, { table: engine.instructions, read });
  if (diagnostics.length > 0) io.err(renderAll(diagnostics));
  if (elf === undefined) io.exitCode(EXIT.failed);
  return elf;
}
