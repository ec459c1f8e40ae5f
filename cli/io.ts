/** What a command may do to the outside: so that tests run commands without a process. */
import { access, constants, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ByteSource, fileSource } from '../protocol/byte-source.ts';
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
  /** A file that is read by ranges, for tensors larger than memory. @throws {CliError} `file`. */
  openFile(path: string): Promise<ByteSource>;
  /** With `secret`, for its owner only. @throws {CliError} `file` with the path and the reason. */
  writeFile(path: string, bytes: Uint8Array | string, options?: { readonly secret?: boolean }): Promise<void>;
  /** Fails now if a file could not be written later, after the work. @throws {CliError} `file`. */
  requireWritable(path: string): Promise<void>;
  /** Creates the folder and those above it. @throws {CliError} `file`. */
  makeFolder(path: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  exitCode(code: number): void;
  /** Standard error is a terminal that can redraw a progress bar. */
  readonly interactive: boolean;
  /** Standard output shows colours. */
  readonly colours: boolean;
}

export const processIo: Io = {
  out: (line) => void process.stdout.write(`${line}\n`),
  err: (line) => void process.stderr.write(`${line}\n`),
  readFile: async (path) => readFile(path).catch((cause) => fail('read', path, cause)),
  openFile: async (path) => {
    const status = await stat(path).catch((cause) => fail('read', path, cause));
    if (status.isDirectory()) fail('read', path, Object.assign(new Error(), { code: 'EISDIR' }));
    return fileSource(path).catch((cause) => fail('read', path, (cause as Error).cause as NodeJS.ErrnoException));
  },
  writeFile: async (path, bytes, { secret = false } = {}) =>
    writeFile(path, bytes, secret ? { mode: 0o600 } : {}).catch((cause) => fail('write', path, cause)),
  requireWritable: async (path) => {
    const status = await stat(path).catch(() => undefined);
    if (status?.isDirectory()) fail('write', path, Object.assign(new Error(), { code: 'EISDIR' }));
    const [target, mode] =
      status === undefined ? [dirname(path), constants.W_OK | constants.X_OK] : [path, constants.W_OK];
    await access(target, mode).catch((cause) => fail('write', path, cause));
  },
  makeFolder: async (path) =>
    void (await mkdir(path, { recursive: true }).catch((cause) => fail('create', path, cause))),
  exists: (path) =>
    stat(path).then(
      () => true,
      () => false,
    ),
  exitCode: (code) => {
    process.exitCode = code;
  },
  interactive: process.stderr.isTTY === true && process.env['CI'] === undefined,
  colours: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
};

/** A file that another command writes: whoever misses it is told `origin`. @throws {CliError} `file` */
export async function readWritten(io: Io, path: string, origin: string): Promise<Uint8Array> {
  return io.readFile(path).catch((cause: unknown) => {
    throw cause instanceof CliError ? new CliError(cause.code, cause.message, { cause, help: origin }) : cause;
  });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'a file of this name is in the way',
  EISDIR: 'it is a directory',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of the path is not a directory',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};

function fail(verb: string, path: string, cause: NodeJS.ErrnoException): never {
  const [reason, help] =
    verb === 'write' && cause.code === 'ENOENT'
      ? [`there is no folder ${dirname(path)}`, `create it first: \`mkdir -p ${dirname(path)}\``]
      : [REASONS[cause.code ?? ''] ?? cause.message];
  throw new CliError('file', `cannot ${verb} ${path}: ${reason}`, { cause, ...(help !== undefined && { help }) });
}
