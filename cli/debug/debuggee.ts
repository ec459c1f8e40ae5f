/** Programs from files for the debugger and the trace: with lines, sources and a disassembler. */
import { dirname, join } from 'node:path';
import { disassemble } from '../../asm/disassemble.ts';
import { readElf } from '../../asm/elf.ts';
import type { Debuggee } from '../../vm/debugger/session.ts';
import type { ProgramInput } from '../../vm/executor/program.ts';
import { CliError } from '../cli-error.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { readProgram } from '../program-file.ts';

/** @throws {CliError} as `readProgram`. Sources that cannot be read are left out. */
export async function readDebuggee(io: Io, engine: Engine, path: string, input: ProgramInput): Promise<Debuggee> {
  const program = await readProgram(io, engine, path);
  const { lines } = readElf(await io.readFile(path));
  const files = [...new Set(lines.flatMap(({ written, used }) => [written.file, used.file]))];
  const sources = new Map<string, readonly string[]>();
  for (const file of files) {
    // As the assembler was given it, or beside the program.
    for (const place of [file, join(dirname(path), file)]) {
      const text = await textOf(io, place);
      if (text === undefined) continue;
      sources.set(file, text.split(/\r?\n/));
      break;
    }
  }
  return {
    program,
    input,
    lines,
    disassemble: (word, pc, nameOf) => disassemble(word, engine.instructions, { pc, nameOf, pseudo: true }),
    source: (file) => sources.get(file),
  };
}

async function textOf(io: Io, path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await io.readFile(path));
  } catch (cause) {
    if (cause instanceof CliError) return undefined;
    throw cause;
  }
}
