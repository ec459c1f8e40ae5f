/**
 * Regenerates asm/gnu-as.vectors.json: what GNU as and ld make of the corpus in gnu-as-corpus.mjs.
 *
 * Needs binutils for RISC-V (Debian: binutils-riscv64-unknown-elf). Run: node scripts/generate-gnu-as-vectors.mjs
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DATA_CASES, TEXT_CASES } from './gnu-as-corpus.mjs';

const AS = ['riscv64-unknown-elf-as', '-march=rv32imf_zicsr_zfh_zihintpause', '-mabi=ilp32f', '-mno-relax'];
const LD = ['riscv64-unknown-elf-ld', '-m', 'elf32lriscv', '--no-relax', '-Ttext=0x10000'];

const run = ([tool, ...options], ...more) => execFileSync(tool, [...options, ...more], { encoding: 'utf8' });

/** The bytes of every case, as hexadecimal, from one run of the tools. Cases begin at multiples of 16. */
function assembleAll(section, cases) {
  const folder = mkdtempSync(join(tmpdir(), 'gnu-as-'));
  try {
    const body = cases.map((text, i) => `.balign 16\nulp_begin_${i}:\n${text}\nulp_end_${i}:\n`);
    const path = (name) => join(folder, name);
    writeFileSync(path('in.s'), `.section ${section}\n.globl _start\n_start:\n${body.join('')}`);
    run(AS, '-o', path('out.o'), path('in.s'));
    run(LD, '-o', path('out.elf'), path('out.o'));
    run(['riscv64-unknown-elf-objcopy'], '-O', 'binary', '-j', section, path('out.elf'), path('out.bin'));
    const bytes = readFileSync(path('out.bin'));
    const symbols = new Map(
      run(['riscv64-unknown-elf-nm'], path('out.elf'))
        .split('\n')
        .map((line) => line.split(' '))
        .map(([address, , name]) => [name, Number.parseInt(address, 16)]),
    );
    const base = symbols.get('_start');
    return cases.map((text, i) => ({
      text,
      bytes: bytes.subarray(symbols.get(`ulp_begin_${i}`) - base, symbols.get(`ulp_end_${i}`) - base).toString('hex'),
    }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const vectors = {
  source: run([AS[0]], '--version').split('\n')[0],
  command: `${AS.join(' ')} -o out.o in.s && ${LD.join(' ')} -o out.elf out.o`,
  note: 'bytes in memory order; regenerate by: node scripts/generate-gnu-as-vectors.mjs',
  text: assembleAll('.text', TEXT_CASES),
  data: assembleAll('.data', DATA_CASES),
};
const lines = (cases) => cases.map((one) => `    ${JSON.stringify(one)}`).join(',\n');
const { text, data, ...about } = vectors;
const head = JSON.stringify(about, undefined, 2).slice(0, -2);
const json = `${head},\n  "text": [\n${lines(text)}\n  ],\n  "data": [\n${lines(data)}\n  ]\n}\n`;
writeFileSync(new URL('../asm/gnu-as.vectors.json', import.meta.url), json);
console.log(`${text.length} text cases, ${data.length} data cases`);

/** A program of several sections as GNU ld lays it out, for the reader of ELF files. */
const PROGRAM = `.globl _start
.text
_start:
  la a0, table
  lw a1, 4(a0)
  jal add
  li a7, 93
  ecall
.type add, @function
add:
  add a0, a0, a1
  ret
.size add, .-add
.section .rodata
table: .word 1, 2
.data
.globl counter
counter: .word 3
.bss
.space 100
`;

const folder = mkdtempSync(join(tmpdir(), 'gnu-ld-'));
writeFileSync(join(folder, 'in.s'), PROGRAM);
const ld = [...LD.slice(0, 3), '-z', 'max-page-size=64'];
run(AS, '-o', join(folder, 'out.o'), join(folder, 'in.s'));
run(ld, '-o', join(folder, 'out.elf'), join(folder, 'out.o'));
const executable = {
  source: run([LD[0]], '--version').split('\n')[0],
  command: `${AS.join(' ')} -o out.o in.s && ${ld.join(' ')} -o out.elf out.o`,
  program: PROGRAM,
  programHeaders: run(['riscv64-unknown-elf-readelf'], '-lW', join(folder, 'out.elf'))
    .split('\n')
    .filter((line) => line.includes('LOAD'))
    .map((line) => line.trim()),
  symbols: run(['riscv64-unknown-elf-nm'], join(folder, 'out.elf')).trim().split('\n'),
  elf: readFileSync(join(folder, 'out.elf')).toString('base64'),
};
rmSync(folder, { recursive: true });
const path = new URL('../asm/gnu-ld.vectors.json', import.meta.url);
writeFileSync(path, `${JSON.stringify(executable, undefined, 2)}\n`);
