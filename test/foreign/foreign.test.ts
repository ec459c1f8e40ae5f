/** Programs of other compilers: assembled, linked, run, and checked against the relation. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { disassemble, type InputFile, readElf } from '../../asm/index.ts';
import { checkExecution, explainFinding } from '../../machine/check.ts';
import type { Program, ProgramInput } from '../../vm/executor/program.ts';
import { run } from '../../vm/executor/run.ts';
import { KNOWN_INSTRUCTIONS } from '../../vm/isa/known.ts';
import { built, CLANG, compiled, GCC, hasGcc, isInstalled, LINK_SCRIPT, loaded, machine, textFile } from './guest.ts';

const CRT0 = textFile('guests/c/crt0.s');

/** Private inputs as words. */
const words = (...list: number[]): Uint16Array => new Uint16Array(Uint32Array.from(list).buffer);

const PROGRAMS: Readonly<Record<string, { source: string; input: ProgramInput; output: readonly number[] }>> = {
  factor: {
    source: 'guests/c/factor.c',
    // 3,000,000,019 * 4,000,000,007
    input: { publicInput: split(3_000_000_019n * 4_000_000_007n), hints: words(3_000_000_019, 4_000_000_007) },
    output: [1],
  },
  matvec: {
    source: 'guests/c/matvec.c',
    input: { publicInput: Uint32Array.of(2, 3, 10, 20, -30), hints: words(1, 2, 3, -4, 5, 6) },
    output: [10 + 40 - 90, -40 + 100 - 180].map((value) => value >>> 0),
  },
  normalise: {
    source: 'guests/c/normalise.c',
    // (3, 4) / 5: 0.6 and 0.8 to nearest, as any IEEE 754 calculator gives them, and rounded once more to 8 bits.
    input: { publicInput: Uint32Array.of(2, 3, 4) },
    output: [0x3f19999a, 0x3f1a, 0x3f4ccccd, 0x3f4d],
  },
  sha256: {
    source: 'test/foreign/sha256.c',
    input: {},
    output: [
      // FIPS 180-4, example 1; the check value of CRC-32; A(2, 3); the sum of the table.
      ...[0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad],
      ...[0xcbf43926, 9, 15],
    ],
  },
};

function split(value: bigint): Uint32Array {
  return Uint32Array.of(Number(value & 0xffffffffn), Number(value >> 32n));
}

function expectOutput(program: Program, input: ProgramInput, output: readonly number[]): void {
  const result = run(program, input, { record: machine.recorded });
  expect(result).toMatchObject({ kind: 'halted', exitCode: 0 });
  expect([...result.publicOutput]).toEqual(output);
}

describe.each(Object.entries(PROGRAMS))('%s.c', (name, { source, input, output }) => {
  const assembly = textFile(`test/foreign/${name}.gcc.s`);

  test('as GCC wrote it, assembled here, runs', () => {
    expectOutput(loaded(built([CRT0, assembly])), input, output);
  });

  test('satisfies the relation', () => {
    const program = loaded(built([CRT0, assembly]));
    const result = run(program, input, { record: machine.recorded });
    const findings = result.kind === 'halted' ? checkExecution(machine, program, result.execution!) : undefined;
    expect(findings?.map(explainFinding)).toEqual([]);
  });

  describe.each([GCC, CLANG])('compiled by $name (skipped where it is not installed)', (compiler) => {
    const { options, link } = compiler;
    describe.skipIf(!isInstalled(compiler)).each(['-O0', '-O2', '-Os'])('%s', (level) => {
      test('and linked by GNU ld or lld runs', () => {
        const files = ['-T', LINK_SCRIPT, 'guests/c/crt0.s', source];
        expectOutput(loaded(compiled(compiler, ...options, ...link, level, ...files)), input, output);
      });

      test('and linked here runs, relaxation relocations and all', () => {
        const bytes = compiled(compiler, ...options, level, '-c', source);
        expectOutput(loaded(built([CRT0, { path: `${name}.o`, bytes }])), input, output);
      });
    });
  });
});

describe('assertions in C', () => {
  const { input } = PROGRAMS['factor']!;
  const wrong = { ...input, hints: words(3_000_000_019, 4_000_000_009) };
  const trapOf = (elf: Uint8Array, given: ProgramInput) => {
    const result = run(loaded(elf), given);
    return result.kind === 'trapped' ? result.trap : undefined;
  };

  test('fail with their message', () => {
    const elf = built([CRT0, textFile('test/foreign/factor.gcc.s')]);
    const detail = expect.stringContaining('the product is another number (low word)');
    expect(trapOf(elf, wrong)).toMatchObject({ cause: 'assertion-failed', detail });
    const trivial = { ...input, hints: words(1, 4_000_000_009) };
    const first = expect.stringContaining('the first factor is trivial');
    expect(trapOf(elf, trivial)).toMatchObject({ cause: 'assertion-failed', detail: first });
  });

  test.skipIf(!hasGcc)('fail with their message after GNU ld (skipped without GCC)', () => {
    const elf = compiled(GCC, ...GCC.options, '-O2', '-T', LINK_SCRIPT, 'guests/c/crt0.s', 'guests/c/factor.c');
    const detail = expect.stringContaining('the product is another number (low word)');
    expect(trapOf(elf, wrong)).toMatchObject({ cause: 'assertion-failed', detail });
    expect([...readElf(elf).asserts.values()]).toHaveLength(4);
  });
});

describe('a program compiled for another machine', () => {
  const options = ['-march=rv32imafdc_zicsr', '-mabi=ilp32f', '-nostdlib', '-ffreestanding', '-Iguests/c'];
  const help = 'compile it by `-march=rv32imf_zicsr -mabi=ilp32f`';

  test.skipIf(!hasGcc)('with 16-bit instructions is refused when it is loaded (skipped without GCC)', () => {
    const elf = compiled(GCC, ...options, '-O2', '-T', LINK_SCRIPT, 'guests/c/crt0.s', 'guests/c/factor.c');
    expect(() => readElf(elf)).toThrow(
      expect.objectContaining({ code: 'compressed', message: expect.stringContaining(help) }),
    );
    const object: InputFile = { path: 'factor.o', bytes: compiled(GCC, ...options, '-c', 'guests/c/factor.c') };
    expect(() => built([CRT0, object])).toThrow(
      /error\[bad-object\]: the program has 16-bit instructions; compile it by/,
    );
  });

  test.skipIf(!hasGcc)('passing numbers in other registers is refused when it is linked (skipped without GCC)', () => {
    const soft = ['-march=rv32im', '-mabi=ilp32', ...options.slice(2), '-c', 'guests/c/factor.c'];
    expect(() => built([CRT0, { path: 'factor.o', bytes: compiled(GCC, ...soft) }])).toThrow(
      /error\[bad-object\].*-mabi=ilp32f/,
    );
  });

  // Words from GNU as: amoadd.w a0, a1, (a2); fadd.d fa0, fa1, fa2; fld fa0, 0(a0); fadd.h fa0, fa1, fa2; mret;
  // c.nop twice; vadd.vv v1, v2, v3; xnor a0, a1, a2.
  test.each([
    [0x00b6252f, '0x00b6252f (A, atomic memory): compile by -march=rv32imf_zicsr -mabi=ilp32f'],
    [0x02c5f553, '0x02c5f553 (D, double precision): compile by -march=rv32imf_zicsr -mabi=ilp32f'],
    [0x00053507, '0x00053507 (D, double precision): compile by -march=rv32imf_zicsr -mabi=ilp32f'],
    [0x04c5f553, '0x04c5f553 (Zfh, half precision): compile by -march=rv32imf_zicsr -mabi=ilp32f'],
    [0x30200073, '0x30200073 (privileged): compile by -march=rv32imf_zicsr -mabi=ilp32f'],
    [0x00010001, '0x00010001 (C, 16-bit instructions): compile by -march=rv32imf_zicsr -mabi=ilp32f'],
    [0x022180d7, '0x022180d7 (V, vectors): compile by -march=rv32imf_zicsr -mabi=ilp32f'],
    [0x40c5c533, '0x40c5c533 (B, bit manipulation): compile by -march=rv32imf_zicsr -mabi=ilp32f'],
    [0x00000000, '0x00000000 is no instruction'],
  ])('traps where it reaches %i', (word, detail) => {
    const elf = built([{ path: 'a.s', text: `_start: nop\n.word 0x${word.toString(16)}\n` }]);
    const result = run(loaded(elf));
    expect(result).toMatchObject({ kind: 'trapped', trap: { cause: 'illegal-instruction', pc: 0x10004, detail } });
  });
});

test('the C header has the encodings of the instruction table', () => {
  const header = readFileSync(new URL('../../guests/c/ulp.h', import.meta.url), 'utf8');
  const lines = [...header.matchAll(/"(\.insn [^"\\]+)/g)].map(([, text]) => text!);
  const registers = ['a0', 'a1', 'a2', 'a3'];
  const source = lines.map((text) =>
    text
      .replace('%%lo(7701b)', '5')
      .replace(/%([0-3])/g, (_, i: string) => (isFloat(text, Number(i)) ? 'f' : '') + registers[Number(i)]),
  );
  const elf = built([{ path: 'a.s', text: `_start:\n${source.join('\n')}\n` }]);
  const { bytes } = readElf(elf).segments[0]!;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const words = lines.map((_, i) => disassemble(view.getUint32(4 * i, true), KNOWN_INSTRUCTIONS));
  expect(words).toEqual([
    'ulp.hint.w a0, 0(a1)',
    'ulp.hint.hu a0, 0(a1)',
    'ulp.pub.w a0, 0(a1)',
    'ulp.out a0, 0(a1)',
    'ulp.assert.eq a0, a1, 5',
    'fcvt.bf16.s fa0, fa1, rne',
    'bf16.dot.hopper fa0, a1, a2, a3',
    'poseidon2.sponge a0, a1, a2',
    'poseidon2.merkle a0, a1, a2',
  ]);
});

/** Operand 0 of a dot product and both of a conversion are floating-point. */
const isFloat = (text: string, operand: number): boolean =>
  text.includes('0x53') || (text.startsWith('.insn r4 0x2b, 0, 0') && operand === 0);
