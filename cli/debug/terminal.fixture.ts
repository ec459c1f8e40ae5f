/** A terminal with lines typed in advance; what it shows and what is printed come together as a transcript. */
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import type { Terminal } from './terminal.ts';

export interface Typed {
  readonly terminal: Terminal;
  /** Passes everything else on to `io`. */
  readonly io: Io;
  transcript(): string;
  exitCode(): number | undefined;
}

/** `files`: by path, read by commands. */
export function typed(lines: readonly string[], files: ReadonlyMap<string, string | Uint8Array>): Typed {
  const shown: string[] = [];
  let code: number | undefined;
  const unused = (): never => {
    throw new Error('unexpected use of the outside');
  };
  const io: Io = {
    out: (text) => void shown.push(text),
    err: (text) => void shown.push(text),
    async readFile(path) {
      const file = files.get(path);
      if (file === undefined) throw new CliError('file', `cannot read ${path}: no such file or directory`);
      return typeof file === 'string' ? new TextEncoder().encode(file) : file;
    },
    exitCode: (value) => {
      code = value;
    },
    ...{ openFile: unused, requireWritable: unused, writeFile: unused, makeFolder: unused, exists: unused },
    ...{ interactive: false, colours: false },
  };
  const terminal: Terminal = {
    lines: (prompt) => ({
      prompt: () => undefined,
      onInterrupt: () => undefined,
      close: () => undefined,
      async *[Symbol.asyncIterator]() {
        for (const line of lines) {
          shown.push(`${prompt}${line}`);
          yield line;
        }
      },
    }),
    connection: unused,
  };
  return { terminal, io, transcript: () => shown.join('\n'), exitCode: () => code };
}
