/**
 * Regenerates asm/gnu-link.vectors.json: the objects GNU as makes of gnu-link-corpus.mjs, and what GNU ld makes of them.
 *
 * Needs binutils for RISC-V (Debian: binutils-riscv64-unknown-elf). Run: node scripts/generate-gnu-link-vectors.mjs
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LINK_SCRIPT, PROGRAMS } from './gnu-link-corpus.mjs';

const AS = ['riscv64-unknown-elf-as', '-march=rv32imf_zicsr', '-mabi=ilp32f'];
const LD = ['riscv64-unknown-elf-ld', '-m', 'elf32lriscv', '--no-relax', '-T', 'link.ld', '-o', 'out.elf'];

const programs = PROGRAMS.map(({ name, files }) => {
  const folder = mkdtempSync(join(tmpdir(), 'gnu-link-'));
  const run = (tool, ...options) => execFileSync(tool, options, { cwd: folder, encoding: 'utf8' });
  try {
    writeFileSync(join(folder, 'link.ld'), LINK_SCRIPT);
    const objects = Object.entries(files).map(([file, text]) => {
      writeFileSync(join(folder, file), text);
      const object = file.replace('.s', '.o');
      run(...AS, '-o', object, file);
      return object;
    });
    run(...LD, ...objects);
    const sections = ['.text', '.rodata', '.data'].map((section) => {
      run('riscv64-unknown-elf-objcopy', '-O', 'binary', '-j', section, 'out.elf', 'out.bin');
      return [section, readFileSync(join(folder, 'out.bin')).toString('hex')];
    });
    const symbols = run('riscv64-unknown-elf-nm', '-n', 'out.elf').trim().split('\n');
    const gnuObjects = objects.map((object) => {
      run('riscv64-unknown-elf-strip', '-R', '.riscv.attributes', '--strip-debug', object);
      return [object, gzipSync(readFileSync(join(folder, object)), { level: 9 }).toString('base64')];
    });
    return { name, files, objects: Object.fromEntries(gnuObjects), sections: Object.fromEntries(sections), symbols };
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const version = (tool) => execFileSync(tool, ['--version'], { encoding: 'utf8' }).split('\n')[0];
const vectors = {
  source: `${version(AS[0])}; ${version(LD[0])}`,
  command: `${AS.join(' ')} -o FILE.o FILE.s (relaxation relocations included); ${LD.join(' ')} FILES.o`,
  note: 'objects are gzip in base64, sections are bytes in memory order; regenerate by: node scripts/generate-gnu-link-vectors.mjs',
  script: LINK_SCRIPT,
  programs,
};
writeFileSync(new URL('../asm/gnu-link.vectors.json', import.meta.url), `${JSON.stringify(vectors, undefined, 2)}\n`);
console.log(`${programs.length} programs`);
