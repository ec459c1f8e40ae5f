/** What a command may do to the outside: so that tests run commands without a process. */
import { readFile, writeFile } from 'node:fs/promises';
import { CliError } from './cli-error.ts';

/** Scripts depend on these: 1 always means that a proof or a claim was rejected, 2 that the command could not do its work. */
export const EXIT = { accepted: 0, rejected: 1, failed: 2 } as const;

export interface Io {
  /** One line on standard output. */
  out(line: string): void;
  /** One line on standard error. */
  err(line: string): void;
  /** @throws {CliError} `file` with the path and the reason. */
  readFile(path: string): Promise<Uint8Array>;
  /** @throws {CliError} `file` with the path and the reason. */
  writeFile(path: string, bytes: Uint8Array | string): Promise<void>;
  exitCode(code: number): void;
  /** Standard error is a terminal that can redraw a progress bar. */
  readonly interactive: boolean;
}

export const processIo: Io = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  readFile: async (path) => readFile(path).catch((cause) => fail('read', path, cause)),
  writeFile: async (path, bytes) => writeFile(path, bytes).catch((cause) => fail('write', path, cause)),
  exitCode: (code) => {
    process.exitCode = code;
  },
  interactive: process.stderr.isTTY === true && process.env['CI'] === undefined,
};

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is not a directory',
};

function fail(verb: string, path: string, cause: NodeJS.ErrnoException): never {
  throw new CliError('file', `cannot ${verb} ${path}: ${REASONS[cause.code ?? ''] ?? cause.message}`, { cause });
}
