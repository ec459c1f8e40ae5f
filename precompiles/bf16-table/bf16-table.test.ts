import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import { lookupLayout } from '../../stark/logup/layout.ts';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { digestProgram } from '../../test/support/digest-forgeries.ts';
import { describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../test/support/frame-forgeries.ts';
import { bf16, forAll } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { bf16TableAirs } from './air.ts';
import { BF16_TABLE_INSTRUCTIONS } from './execute.ts';
import { BF16_FUNCTIONS, evaluateBf16, roundFixed } from './functions.ts';
import { BF16_FUNCTION_NAMES, type Bf16FunctionName } from './names.ts';
import { bf16FunctionTables } from './table.ts';
import { bf16TableChips } from './trace.ts';

/** SHA-256 of the 65,536 words by GNU MPFR 4.2.0: `test/oracles/bf16-table.c`, with the command in its head. */
const MPFR_DIGESTS: Readonly<Record<Bf16FunctionName, string>> = {
  'gelu-tanh': 'd2b0e228d059fd8566178991a86601ae2f640fbffe020a7758f25aab9a427472',
  'gelu-erf': 'b98e303dfea0e3b41d4a4db31e70fa89fb6ee8f3d582ae91201a0e75c1f7f71d',
  silu: '5ca86ade57b86df8de033276498764068e933bdb7d06d90a575119ee486cc0cf',
  'gelu-tanh-grad': 'f8e0c9e288a7b5ff1426d176c8698ad60a021817d1ba2c999444ddf78f60fe15',
  'gelu-erf-grad': '2b3cf59c49e073e3560b8bbc24c068280340840da8713f2510dff4cee6f03c1f',
  'silu-grad': 'e14372d102e160780c87a8256528a8b6a6e03991282171cfffe194cae46b2787',
  exp2: 'a20c8034fb44bd48ac1d1ba773536914ef1b9acb303117fc0f119a5aaa0dc237',
};

describe.each(BF16_FUNCTIONS.map((f) => [f.name, f] as const))('%s', (name, definition) => {
  const words = Uint32Array.from({ length: 2 ** 16 }, (_, pattern) => evaluateBf16(definition, pattern));

  test('all 65,536 words are those of MPFR', () => {
    const bytes = new Uint8Array(words.length * 4);
    const view = new DataView(bytes.buffer);
    words.forEach((word, pattern) => {
      view.setUint32(4 * pattern, word, true);
    });
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(MPFR_DIGESTS[name]);
  });

  test('is within an ulp of binary64 arithmetic with the functions of JavaScript', () => {
    const [float, pattern32] = [new Float32Array(1), new Uint32Array(1)];
    const pattern = new Uint32Array(float.buffer);
    for (let x = 0; x < 2 ** 16; x += 7) {
      if ((x & 0x7fff) >= 0x7f80) continue;
      pattern[0] = x << 16;
      const value = IN_BINARY64[name](float[0]!);
      // Below this the difference of two numbers of magnitude 1 leaves no significant digits.
      if (Number.isNaN(value) || (Math.abs(value) < 1e-9 && /gelu|grad/.test(name))) continue;
      float[0] = value;
      pattern32[0] = pattern[0]!;
      expect(Math.abs(pattern32[0] - words[x]!), `${name} ${x.toString(16)}`).toBeLessThanOrEqual(1);
    }
  });

  test('the table has every pattern with its word, and no other', () => {
    const { provider, fixedRow, fixedRows, separate } = bf16FunctionTables[BF16_FUNCTION_NAMES.indexOf(name)]!;
    expect(separate).toBe(true);
    expect(fixedRows).toBeLessThanOrEqual(2 ** 15 - 256);
    for (let pattern = 0; pattern < 2 ** 16; pattern += 251) {
      const word = words[pattern]!;
      const [row, entry] = [Math.floor(pattern / 3), pattern % 3];
      const cells = fixedRow(row);
      const tuple = [cells[entry]!, cells[3 + entry]!, cells[6 + entry]!];
      expect(tuple).toEqual([pattern, word & 0xffff, word >>> 16]);
      expect(provider.positionOf(tuple)).toBe(pattern);
      expect(provider.positionOf([pattern, (word & 0xffff) ^ 1, word >>> 16])).toBeUndefined();
      expect(provider.positionOf([pattern, word & 0xffff, (word >>> 16) ^ 1])).toBeUndefined();
      expect(provider.positionOf([pattern + 2 ** 16, word & 0xffff, word >>> 16])).toBeUndefined();
    }
  });
});

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const ROOT = Math.sqrt(2 / Math.PI);
/** Abramowitz and Stegun 7.1.5, for |x| <= 3; NaN beyond. */
const erf = (x: number): number => {
  if (Math.abs(x) > 3) return Number.NaN;
  let [term, total] = [x, x];
  for (let n = 1; n < 80; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
};
const inner = (x: number): number => 2 * ROOT * (x + 0.044715 * x ** 3);
const slope = (x: number): number => 2 * ROOT * (1 + 3 * 0.044715 * x ** 2);
const gradient = (x: number, v: number, dv: number): number => {
  const [s, rest] = [sigmoid(v), sigmoid(-v)];
  return s + (s * rest === 0 ? 0 : x * s * rest * dv);
};
const IN_BINARY64: Readonly<Record<Bf16FunctionName, (x: number) => number>> = {
  'gelu-tanh': (x) => x * sigmoid(inner(x)),
  'gelu-erf': (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  silu: (x) => x * sigmoid(x),
  'gelu-tanh-grad': (x) => gradient(x, inner(x), slope(x)),
  'gelu-erf-grad': (x) => (1 + erf(x / Math.SQRT2)) / 2 + (x * Math.exp((-x * x) / 2) * ROOT) / 2,
  'silu-grad': (x) => gradient(x, x, 1),
  exp2: (x) => 2 ** x,
};

test('fixed point rounds to nearest, ties to even, into subnormals and to infinity', () => {
  const at = (value: bigint): number => roundFixed(value, 160n);
  expect(at(1n << 160n)).toBe(0x3f80_0000);
  expect(at((1n << 160n) + (1n << 136n))).toBe(0x3f80_0000);
  expect(at((1n << 160n) + (3n << 136n))).toBe(0x3f80_0002);
  expect(at(-((1n << 160n) + (1n << 136n) + 1n))).toBe(0xbf80_0001);
  expect(at(1n << 10n)).toBe(0); // 2^-150
  expect(at((1n << 10n) + 1n)).toBe(1);
  expect(at(-1n)).toBe(0x8000_0000);
  expect(at((1n << 34n) - 1n)).toBe(0x0080_0000);
  expect(at((1n << 288n) - (1n << 263n))).toBe(0x7f80_0000);
  expect(at((1n << 288n) - (1n << 263n) - 1n)).toBe(0x7f7f_ffff);
});

const [SILU] = [BF16_FUNCTION_NAMES.indexOf('silu')];
const air = bf16TableAirs[SILU]!;
const chip = bf16TableChips[SILU]!;
const table = bf16FunctionTables[SILU]!;
const TABLES = {
  [table.provider.bus.name]: (tuple: readonly number[]) => table.provider.positionOf(tuple) !== undefined,
};
const lookUp = (word: number, id = SILU): Step => ({
  mnemonic: 'bf16.table',
  fields: { rd: 3, rs1: 1, imm: id },
  registers: { 33: word },
});
const run = (...steps: Step[]) => stepped(BF16_TABLE_INSTRUCTIONS, bf16TableChips, steps);

test('a look-up leaves the word of the function, boxed or not, with a trace that is accepted', () => {
  forAll(bf16(), (pattern) => {
    const { machine, trace } = run(lookUp(pattern), lookUp(0xffff_0000 + pattern));
    expect(machine.registers[35]).toBe(evaluateBf16(BF16_FUNCTIONS[SILU]!, pattern));
    const rows = { main: [...trace(chip).main, ...paddingRow(chip).main] };
    expect(violations(air, rows)).toEqual([]);
    expect(objections(air, rows, rows, TABLES)).toEqual([]);
  });
});

test('every function has its chip, and an id without one is no instruction', () => {
  forAll(fc.integer({ min: 0, max: BF16_FUNCTION_NAMES.length - 1 }), (id) => {
    const { trace } = run(lookUp(0x3f80, id));
    bf16TableChips.forEach((other, k) => {
      expect(trace(other).main).toHaveLength(k === id ? 1 : 0);
    });
  });
  const fields = { rd: 1, rs1: 2, rs2: 0, rs3: 0, imm: BF16_FUNCTION_NAMES.length, rm: 0 };
  expect(BF16_TABLE_INSTRUCTIONS[0]!.decode(fields, 0)).toBeUndefined();
});

test('a look-up takes 37 cells', () => {
  expect([air.main.length, air.interactions.length]).toEqual([17, 12]);
  expect(air.main.length + lookupLayout([air]).tables[0]!.auxWidth).toBe(37);
});

test('no second result for the same operand', () => {
  const inputs = [
    'isReal',
    'pc',
    'clk',
    'rs1Address',
    'rs1Lo',
    'rs1Hi',
    'rs1Clk',
    'rdAddress',
    'rdLo',
    'rdHi',
    'rdClk',
  ];
  const query = { inputs, outputs: ['lo', 'hi'], tables: TABLES };
  for (const pattern of [0x0000, 0x3f80, 0xbf91, 0x7f80, 0xff80, 0x7fc1]) {
    expect(findSecondWitness(air, { ...query, honest: run(lookUp(pattern)).trace(chip) })).toBeUndefined();
  }
  const without = ['the function has this value'];
  expect(findSecondWitness(air, { ...query, honest: run(lookUp(1)).trace(chip), without })).toBeDefined();
});

describe('forgeries', () => {
  const honest: Rows = run(lookUp(0xffff_4000)).trace(chip);
  const lie = (claim: string, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(air, honest, 0, changes),
    rejectedBy,
  });
  const [value, holds] = ['the function has this value', 'rs1 holds the value last written'];
  const at3 = evaluateBf16(BF16_FUNCTIONS[SILU]!, 0x4040);
  const other = evaluateBf16(BF16_FUNCTIONS[0]!, 0x4000);
  describeForgeries(
    air,
    [
      ...frameForgeries({ air, honest, accesses: { rs1: 0, rd: 3 } }),
      lie(
        'a word next to that of the function',
        { lo: (evaluateBf16(BF16_FUNCTIONS[SILU]!, 0x4000) & 0xffff) + 1 },
        value,
      ),
      lie('the word of another function', { lo: other & 0xffff, hi: other >>> 16 }, value),
      lie('the word of another operand', { lo: at3 & 0xffff, hi: at3 >>> 16 }, value),
      lie('another operand, with its word', { rs1Lo: 0x4040, lo: at3 & 0xffff, hi: at3 >>> 16 }, holds),
      lie(
        'the same instruction in the next place of the program runs instead',
        { pc: 0x1_0004 },
        'the machine is at this instruction',
      ),
      (() => {
        const forged = withCells(air, honest, 0, { pc: 0x1_0008 });
        const claim = 'the machine is where the program has no such instruction';
        return { claim, honest: forged, forged, rejectedBy: ['the program has this instruction'] };
      })(),
    ],
    { tables: { ...TABLES, ...digestProgram(air, honest) }, neverAlone: frameNeverAlone(['rs1', 'rd']) },
  );
});
