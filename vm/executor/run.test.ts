import { describe, expect, test } from 'vitest';
import { BASE_INSTRUCTIONS, programOf } from '../../test/support/program.ts';
import { addChip } from '../chips/add/trace.ts';
import { haltChip } from '../chips/halt/trace.ts';
import { PUBLIC_LOAD_INSTRUCTIONS } from '../chips/public-load/execute.ts';
import { encode } from '../isa/encoding.ts';
import type { Fields } from '../isa/instruction.ts';
import { specOf } from '../isa/op.ts';
import { RAM_END, TEXT_BASE } from '../space.ts';
import { defineInstructionSet } from './instruction.ts';
import { loadProgram } from './load.ts';
import type { ElfImage, Segment } from './program.ts';
import { type Halted, run } from './run.ts';

const i = (mnemonic: string, fields: Partial<Fields> = {}): number => encode(specOf(mnemonic), fields);
const EXIT = [i('addi', { rd: 17, rs1: 0, imm: 93 }), i('ecall')];
const trap = (...words: number[]) => {
  const result = run(programOf(words), {}, { maxCycles: 1000 });
  return result.kind === 'trapped' ? result.trap : undefined;
};

describe('a run that traps says why and where', () => {
  const RAM = 0x0f00_0000;
  test.each([
    ['illegal-instruction', TEXT_BASE + 4, 1, [i('fence'), 0]],
    ['misaligned-fetch', TEXT_BASE + 6, 1, [i('jal', { rd: 1, imm: 6 })]],
    ['misaligned-fetch', 2, 1, [i('jalr', { rd: 0, rs1: 0, imm: 2 })]],
    ['unmapped-fetch', TEXT_BASE + 4, 1, [i('fence')]],
    ['unmapped-fetch', 0, 1, [i('jalr', { rd: 0, rs1: 0, imm: 1 })]],
    ['unmapped-fetch', TEXT_BASE - 4, 1, [i('beq', { rs1: 0, rs2: 0, imm: -4 })]],
    ['misaligned-access', TEXT_BASE + 4, 1, [i('lui', { rd: 1, imm: RAM }), i('lw', { rd: 2, rs1: 1, imm: 2 })]],
    ['misaligned-access', TEXT_BASE + 4, 1, [i('lui', { rd: 1, imm: RAM }), i('sh', { rs1: 1, rs2: 2, imm: 1 })]],
    ['unmapped-access', TEXT_BASE, 0, [i('lw', { rd: 2, rs1: 0, imm: 0 })]],
    ['unmapped-access', TEXT_BASE, 0, [i('sb', { rs1: 0, rs2: 0, imm: -1 })]],
    ['unmapped-access', TEXT_BASE + 4, 1, [i('lui', { rd: 1, imm: RAM_END }), i('lbu', { rd: 2, rs1: 1, imm: 0 })]],
    ['breakpoint', TEXT_BASE, 0, [i('ebreak')]],
    ['unknown-environment-call', TEXT_BASE, 0, [i('ecall')]],
    ['out-of-cycles', TEXT_BASE, 1000, [i('jal', { rd: 0, imm: 0 })]],
  ] as const)('%s at pc %i in cycle %i', (cause, pc, cycle, words) => {
    expect(trap(...words)).toMatchObject({ cause, pc, cycle, source: undefined });
  });

  test('with the source line of the program', () => {
    const bytes = new Uint8Array(Uint32Array.of(i('fence'), i('fence'), i('ebreak')).buffer);
    const text = { address: TEXT_BASE, bytes, memoryBytes: 12, write: false, execute: true };
    const lines = [1, 2, 3].map((line) => ({ pc: TEXT_BASE + 4 * (line - 1), written: { file: 'a.s', line } }));
    const program = loadProgram({ entry: TEXT_BASE, segments: [text], lines }, defineInstructionSet(BASE_INSTRUCTIONS));
    const result = run(program);
    expect(result).toMatchObject({ kind: 'trapped', trap: { source: { file: 'a.s', line: 3 } } });
  });

  test('when it records and the machine has no chip for an instruction', () => {
    const result = run(programOf([i('lui', { rd: 1, imm: 4096 }), ...EXIT]), {}, { record: [haltChip] });
    expect(result).toMatchObject({ kind: 'trapped', trap: { cause: 'unsupported', pc: TEXT_BASE } });
  });
});

test('a store to the text changes what loads see, not what runs', () => {
  const nop = i('addi', { rd: 0, rs1: 0, imm: 0 });
  const store = [i('lui', { rd: 1, imm: TEXT_BASE }), i('sw', { rs1: 1, rs2: 0, imm: 8 }), nop];
  const result = run(programOf([...store, i('lw', { rd: 10, rs1: 1, imm: 8 }), ...EXIT]), {});
  expect(result).toMatchObject({ kind: 'halted', exitCode: 0 });
});

describe('a run that halts', () => {
  const words = [
    i('addi', { rd: 5, rs1: 0, imm: 3 }),
    i('addi', { rd: 10, rs1: 10, imm: 7 }),
    i('addi', { rd: 5, rs1: 5, imm: -1 }),
    i('add', { rd: 0, rs1: 5, rs2: 10 }),
    ...EXIT,
  ];
  const program = programOf(words);

  test('gives exit code and number of instructions, the same every time', () => {
    const results = [run(program), run(program)].map((result) => result as Halted);
    for (const result of results) expect(result).toMatchObject({ kind: 'halted', exitCode: 7, cycles: 6 });
  });

  test('is recorded with final values and times', () => {
    const { execution } = run(program, {}, { record: [addChip, haltChip] }) as Halted;
    const { registers, image, memory, logs, clk } = execution!;
    expect([logs.get('add')!.count, logs.get('halt')!.count, clk]).toEqual([5, 1, 1 + 6 * 8]);
    // Instruction k runs at 8 k + 1; rd is written 3 later, x0 read as rs2 by addi 1 later, ecall reads a7 at its time.
    expect([...registers.clk.subarray(0, 1), registers.clk[5], registers.clk[10], registers.clk[17]]).toEqual([
      34, 25, 42, 41,
    ]);
    expect([registers.value[64], registers.clk[64], registers.value[0]]).toEqual([9, 28, 0]);
    expect([...image.address]).toEqual(words.map((_, k) => TEXT_BASE / 4 + k));
    expect([[...image.value], [...image.clk]]).toEqual([words, words.map(() => 0)]);
    expect(memory.address.length).toBe(0);
  });

  test('a hint tape is filled up to whole blocks, and nothing is shared with the caller', () => {
    const hints = Uint16Array.of(1, 2, 3);
    const { machine } = run(program, { hints });
    expect([...machine.hints]).toEqual([1, 2, 3, ...new Array(13).fill(0)]);
  });
});

describe('loading', () => {
  const set = defineInstructionSet([...BASE_INSTRUCTIONS, ...PUBLIC_LOAD_INSTRUCTIONS]);
  const segment = (address: number, words: readonly number[], more: Partial<Segment> = {}): Segment => ({
    address,
    bytes: new Uint8Array(Uint32Array.from(words).buffer),
    memoryBytes: 4 * words.length,
    write: false,
    execute: false,
    ...more,
  });
  const text = segment(TEXT_BASE, EXIT, { execute: true });
  const load = (elf: Partial<ElfImage>) => loadProgram({ entry: TEXT_BASE, segments: [text], ...elf }, set);

  test('maps file data as image, zeros between as image too, and everything above as zero-initialised RAM', () => {
    const data = segment(TEXT_BASE + 0x100, [5, 6], { memoryBytes: 16, write: true });
    const top = segment(TEXT_BASE + 0x200, [7], { memoryBytes: 0x1000, write: true });
    const { image, ramBase } = load({ segments: [top, text, data] });
    const word = TEXT_BASE / 4;
    expect([...image.address]).toEqual([word, word + 1, ...[0, 1, 2, 3].map((k) => word + 0x40 + k), word + 0x80]);
    expect([...image.value]).toEqual([...EXIT, 5, 6, 0, 0, 7]);
    expect(ramBase).toBe(word + 0x81);
  });

  test('a word of half file data and half zeros belongs to the image', () => {
    const odd = {
      address: TEXT_BASE + 0x102,
      bytes: Uint8Array.of(1, 2, 3),
      memoryBytes: 64,
      write: true,
      execute: false,
    };
    const { image, ramBase } = load({ segments: [text, odd] });
    expect([...image.value.subarray(2)]).toEqual([0x0201_0000, 3]);
    expect(ramBase).toBe(TEXT_BASE / 4 + 0x42);
  });

  test('a jump out of the address space is no instruction', () => {
    const { rows } = load({
      segments: [segment(TEXT_BASE, [...EXIT, i('jal', { imm: -0x10_0000 })], { execute: true })],
    });
    expect(rows.map((row) => row?.spec.mnemonic)).toEqual(['addi', 'ecall', undefined]);
    const last = segment(RAM_END - 8, [i('jal', { imm: 4 }), i('jal', { imm: 8 })], { execute: true });
    const above = load({ segments: [last], entry: RAM_END - 8 });
    expect(above.rows.map((row) => row?.spec.mnemonic)).toEqual(['jal', undefined]);
  });

  test('text in two segments has its rows where it is, and none between', () => {
    const { rows, textBase } = load({ segments: [segment(TEXT_BASE + 0x20, EXIT, { execute: true }), text] });
    expect(rows.map((row) => row && (row.pc - textBase) / 4)).toEqual([0, 1, ...Array(6), 8, 9]);
  });

  test.each<[string, Partial<ElfImage>]>([
    ['segments: expected an executable one, got none', { segments: [segment(TEXT_BASE, [1])] }],
    [
      'segment: expected it within 0x10000..0x10000000, got 0x0..0x8',
      { segments: [segment(0, EXIT, { execute: true })] },
    ],
    [
      'segment: expected it within 0x10008..0x10000000, got 0x10004..0x10008',
      { segments: [text, segment(TEXT_BASE + 4, [1])] },
    ],
    [
      'segment: expected it within 0x10008..0x10000000, got 0xffffffc..0x10000004',
      { segments: [text, segment(RAM_END - 4, [1, 2])] },
    ],
    // A word of both would have two initial values.
    [
      'segment: expected it within 0x1000e..0x10000000, got 0x1000e..0x10012',
      {
        segments: [
          text,
          segment(TEXT_BASE + 8, [], { bytes: new Uint8Array(6), memoryBytes: 6 }),
          segment(TEXT_BASE + 14, [1]),
        ],
      },
    ],
    [
      'segment at 0x10008: expected at most 4 bytes of data, got 8',
      { segments: [text, segment(TEXT_BASE + 8, [1, 2], { memoryBytes: 4 })] },
    ],
    [
      'text: expected a multiple of 4 as its address, got 0x1000a',
      { segments: [text, segment(TEXT_BASE + 10, EXIT, { execute: true })] },
    ],
    ['entry: expected an instruction of the text, got 0x10008', { entry: TEXT_BASE + 8 }],
    ['entry: expected an instruction of the text, got 0x10002', { entry: TEXT_BASE + 2 }],
  ])('%s', (message, elf) => expect(() => load(elf)).toThrow(new RangeError(message)));
});
