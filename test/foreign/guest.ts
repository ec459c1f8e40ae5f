/** C programs of `guests/c` in tests: their assembly as GCC wrote it, and the compiler itself where it is installed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, type InputFile, readElf, renderAll } from '../../asm/index.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { loadProgram } from '../../vm/executor/load.ts';
import type { Program } from '../../vm/executor/program.ts';

export const machine = ulpMachine();

const ROOT = new URL('../../', import.meta.url).pathname;
/** A compiler and the options that make it one for this machine. */
export interface Compiler {
  readonly name: string;
  readonly command: string;
  readonly options: readonly string[];
  /** Those for its linker. */
  readonly link: readonly string[];
}

const FREESTANDING = ['-mabi=ilp32f', '-nostdlib', '-ffreestanding', '-Iguests/c'];
export const GCC: Compiler = {
  name: 'GCC',
  command: 'riscv64-unknown-elf-gcc',
  options: ['-march=rv32imf_zicsr', ...FREESTANDING],
  link: [],
};
/** Up to version 16 Clang has CSR instructions without being asked, and does not know zicsr. */
export const CLANG: Compiler = {
  name: 'Clang',
  command: 'clang',
  options: ['--target=riscv32-unknown-elf', '-march=rv32imf', ...FREESTANDING],
  link: ['-fuse-ld=lld'],
};
export const LINK_SCRIPT = 'guests/c/link.ld';

export const isInstalled = ({ command, link }: Compiler): boolean =>
  (link.length > 0 ? [command, 'ld.lld'] : [command]).every((name) => spawnSync(name, ['--version']).status === 0);
export const hasGcc = isInstalled(GCC);

export const textFile = (path: string): InputFile => ({ path, text: readFileSync(join(ROOT, path), 'utf8') });

/** The executable this project's assembler and linker make. @throws Error with the diagnostics */
export function built(files: readonly InputFile[]): Uint8Array {
  const { elf, diagnostics } = assemble(files, { table: machine.instructions.table });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  return elf;
}

export const loaded = (elf: Uint8Array): Program => loadProgram(readElf(elf), machine.instructions);

/** What the compiler writes, with paths from the root of the project. */
export function compiled(compiler: Compiler, ...options: string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ulp-compiled-'));
  try {
    const output = join(folder, 'out');
    execFileSync(compiler.command, [...options, '-o', output], { cwd: ROOT, stdio: 'pipe' });
    return new Uint8Array(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
