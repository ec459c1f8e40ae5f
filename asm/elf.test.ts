import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { ElfError, type ElfErrorCode, readElf } from './elf.ts';
import gnu from './gnu-ld.vectors.json' with { type: 'json' };
import { assemble } from './index.ts';
import { lineAt } from './line-table.ts';

const SOURCE = `.globl _start
.macro twice reg
  add \\reg, \\reg, \\reg
.endm
.text
_start:
  la a0, numbers
  twice a0
  ulp.assert.eq a0, a1, "sum is right"
  ulp.assert.eq a0, a2, "sum is right"
  ulp.assert.eq a0, a3, "caf\u00e9"
  ulp.assert.eq a0, a3, 1
.type done, @function
done: ret
.size done, . - done
.equ answer, 42
.rodata
numbers: .word 1, 2, done
.data
.byte 7
.bss
.align 4
buffer: .space 20
`;

function built(): Uint8Array {
  return assemble({ path: 'a.s', text: SOURCE }, { table }).elf!;
}

function codeOf(file: Uint8Array): ElfErrorCode | 'accepted' {
  try {
    readElf(file);
    return 'accepted';
  } catch (error) {
    if (error instanceof ElfError) return error.code;
    throw error;
  }
}

describe('a program that is written is read back', () => {
  const image = readElf(built());

  test('segments on pages of their own', () => {
    expect(image.segments.map(({ bytes, ...rest }) => ({ ...rest, fileBytes: bytes.length }))).toEqual([
      { address: 0x10000, fileBytes: 32, memoryBytes: 32, write: false, execute: true },
      { address: 0x11000, fileBytes: 12, memoryBytes: 12, write: false, execute: false },
      { address: 0x12000, fileBytes: 1, memoryBytes: 36, write: true, execute: false },
    ]);
    expect([...image.segments[1]!.bytes]).toEqual([1, 0, 0, 0, 2, 0, 0, 0, 0x1c, 0, 1, 0]);
  });

  test('the entry and the symbols', () => {
    expect(image.entry).toBe(0x10000);
    const found = image.symbols.map(
      ({ name, address, kind, size }) => `${name} ${address.toString(16)} ${kind} ${size}`,
    );
    expect(found).toEqual([
      'answer 2a notype 0',
      '_start 10000 notype 0',
      'done 1001c function 4',
      'numbers 11000 notype 0',
      'buffer 12010 notype 0',
      '__bss_start 12010 notype 0',
      '_edata 12010 notype 0',
      '_end 12024 notype 0',
      '__global_pointer$ 12800 notype 0',
    ]);
    expect(image.symbols.filter(({ absolute }) => absolute).map(({ name }) => name)).toEqual(['answer']);
    expect(image.symbols.find(({ name }) => name === '_start')!.global).toBe(true);
  });

  test('lines, with the place a macro is used', () => {
    expect(lineAt(image.lines, 0x10004)).toEqual({
      pc: 0x10000,
      written: { file: 'a.s', line: 7 },
      used: { file: 'a.s', line: 7 },
    });
    expect(lineAt(image.lines, 0x10008)).toEqual({
      pc: 0x10008,
      written: { file: 'a.s', line: 3 },
      used: { file: 'a.s', line: 8 },
    });
    expect(lineAt(image.lines, 0xffff)).toBeUndefined();
  });

  test('messages of assertions, each with an id nobody else has', () => {
    expect([...image.asserts]).toEqual([
      [2, 'sum is right'],
      [3, 'caf\u00e9'],
    ]);
    const text = image.segments[0]!.bytes;
    const view = new DataView(text.buffer, text.byteOffset);
    const ids = [12, 16, 20, 24].map((at) => table.decode(view.getUint32(at, true))!.fields.imm);
    expect(ids).toEqual([2, 2, 3, 1]);
  });
});

test('the same text gives the same bytes', () => {
  expect(built()).toEqual(built());
});

test('a program linked by GNU ld is read', () => {
  const { segments, symbols, entry, lines, asserts } = readElf(Buffer.from(gnu.elf, 'base64'));
  // LOAD 0x000000 0x00010000 0x00010000 0x000d0 0x000d0 R E 0x40
  const expected = gnu.programHeaders.map((line) => {
    const [, , address, , fileBytes, memoryBytes, ...flags] = line.split(/\s+/);
    const [write, execute] = [flags.includes('RW'), flags.includes('E')];
    return { address: Number(address), fileBytes: Number(fileBytes), memoryBytes: Number(memoryBytes), write, execute };
  });
  expect(segments.map(({ bytes, ...rest }) => ({ ...rest, fileBytes: bytes.length }))).toEqual(expected);
  const named = gnu.symbols
    .map((line) => line.split(' '))
    .map(([address, , name]) => `${name} ${Number(`0x${address}`)}`);
  expect(symbols.map(({ name, address }) => `${name} ${address}`)).toEqual(expect.arrayContaining(named));
  expect(entry).toBe(symbols.find(({ name }) => name === '_start')!.address);
  expect(symbols.find(({ name }) => name === 'add')).toMatchObject({ kind: 'function', size: 8 });
  expect([lines.length, asserts.size]).toEqual([0, 0]);
});

describe('a file that is not right is refused', () => {
  const u32 = (at: number, value: number) => (file: Uint8Array) => new DataView(file.buffer).setUint32(at, value, true);
  const u16 = (at: number, value: number) => (file: Uint8Array) => new DataView(file.buffer).setUint16(at, value, true);
  const u8 = (at: number, value: number) => (file: Uint8Array) => {
    file[at] = value;
  };

  test.each<[string, (file: Uint8Array) => void, ElfErrorCode]>([
    ['the magic', u8(0, 0), 'not-elf'],
    ['64 bits', u8(4, 2), 'wrong-class'],
    ['big-endian', u8(5, 2), 'wrong-class'],
    ['x86', u16(18, 62), 'wrong-machine'],
    ['an object file', u16(16, 1), 'not-executable'],
    ['compressed instructions', u32(36, 1), 'compressed'],
    ['an entry in no segment', u32(24, 4), 'bad-entry'],
    ['an entry in data', u32(24, 0x12000), 'bad-entry'],
    ['an entry between instructions', u32(24, 0x10002), 'bad-entry'],
    ['program headers beyond the end', u32(28, 0xffffffff), 'truncated'],
    ['program headers of another size', u16(42, 56), 'bad-segment'],
    ['a segment beyond the end', u32(52 + 4, 0xfffffff0), 'truncated'],
    ['more bytes in the file than in memory', u32(52 + 20, 4), 'bad-segment'],
    ['memory beyond 2^32', u32(52 + 20, 0xfffff000), 'bad-segment'],
    ['overlapping segments', u32(52 + 32 + 8, 0x10000), 'bad-segment'],
    ['a dynamic linker', u32(52, 3), 'not-executable'],
    ['section headers beyond the end', u32(32, 0xfffffff0), 'truncated'],
    ['section headers of another size', u16(46, 64), 'bad-section'],
  ])('%s', (_name, damage, code) => {
    const file = built();
    damage(file);
    expect(codeOf(file)).toBe(code);
  });

  test('cut anywhere', () => {
    const file = built();
    for (let length = 0; length < file.length; length += length < 100 ? 1 : 97) {
      expect(codeOf(file.slice(0, length))).toBe(length < 4 ? 'not-elf' : 'truncated');
    }
  });

  test('damaged anywhere, without another error than its own', () => {
    const original = built();
    const headers = original.length - 0x3000;
    const changes = fc.array(fc.tuple(fc.nat(headers + 0x200), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(changes, (list) => {
        const file = original.slice();
        // The interesting bytes are the headers at the start and everything after the segments.
        for (const [at, value] of list) file[at < 0x200 ? at : at - 0x200 + 0x3000] = value;
        codeOf(file);
      }),
      { numRuns: 2000 },
    );
  });
});
