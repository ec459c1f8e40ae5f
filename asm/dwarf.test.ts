import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { dwarfSections } from './dwarf.ts';
import { assemble, readElf } from './index.ts';

const MAIN = `.globl _start
.macro twice reg
  add \\reg, \\reg, \\reg
  add \\reg, \\reg, \\reg
.endm
_start:
  twice a0
  call far
  ecall
${'\n'.repeat(200)}
  nop
.section .text.other, "ax"
  nop
`;
const FAR = '.globl far\nfar:\n  li a0, 0x12345678\n  ret\n';
/** Addresses and lines as the text says, 0x10000 on. */
const LINES = [
  [0x10000, 'main.s', 7],
  [0x10004, 'main.s', 7],
  [0x10008, 'main.s', 8],
  [0x10010, 'main.s', 9],
  [0x10014, 'main.s', 211],
];

function built(): Uint8Array {
  const { elf, diagnostics } = assemble(
    [
      { path: 'main.s', text: MAIN },
      { path: 'lib/far.s', text: FAR },
    ],
    { table },
  );
  if (elf === undefined) throw new Error(diagnostics[0]!.message);
  return elf;
}

test('a program without lines has no sections', () => {
  expect(dwarfSections([], [{ start: 0x10000, end: 0x10004 }])).toEqual([]);
});

test('the program is loaded as without them', () => {
  const { segments, lines } = readElf(built());
  expect(segments.length).toBe(1);
  for (const [pc, file, line] of LINES) {
    const entry = lines.findLast((one) => one.pc <= (pc as number))!;
    expect(entry.used).toEqual({ file, line });
  }
});

const missing = spawnSync('riscv64-unknown-elf-readelf', ['--version']).error !== undefined;
describe.skipIf(missing)('GNU binutils (skipped: riscv64-unknown-elf-readelf is not installed)', () => {
  let folder = '';
  let path = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ulp-dwarf-'));
    path = join(folder, 'a.elf');
    writeFileSync(path, built());
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('readelf reads all of it without a warning', () => {
    const { stdout, stderr, status } = spawnSync('riscv64-unknown-elf-readelf', ['-aW', '--debug-dump', path]);
    expect([status, stderr.toString(), /warning|error/i.exec(stdout.toString())]).toEqual([0, '', null]);
    expect(stdout.toString()).toContain('DW_TAG_compile_unit');
  });

  test('addr2line finds the line of every address', () => {
    const addresses = LINES.map(([pc]) => `0x${pc!.toString(16)}`);
    const found = execFileSync('riscv64-unknown-elf-addr2line', ['-e', path, ...addresses])
      .toString()
      .trim()
      .split('\n');
    expect(found).toEqual(LINES.map(([, file, line]) => `${file}:${line}`));
  });

  test('the lines of every file are the ones of our own table', () => {
    const dump = execFileSync('riscv64-unknown-elf-readelf', ['--debug-dump=decodedline', path]).toString();
    const rows = [...dump.matchAll(/^(\S+)\s+(\d+)\s+0x([0-9a-f]+)/gm)].map(([, file, line, pc]) => ({
      pc: Number.parseInt(pc!, 16),
      file: file!,
      line: Number(line),
    }));
    const own = readElf(built()).lines.map(({ pc, used }) => ({
      pc,
      file: used.file,
      line: used.line,
    }));
    expect(rows).toEqual(own);
  });
});
