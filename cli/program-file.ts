/** Programs from files. */
import { ElfError } from '../asm/elf.ts';
import type { Program, ProgramInput } from '../vm/executor/program.ts';
import { parseCase } from './case-file.ts';
import { CliError } from './cli-error.ts';
import type { Engine } from './engine.ts';
import type { Io } from './io.ts';

/** @throws {CliError} `file`, or `program` if the file is none or not one of this machine. */
export async function readProgram(io: Io, engine: Engine, path: string): Promise<Program> {
  const elf = await io.readFile(path);
  try {
    return engine.load(elf);
  } catch (cause) {
    if (!(cause instanceof ElfError || cause instanceof RangeError)) throw cause;
    throw programError(path, cause);
  }
}

/** What is wrong with an executable, and where to get one if it is none. */
export function programError(path: string, cause: ElfError | RangeError): CliError {
  const isNone = cause instanceof ElfError && cause.code === 'not-elf';
  const help = /\.(s|S|asm)$/.test(path)
    ? `assemble it first: \`ulp asm ${path} -o ${path.replace(/\.\w+$/, '.elf')}\``
    : isNone
      ? 'name an executable, as `ulp asm` and `ulp link` write them'
      : undefined;
  return new CliError('program', `${path}: ${cause.message}`, { cause, ...(help !== undefined && { help }) });
}

/** The input of a run; without a file, an empty one. @throws {CliError} `file`, `input`. */
export async function readCase(io: Io, path: string | undefined): Promise<Required<ProgramInput>> {
  if (path !== undefined) return parseCase(await io.readFile(path), path);
  return { publicInput: new Uint32Array(0), hints: new Uint16Array(0), advice: new Uint32Array(0) };
}
