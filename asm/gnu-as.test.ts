import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode, fieldRange, variableFields } from '../vm/isa/encoding.ts';
import type { FieldName, InstructionSpec } from '../vm/isa/instruction.ts';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { XULP } from '../vm/isa/xulp.ts';
import { disassemble } from './disassemble.ts';
import vectors from './gnu-as.vectors.json' with { type: 'json' };
import { assemble, readElf, renderAll } from './index.ts';
import { LOAD_IMMEDIATE, PSEUDO_INSTRUCTIONS } from './pseudo.ts';

/** The bytes this assembler makes of statements, padded as the vectors were: from a multiple of 16. */
function bytesOf(section: string, text: string): string {
  const source = `_start:\n.section ${section}\nulp_begin:\n${text}\nulp_end:\n.text\nnop\n`;
  const { elf, diagnostics } = assemble({ path: 'case.s', text: source }, { table });
  if (elf === undefined) return renderAll(diagnostics);
  const { segments, symbols } = readElf(elf);
  const [begin, end] = ['ulp_begin', 'ulp_end'].map((name) => symbols.find((symbol) => symbol.name === name)!.address);
  const segment = segments.find(({ address, bytes }) => begin! >= address && begin! <= address + bytes.length)!;
  return Buffer.from(segment.bytes.subarray(begin! - segment.address, end! - segment.address)).toString('hex');
}

describe('GNU as makes the same bytes of', () => {
  test.each(vectors.text)('$text', ({ text, bytes }) => {
    expect(bytesOf('.text', text)).toBe(bytes);
  });

  test.each(vectors.data)('$text', ({ text, bytes }) => {
    expect(bytesOf('.data', text)).toBe(bytes);
  });
});

test('the vectors hold every standard instruction and every pseudo-instruction', () => {
  const used = new Set(
    vectors.text.flatMap(({ text }) => text.split(/[;\n]/).map((line) => line.trim().split(/\s/)[0])),
  );
  const wanted = [...table.specs, ...PSEUDO_INSTRUCTIONS, LOAD_IMMEDIATE].map(({ mnemonic }) => mnemonic);
  const xulp = new Set(XULP.map(({ mnemonic }) => mnemonic));
  expect(wanted.filter((mnemonic) => !used.has(mnemonic) && !xulp.has(mnemonic))).toEqual([
    'fcvt.s.bf16',
    'fcvt.bf16.s',
    'fcvt.s.bf16',
  ]);
});

// riscv-opcodes (MATCH_FCVT_S_BF16 0x40600053, MATCH_FCVT_BF16_S 0x44800053) and the tests of the biscuit assembler.
test.each([
  ['fcvt.bf16.s f31, f7, rne', 0x44838fd3],
  ['fcvt.bf16.s f31, f7, rmm', 0x4483cfd3],
  ['fcvt.bf16.s f31, f7', 0x4483ffd3],
  ['fcvt.s.bf16 f31, f7, rne', 0x40638fd3],
  ['fcvt.s.bf16 f31, f7', 0x40638fd3],
])('%s', (text, word) => {
  expect(bytesOf('.text', text)).toBe(Buffer.from(Uint32Array.of(word).buffer).toString('hex'));
});

const GNU_AS = 'riscv64-unknown-elf-as';

function hasGnuAs(): boolean {
  try {
    execFileSync(GNU_AS, ['--version']);
    return true;
  } catch {
    return false;
  }
}

function value(of: InstructionSpec, name: FieldName): fc.Arbitrary<number> {
  if (name === 'rm') return fc.constantFrom(0, 1, 2, 3, 4, 7);
  const [low, high, step] = fieldRange(of, name);
  // Branches of GNU as reach multiples of 2, this machine has only multiples of 4.
  const unit = name === 'imm' && (of.format === 'B' || of.format === 'J') ? 4 : step;
  const any = fc.integer({ min: Math.ceil(low / unit), max: Math.floor(high / unit) }).map((n) => n * unit);
  return fc.oneof({ arbitrary: any, weight: 2 }, fc.constant(low), fc.constant(Math.floor(high / unit) * unit));
}

/** Words of any instruction both assemblers know, with fields in range. */
const words = fc
  .constantFrom(...table.specs.filter((of) => !XULP.includes(of) && !of.mnemonic.includes('bf16')))
  .chain((of) => {
    const names = variableFields(of).filter((name) => of.mnemonic !== 'fence' || name === 'imm');
    const fields = fc.record(Object.fromEntries(names.map((name) => [name, value(of, name)])));
    return fields.map((given) => {
      // The upper bits of a fence's immediate (fm) are not written.
      const imm = of.mnemonic === 'fence' ? { imm: (given['imm'] ?? 0) & 0xff } : {};
      return encode(of, { ...given, ...imm });
    });
  })
  // GNU as has no syntax for an empty fence set.
  .filter((word) => (word & 0x7f) !== 0x0f || ((word >>> 20) & 15 && (word >>> 24) & 15) !== 0);

describe('disassembled instructions', () => {
  test('assemble to the same word', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 50, maxLength: 100 }), (list) => {
        const text = list.map((word) => disassemble(word, table)).join('\n');
        expect(bytesOf('.text', text)).toBe(Buffer.from(Uint32Array.from(list).buffer).toString('hex'));
      }),
      { numRuns: 20 },
    );
  });

  test.skipIf(!hasGnuAs())(`assemble to the same word by ${GNU_AS} (skipped where it is not installed)`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'gnu-as-'));
    try {
      const list = fc.sample(words, 3000);
      const text = list.map((word) => disassemble(word, table)).join('\n');
      const [source, object, binary] = ['in.s', 'out.o', 'out.bin'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(source, `${text}\n`);
      execFileSync(GNU_AS, ['-march=rv32imf_zicsr_zfh', '-mabi=ilp32f', '-mno-relax', '-o', object, source]);
      execFileSync('riscv64-unknown-elf-objcopy', ['-O', 'binary', '-j', '.text', object, binary]);
      const made = readFileSync(binary);
      expect(made.length).toBe(4 * list.length);
      list.forEach((word, i) => {
        expect(made.readUInt32LE(4 * i).toString(16), disassemble(word, table)).toBe(word.toString(16));
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
