/** Command lines in tests: files in memory, output and exit code as values, and the real machine unless told otherwise. */
import { bytesSource } from '../protocol/byte-source.ts';
import { CliError } from './cli-error.ts';
import type { Engine } from './engine.ts';
import type { Io } from './io.ts';
import { machineEngine } from './machine-engine.ts';
import { runUlp } from './ulp.ts';

export const DIRECTORY = Symbol('a directory');
export type FakeFile = string | Uint8Array | typeof DIRECTORY;

export interface CliResult {
  readonly out: string;
  readonly err: string;
  readonly code: number | undefined;
}

let shared: Engine | undefined;
/** Built once: the machine's relation takes some 100 ms. */
export const realEngine = (): Engine => {
  shared ??= machineEngine();
  return shared;
};

export class Cli {
  readonly files: Map<string, FakeFile>;
  private readonly engine: Engine;

  constructor(files: Readonly<Record<string, FakeFile>> = {}, engine: Partial<Engine> = {}) {
    this.files = new Map(Object.entries(files));
    this.engine = { ...realEngine(), ...engine };
  }

  /** Runs `ulp` with these arguments; a string is split at spaces. */
  async run(line: string | readonly string[]): Promise<CliResult> {
    const [out, err]: [string[], string[]] = [[], []];
    let code: number | undefined;
    const io: Io = {
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      readFile: async (path) => this.read(path),
      openFile: async (path) => bytesSource(this.read(path)),
      requireWritable: async (path) => this.requireFile(path),
      writeFile: async (path, bytes) => {
        this.requireFile(path);
        this.files.set(path, bytes);
      },
      makeFolder: async (path) => void this.files.set(path, DIRECTORY),
      exists: async (path) => this.files.has(path),
      exitCode: (value) => {
        code = value;
      },
      interactive: false,
      colours: false,
    };
    await runUlp(io, async () => this.engine, typeof line === 'string' ? line.split(' ') : line);
    return { out: out.join('\n'), err: err.join('\n'), code };
  }

  private requireFile(path: string): void {
    if (this.files.get(path) === DIRECTORY) throw new CliError('file', `cannot write ${path}: it is a directory`);
  }

  /** A file that must exist by now. */
  text(path: string): string {
    return new TextDecoder().decode(this.read(path));
  }

  read(path: string): Uint8Array {
    const file = this.files.get(path);
    if (file === undefined) throw new CliError('file', `cannot read ${path}: no such file or directory`);
    if (file === DIRECTORY) throw new CliError('file', `cannot read ${path}: it is a directory`);
    return typeof file === 'string' ? new TextEncoder().encode(file) : file;
  }
}

/** Adds public word 0 to the numbers below 10 and hint halfword 0, and fails unless hint halfword 1 is 7. */
export const SUM = `
.text
.globl _start
_start:
    ulp.pub.w t1, 0(zero)
    li t3, 10
loop:
    addi t3, t3, -1
    add t1, t1, t3
    bnez t3, loop
    ulp.hint.hu t2, 0(zero)
    add t1, t1, t2
    ulp.hint.hu t2, 2(zero)
    li t3, 7
    ulp.assert.eq t2, t3, "the second hint is not 7"
    ulp.out t1, 0(zero)
    li a0, 0
    li a7, 93
    ecall
`;
export const SUM_CASE = '{"publicInput": [5], "hints": [100, 7]}';

/** A command line with `sum.elf` and `case.json` ready. */
export async function sumCli(
  files: Readonly<Record<string, FakeFile>> = {},
  engine: Partial<Engine> = {},
): Promise<Cli> {
  const cli = new Cli({ 'sum.s': SUM, 'case.json': SUM_CASE, ...files }, engine);
  const { err } = await cli.run('asm sum.s -o sum.elf');
  if (err !== '') throw new Error(err);
  return cli;
}
