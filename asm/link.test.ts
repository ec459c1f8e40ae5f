import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { ElfError, type ElfImage } from './elf.ts';
import { readObject } from './elf-object-read.ts';
import vectors from './gnu-link.vectors.json' with { type: 'json' };
import {
  archiveMembers,
  assemble,
  assembleObject,
  disassemble,
  type InputFile,
  readElf,
  renderAll,
  writeArchive,
} from './index.ts';

const source = (path: string, text: string) => ({ path, text });

/** A source as an object file. */
function object(path: string, text: string): { path: string; bytes: Uint8Array } {
  const { object: bytes, diagnostics } = assembleObject({ path, text }, { table });
  expect(renderAll(diagnostics)).toBe('');
  return { path: path.replace('.s', '.o'), bytes: bytes! };
}

function linked(files: readonly InputFile[]): ElfImage {
  const { elf, diagnostics } = assemble(files, { table });
  expect(renderAll(diagnostics)).toBe('');
  return readElf(elf!);
}

function complaints(files: readonly InputFile[]): string {
  return renderAll(assemble(files, { table }).diagnostics);
}

/** The text as instructions. */
function listing({ segments, symbols }: ElfImage): string[] {
  const names = new Map(symbols.map(({ name, address }) => [address, name]));
  const { address, bytes } = segments.find(({ execute }) => execute)!;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return Array.from({ length: bytes.length / 4 }, (_, i) =>
    disassemble(view.getUint32(4 * i, true), table, { pc: address + 4 * i, nameOf: (at) => names.get(at) }),
  );
}

describe.each(vectors.programs)('GNU ld makes the same program of $name', ({ files, objects, sections, symbols }) => {
  const sources = Object.entries(files).map(([path, text]) => source(path, text));
  const expected = { ...sections, symbols: symbols.map((line) => line.toLowerCase()) };
  /** The bytes and symbols the vectors have. */
  const found = (image: ElfImage): typeof expected => {
    const hex = (address: number, length: number): string => {
      const segment = image.segments.find((one) => address >= one.address && address < one.address + one.bytes.length)!;
      const start = address - segment.address;
      return Buffer.from(segment.bytes.subarray(start, start + length)).toString('hex');
    };
    const bases = [0x10000, 0x11000, sections['.rodata'] === '' ? 0x11000 : 0x12000];
    const lengths = Object.values(sections).map((text) => text.length / 2);
    const [text, rodata, data] = bases.map((base, i) => (lengths[i] === 0 ? '' : hex(base, lengths[i]!)));
    const names = new Set(symbols.map((line) => line.slice(11)));
    const named = image.symbols.filter(({ name }) => names.has(name));
    const line = ({ name, address }: { name: string; address: number }): string =>
      `${address.toString(16).padStart(8, '0')} ${symbols.find((one) => one.slice(11) === name)![9]!.toLowerCase()} ${name}`;
    const inOrder = expected.symbols.map((one) =>
      line(named.find(({ name }) => name === one.slice(11).replace('size', 'SIZE'))!),
    );
    return { '.text': text!, '.rodata': rodata!, '.data': data!, symbols: inOrder.map((one) => one.toLowerCase()) };
  };

  test('from the sources', () => {
    expect(found(linked(sources))).toEqual(expected);
  });

  test('from our object files', () => {
    expect(found(linked(sources.map(({ path, text }) => object(path, text))))).toEqual(expected);
  });

  test('from object files of GNU as, with its relaxation relocations', () => {
    const files = Object.entries(objects).map(([path, packed]) => ({
      path,
      bytes: Uint8Array.from(gunzipSync(Buffer.from(packed, 'base64'))),
    }));
    expect(found(linked(files))).toEqual(expected);
  });

  test.skipIf(!has('riscv64-unknown-elf-ld'))('and GNU ld from ours (skipped where it is not installed)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ulp-link-'));
    try {
      const objects = sources.map(({ path, text }) => object(path, text));
      for (const { path, bytes } of objects) writeFileSync(join(folder, path), bytes);
      writeFileSync(join(folder, 'link.ld'), vectors.script);
      const options = ['-m', 'elf32lriscv', '-T', 'link.ld', '-o', 'out.elf', ...objects.map(({ path }) => path)];
      execFileSync('riscv64-unknown-elf-ld', options, { cwd: folder });
      expect(found(readElf(readFileSync(join(folder, 'out.elf'))))).toEqual(expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('assertion messages and source lines', () => {
  const sources = [
    source('a.s', '.globl _start\n_start:\n ulp.assert.eq a0, a1, "one"\n ulp.assert.eq a0, a1, 1\n call f\n'),
    source('b.s', '.globl f\nf:\n ulp.assert.eq a0, a1, "two"\n ulp.assert.eq a2, a1, "one"\n ret\n'),
  ];

  test.each([
    ['sources', sources as readonly InputFile[]],
    ['object files', sources.map(({ path, text }) => object(path, text))],
  ])('of %s get ids of the whole program', (_name, files) => {
    const image = linked(files);
    expect([...image.asserts]).toEqual([
      [2, 'one'],
      [3, 'two'],
    ]);
    expect(listing(image).filter((text) => text.startsWith('ulp'))).toEqual([
      'ulp.assert.eq a0, a1, 2',
      'ulp.assert.eq a0, a1, 1',
      'ulp.assert.eq a0, a1, 3',
      'ulp.assert.eq a2, a1, 2',
    ]);
    expect(image.lines.map(({ pc, written }) => `${pc.toString(16)} ${written.file}:${written.line}`)).toEqual([
      '10000 a.s:3',
      '10004 a.s:4',
      '10008 a.s:5',
      '10010 b.s:3',
      '10014 b.s:4',
      '10018 b.s:5',
    ]);
  });

  test.skipIf(!has('riscv64-unknown-elf-ld'))('survive GNU ld (skipped where it is not installed)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ulp-link-'));
    try {
      const objects = sources.map(({ path, text }) => object(path, text));
      for (const { path, bytes } of objects) writeFileSync(join(folder, path), bytes);
      writeFileSync(join(folder, 'link.ld'), vectors.script);
      const options = ['-m', 'elf32lriscv', '-T', 'link.ld', '-o', 'out.elf', ...objects.map(({ path }) => path)];
      execFileSync('riscv64-unknown-elf-ld', options, { cwd: folder });
      const image = readElf(readFileSync(join(folder, 'out.elf')));
      const messages = listing(image)
        .filter((text) => text.startsWith('ulp'))
        .map((text) => image.asserts.get(Number(text.split(', ')[2])));
      expect([messages[0], ...messages.slice(2)]).toEqual(['one', 'two', 'one']);
      expect(image.lines.map(({ written }) => `${written.file}:${written.line}`)).toEqual([
        'a.s:3',
        'a.s:4',
        'a.s:5',
        'b.s:3',
        'b.s:4',
        'b.s:5',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('archives', () => {
  const members = [
    object('used.s', '.globl used\nused: call deeper\n ret\n'),
    object('unused.s', '.globl unused, clash\nunused: ret\nclash: ret\n'),
    object('a_member_with_a_long_name.s', '.globl deeper\ndeeper: ret\n'),
  ].map(({ path, bytes }) => ({ name: path, bytes }));
  const archive = { path: 'lib.a', bytes: writeArchive(members) };

  test('give the members that define what is missing, and no others', () => {
    const { symbols } = linked([source('main.s', '.globl _start, clash\n_start: call used\nclash: ret\n'), archive]);
    const names = symbols.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['used', 'deeper']));
    expect(names).not.toContain('unused');
  });

  test('may have the entry', () => {
    const crt0 = {
      path: 'crt.a',
      bytes: writeArchive([{ name: 'crt0.o', bytes: object('crt0.s', '.globl _start\n_start: tail main\n').bytes }]),
    };
    expect(linked([source('main.s', '.globl main\nmain: ret\n'), crt0]).entry).toBe(0x10004);
  });

  test('are written as they are read', () => {
    expect(archiveMembers(archive.bytes)).toEqual(members);
  });

  test.skipIf(!has('riscv64-unknown-elf-ar'))('are those of GNU ar (skipped where it is not installed)', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ulp-ar-'));
    try {
      for (const { name, bytes } of members) writeFileSync(join(folder, name), bytes);
      const ar = (...options: string[]) => execFileSync('riscv64-unknown-elf-ar', options, { cwd: folder });
      ar('rcsD', 'gnu.a', ...members.map(({ name }) => name));
      expect(Buffer.compare(readFileSync(join(folder, 'gnu.a')), archive.bytes)).toBe(0);
      writeFileSync(join(folder, 'ours.a'), archive.bytes);
      const index = execFileSync('riscv64-unknown-elf-nm', ['--print-armap', 'ours.a'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(index).toContain('deeper in a_member_with_a_long_name.o');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    ['cut in a header', (bytes: Uint8Array) => bytes.slice(0, 30)],
    ['cut in a member', (bytes: Uint8Array) => bytes.slice(0, -10)],
    ['with a bad size', (bytes: Uint8Array) => bytes.map((byte, at) => (at === 8 + 48 ? 120 : byte))],
  ])('%s are refused', (_name, damage) => {
    expect(() => archiveMembers(damage(archive.bytes))).toThrow(expect.objectContaining({ code: 'bad-archive' }));
  });
});

describe('what does not fit together is said with both files', () => {
  const main = source('main.s', '.globl _start\n_start: call routine\n');

  test('two definitions', () => {
    const text = '.globl routine\nroutine: ret\n';
    expect(complaints([main, source('a.s', text), object('b.s', `nop\n${text}`)])).toMatchInlineSnapshot(`
      "error[duplicate-symbol]: \`routine\` is already defined
       --> b.o:1:1
        |
      1 | routine
        | ^^^^^^^
        = note: first defined at a.s:2:1

      1 error"
    `);
  });

  test('a name nothing defines, and one that is not global', () => {
    expect(complaints([main, source('a.s', 'nop\nroutine: ret\n')])).toMatchInlineSnapshot(`
      "error[undefined-symbol]: \`routine\` is not defined
       --> main.s:2:14
        |
      2 | _start: call routine
        |              ^^^^^^^
        = help: a.s has a local \`routine\`: put \`.globl routine\` there

      1 error"
    `);
    expect(complaints([object('main.s', main.text)])).toMatchInlineSnapshot(`
      "error[undefined-symbol]: \`routine\` is not defined
       --> main.o:1:1
        |
      1 | .text+0x0: R_RISCV_PCREL_HI20 routine
        | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      1 error"
    `);
  });

  test('an object that is none', () => {
    expect(complaints([main, { path: 'routine.o', bytes: Uint8Array.of(1, 2, 3) }])).toMatchInlineSnapshot(`
      "error[bad-object]: this is not an ELF file
       --> routine.o:1:1
        |
      1 | 
        | ^

      1 error"
    `);
  });

  test.each([
    ['a branch too far', '_start: beqz a0, far\n .space 5000\n', '.globl far\nfar: ret\n', 'branch-out-of-range'],
    ['a jump too far', '_start: j far\n .space 0x100000\n', '.globl far\nfar: ret\n', 'branch-out-of-range'],
    ['a jump between instructions', '_start: j far\n', '.globl far\n.space 2\nfar: ret\n', 'misaligned-target'],
    [
      'a constant of another file as an immediate',
      '_start: addi a0, a0, N\n',
      '.globl N\n.equ N, 5\n',
      'undefined-symbol',
    ],
    [
      'a part of a symbol of another file',
      '.globl x\n.equ x, far + 4\n_start: ret\n',
      '.globl far\nfar: ret\n',
      'not-constant',
    ],
  ])('%s', (_name, first, second, code) => {
    const { diagnostics } = assemble([source('a.s', first), source('b.s', second)], { table });
    expect(diagnostics.map((one) => one.code)).toContain(code);
  });
});

test('an object read from a file links as the one in memory and is left as it was', () => {
  const { path, bytes } = object('a.s', '.globl _start\n_start: nop\n la a0, _start\n');
  // What Node reads small files into: a view of a larger buffer, whose `slice` is no copy.
  const room = Buffer.alloc(bytes.length + 24, 0xee);
  room.set(bytes, 16);
  const view = room.subarray(16, 16 + bytes.length);
  expect(linked([{ path, bytes: view }])).toEqual(linked([{ path, bytes }]));
  expect(new Uint8Array(view)).toEqual(bytes);
});

describe('an object file that is not right is refused', () => {
  const good = object(
    'a.s',
    '.globl _start\n_start: la a0, x\n call far\n ulp.assert.eq a0, a1, "m"\n.data\nx: .word _start\n',
  ).bytes;

  test.each<[string, number, number, string]>([
    ['compressed instructions', 36, 3, 'compressed'],
    ['another float convention', 36, 4, 'float-abi'],
    ['soft float', 36, 0, 'float-abi'],
    ['an executable', 16, 2, 'not-executable'],
  ])('%s', (_name, at, value, code) => {
    const file = good.slice();
    file[at] = value;
    expect(() => readObject('a.o', file)).toThrow(expect.objectContaining({ code }));
  });

  test('damaged anywhere, it is refused or linked, without another error than its own', () => {
    const changes = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(changes, (list) => {
        const file = good.slice();
        for (const [at, value] of list) file[at] = value;
        try {
          readObject('a.o', file);
        } catch (error) {
          expect(error).toBeInstanceOf(ElfError);
          return;
        }
        assemble([{ path: 'a.o', bytes: file }, source('b.s', '.globl far\nfar: ret\n')], { table });
      }),
      { numRuns: 1500 },
    );
  });
});

function has(tool: string): boolean {
  try {
    execFileSync(tool, ['--version']);
    return true;
  } catch {
    return false;
  }
}
