/** C programs of `guests/c` in tests: their assembly as GCC wrote it, and the compiler itself where it is installed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble, type InputFile, readElf, renderAll } from '../../asm/index.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { loadProgram } from '../../vm/executor/load.ts';
import type { Program } from '../../vm/executor/program.ts';

export const machine = ulpMachine();

const ROOT = new URL('../../', import.meta.url).pathname;
const GCC = 'riscv64-unknown-elf-gcc';
export const GCC_OPTIONS = ['-march=rv32imf_zicsr', '-mabi=ilp32f', '-nostdlib', '-ffreestanding', '-Iguests/c'];
export const LINK_SCRIPT = 'guests/c/link.ld';

export const hasGcc = ((): boolean => {
  try {
    execFileSync(GCC, ['--version']);
    return true;
  } catch {
    return false;
  }
})();

export const textFile = (path: string): InputFile => ({ path, text: readFileSync(join(ROOT, path), 'utf8') });

/** The executable this project's assembler and linker make. @throws Error with the diagnostics */
export function built(files: readonly InputFile[]): Uint8Array {
  const { elf, diagnostics } = assemble(files, { table: machine.instructions.table });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  return elf;
}

export const loaded = (elf: Uint8Array): Program => loadProgram(readElf(elf), machine.instructions);

/** What GCC writes, with paths from the root of the project. */
export function compiled(...options: string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ulp-gcc-'));
  try {
    const output = join(folder, 'out');
    execFileSync(GCC, [...options, '-o', output], { cwd: ROOT, stdio: 'pipe' });
    return new Uint8Array(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
