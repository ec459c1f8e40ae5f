import { describe, expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { felt, inverse, mul, reduce } from '../../stark/field/koala-bear.ts';
import { executionOf, TABLES } from '../../test/support/bf16-dot.ts';
import { cells, describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { fmaFp32 } from '../fp32-fma/semantics.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { amxFmaAir } from './air.ts';
import { AMX_FMA_CHIP, AMX_FMA_EVENT_WORDS } from './bus.ts';
import { amxFma, flushedOperands } from './semantics.ts';
import { amxFmaChip } from './trace.ts';

const AIR = amxFmaAir as unknown as Air;
const DECODE = { 'fp32-decode': TABLES['fp32-decode']! };

const rowOf = (x: number, y: number, z: number): Rows => {
  const log = new EventLog(AMX_FMA_EVENT_WORDS);
  const at = log.push();
  log.words.set([x, y, z], at);
  return traceOf(amxFmaChip, executionOf([], new Map([[AMX_FMA_CHIP, log]])));
};
const limbs = (word: number): number[] => [word % 2 ** 16, Math.floor(word / 2 ** 16)];

describe('a step', () => {
  const EDGES = [
    0, 0x8000_0000, 1, 0x807f_ffff, 0x0080_0000, 0x3f80_0000, 0xbfc0_0000, 0x7f7f_ffff, 0x7f80_0000, 0xff80_0000,
    0x7fc0_0000, 0x7f80_0001, 0xffa1_2345,
  ];
  const random = seeded(51);
  const triples = EDGES.flatMap((x) => EDGES.flatMap((y) => EDGES.map((z) => [x >>> 16, y, z] as const)));
  const others = Array.from({ length: 300 }, () => {
    const x = random.below(2 ** 16);
    return [x, random.u32(), random.pick([random.u32(), (x << 16) >>> 0, 0x0080_0000 + random.below(4)])] as const;
  });
  // Around the least normal number: products of a power and a number of some ulps.
  const tiny = Array.from({ length: 200 }, () => {
    const half = 52 + random.below(3);
    return [half * 128 + random.below(128), (127 - half) * 2 ** 23 + random.below(2 ** 23), random.below(4)] as const;
  });

  test('asks fp32-fma for the flushed operands and answers what the semantics say', () => {
    for (const [x, y, z] of [...triples, ...others, ...tiny]) {
      const rows = rowOf(x, y, z);
      const label = [x, y, z].map((v) => v.toString(16)).join(' ');
      expect(violations(AIR, { main: [...rows.main, ...paddingRow(amxFmaChip).main] }), label).toEqual([]);
      expect(objections(AIR, rows, rows, DECODE), label).toEqual([]);
      const [answer] = messages(AIR, rows, 'the step was asked for');
      expect(answer, label).toEqual([x, ...limbs(y), ...limbs(z), ...limbs(amxFma(x, y, z))]);
      const flushed = flushedOperands(x, y, z);
      const fused = fmaFp32(0, 0, ...flushed);
      const [asked] = messages(AIR, rows, 'the operands without subnormals are fused');
      expect(asked, label).toEqual([0, 0, 0, ...flushed.flatMap(limbs), ...limbs(wordOf(fused)), flagsOf(fused)]);
    }
  });
});

const cell = (rows: Rows, name: string): number => cells(AIR, rows, name)[0]!;
/** A row of which some cells are lies. Nothing but this row is asked of the others, unless `honest` is given. */
const lie = (
  claim: string,
  row: Rows,
  changes: Readonly<Record<string, number>>,
  rejectedBy: string | readonly string[],
  honest?: Rows,
): Forgery => {
  const forged = withCells(AIR, row, 0, changes);
  const names = typeof rejectedBy === 'string' ? [rejectedBy] : rejectedBy;
  return { claim, honest: honest ?? forged, forged, rejectedBy: names };
};
const HALF = inverse(felt(2));
const half = (value: number): number => mul(reduce(value), HALF);

const ordinary = rowOf(0x3f80, 0x4049_0fdb, 0x3f80_0001);
const subnormal = rowOf(0x0001, 0x8000_0001, 0x0000_0101);
const nans = { x: rowOf(0x7fc1, 0x3f80_0000, 0), y: rowOf(0x3f80, 0x7fc1_2345, 0), z: rowOf(0x3f80, 0, 0x7fc1_2345) };
const signaling = rowOf(0x7f81, 0x3f80_0000, 0);
const invalid = rowOf(0x7f80, 0x0000_0001, 0);
/** 2^-126 - 2^-150: tiny after rounding, 2^-126 as a word. */
const underflow = rowOf(0x9a00, 0x1a00_0000, 0x0080_0000);
const exactTiny = rowOf(0xbf00, 0x0080_0000, 0);
const twoNaNs = rowOf(0x3f80, 0x7fc1_2345, 0x7fc2_2345);
const threeNaNs = rowOf(0x7fc1, 0x7fc2_0000, 0x7fc3_0000);
const [padding] = paddingRow(amxFmaChip).main as [number[]];

/** Lies about one operand: `lo` has cells of a low limb, x has none. */
function operandForgeries(name: 'x' | 'y' | 'z'): Forgery[] {
  const [x, y, z] = [name === 'x' ? 0x0001 : 0x3f80, name === 'y' ? 1 : 0x3f80_0000, name === 'z' ? 0x0001_0001 : 0];
  const tiny = rowOf(x, y, z);
  const others: Forgery[] =
    name === 'x'
      ? []
      : [
          lie(
            `the low limb of a subnormal ${name} stays`,
            tiny,
            { [`${name}FlushedLo`]: 1 },
            `${name} has no low limb if flushed`,
          ),
        ];
  const infinity = rowOf(
    name === 'x' ? 0x7f80 : 0x3f80,
    name === 'y' ? 0x7f80_0000 : 0x3f80_0000,
    name === 'z' ? 0x7f80_0000 : 0,
  );
  const nan = nans[name];
  const noNaN = {
    [`${name}IsNaN`]: 0,
    [`${name}Inverse`]: 0,
    ...(name === 'x' ? {} : { [`${name}First`]: 0 }),
    ...{ isQuiet: 0, payload: 0, outLo: 0, outHi: 0x7fc0 },
  };
  const aNaN = {
    [`${name}IsNaN`]: 1,
    ...(name === 'x' ? {} : { [`${name}First`]: 1 }),
    ...{ isQuiet: 0, payload: 0, outLo: 0, outHi: 0x7fc0 },
  };
  return [
    ...others,
    lie(`${name} has another sign`, infinity, { [`${name}Sign`]: 1 }, `${name} is decoded`),
    lie(
      `${name} is tiny though it is 1`,
      ordinary,
      {
        [`${name}IsTiny`]: 1,
        [`${name}FlushedHi`]: 0,
        ...(name === 'x' ? {} : { [`${name}FlushedLo`]: 0 }),
      },
      `${name} has its top bit unless it is tiny`,
    ),
    lie(
      `${name} is a subnormal that is half flushed: of weight 1 + 2^-7`,
      tiny,
      weighed(name, tiny, 1 + inverse(felt(2 ** 7))),
      `${name}IsTiny is a bit`,
    ),
    lie(`a subnormal ${name} is not flushed`, tiny, { [`${name}FlushedHi`]: 1 }, `${name} is flushed to a zero`),
    lie(`a NaN ${name} is an infinity`, nan, noNaN, `${name} has no fraction unless it is a NaN`),
    lie(`an infinite ${name} is a NaN`, infinity, aNaN, `${name} has some if it is`),
  ];
}
/** isTiny of another weight, and what follows for the flushed limbs. */
function weighed(name: 'x' | 'y' | 'z', row: Rows, weight: number): Record<string, number> {
  const w = reduce(weight);
  const hi = cell(row, `${name}Hi`);
  const sign = cell(row, `${name}Sign`) * 2 ** 15;
  const flushedHi = hi - mul(w, reduce(hi - sign));
  if (name === 'x') return { xIsTiny: w, xFlushedHi: flushedHi };
  const lo = cell(row, `${name}Lo`);
  return { [`${name}IsTiny`]: w, [`${name}FlushedHi`]: flushedHi, [`${name}FlushedLo`]: lo - mul(w, reduce(lo)) };
}

const forgeries: Forgery[] = [
  {
    claim: 'a row of padding is a step',
    honest: { main: [ordinary.main[0]!, padding] },
    forged: { main: [ordinary.main[0]!, ordinary.main[0]!] },
    rejectedBy: ['the step was asked for', 'the operands without subnormals are fused'],
  },
  lie(
    'one row of weight 2 flushes 1 * 1 + 1',
    rowOf(0x3f80, 0x3f80_0000, 0x3f80_0000),
    {
      ...{ isReal: 2, xIsTiny: 1, yIsTiny: 1, zIsTiny: 1, xFlushedHi: 0, yFlushedHi: 0, zFlushedHi: 0 },
      ...{ fusedHi: 0, fusedExponent: 1, fusedUpper: 0, fusedIsTiny: 2, isFlushed: 2, outHi: 0 },
      flagsInverse: mul(felt(2), inverse(felt(48))),
    },
    ['isReal is a bit', 'fusedIsTiny is a bit'],
  ),
  {
    claim: 'another operand than was asked for',
    honest: ordinary,
    forged: rowOf(0x3f81, 0x4049_0fdb, 0x3f80_0001),
    rejectedBy: ['the step was asked for', 'the operands without subnormals are fused'],
  },
  {
    claim: 'another subnormal than was asked for',
    honest: subnormal,
    forged: rowOf(0x0001, 0x8000_0002, 0x0000_0101),
    rejectedBy: ['the step was asked for'],
  },
  ...(['x', 'y', 'z'] as const).flatMap(operandForgeries),
  lie(
    'y is not the first NaN though x is none',
    nans.y,
    { yFirst: 0, isQuiet: 0, payload: 0, outLo: 0, outHi: 0x7fc0 },
    'y is the first NaN if x is none',
  ),
  lie(
    'z is the first NaN though y is one, and half of each comes out',
    twoNaNs,
    { zFirst: 1, yFirst: 0, outHi: 0x7fc2, payload: 2 },
    'y is the first NaN if x is none',
  ),
  lie(
    'a NaN z is a number',
    nans.z,
    { zFirst: 0, isQuiet: 0, payload: 0, outLo: 0, outHi: 0x7fc0 },
    'z is the first NaN if x and y are none',
  ),
  lie('a NaN comes out of numbers', ordinary, { payload: 1 }, 'the first NaN is quiet, or not'),
  lie(
    'a signaling NaN is quiet, with a payload of -64',
    signaling,
    { isQuiet: 1, payload: 1 - 64, outHi: 0x7f81 },
    'payload is below 2^6',
  ),
  lie(
    'a quiet NaN is signaling, with a payload of 65',
    nans.x,
    { isQuiet: 0, payload: 65, outHi: 0x7fc1 + 64 },
    'payload is below 2^6',
  ),
  lie('a quiet NaN is half quiet', nans.x, { isQuiet: half(1), payload: 33, outHi: 0x7fc1 + 32 }, 'isQuiet is a bit'),
  lie(
    'an underflow is kept: 2^-126 - 2^-150',
    underflow,
    { isUnderflow: 0, flagsInverse: 0, isFlushed: 0, outHi: 0x0080 },
    'any other has other flags',
  ),
  lie(
    'an underflow that is none',
    ordinary,
    { isUnderflow: 1, flagsInverse: 0, isFlushed: 1, outLo: 0, outHi: 0 },
    'an underflow has its flags',
  ),
  lie(
    'an invalid operation that is none',
    ordinary,
    { isInvalid: 1, flagsInverse: 0, outHi: cell(ordinary, 'outHi') + 0x8000 },
    'an invalid operation has its flag',
  ),
  lie('the canonical NaN of RISC-V', invalid, { isInvalid: 0, outHi: 0x7fc0 }, 'any other has other flags'),
  lie(
    'a subnormal result stays',
    exactTiny,
    { isFlushed: 0, outHi: cell(exactTiny, 'fusedHi'), outLo: cell(exactTiny, 'fusedLo') },
    'a sum that is tiny or underflows is flushed',
  ),
  lie('the fused sum has another sign', exactTiny, { fusedSign: 0, outHi: 0 }, 'the fused sum is decoded'),
  lie(
    'the fused sum is tiny though it is 4.1',
    ordinary,
    { fusedIsTiny: 1, isFlushed: 1, outLo: 0, outHi: 0 },
    'the fused sum has its top bit unless it is tiny',
  ),
  lie(
    'the fused sum is flushed with weight 1 + 2^-7',
    exactTiny,
    (() => {
      const w = reduce(1 + inverse(felt(2 ** 7)));
      const [hi, sign] = [cell(exactTiny, 'fusedHi'), 2 ** 15];
      return { fusedIsTiny: w, isFlushed: w, outHi: hi + mul(w, reduce(sign - hi)), outLo: 0 };
    })(),
    'fusedIsTiny is a bit',
  ),
  lie(
    'the low limb is another',
    ordinary,
    { outLo: 7 },
    'the low limb is that of the first NaN, or of the flushed sum',
  ),
  lie(
    'the high limb is another',
    ordinary,
    { outHi: 7 },
    'the high limb is that of the first NaN, quiet, or of the flushed sum',
  ),
];

describeForgeries(AIR, forgeries, {
  tables: DECODE,
  neverAlone: {
    'the operands without subnormals are fused': 'they are those asked for, by constraint',
    'isReal is a bit': 'of weight 2 every operand is flushed, and the sum 0 that follows is tiny of weight 2',
  },
});

const INPUTS = ['isReal', 'xHi', 'yLo', 'yHi', 'zLo', 'zHi'];
test.each([
  ['numbers', ordinary],
  ['subnormals', subnormal],
  ['a NaN', nans.y],
  ['three NaN', threeNaNs],
  ['an invalid operation', invalid],
  ['an underflow', underflow],
] as const)('the search finds no second result of %s', (_, honest) => {
  const query = { honest, inputs: INPUTS, tables: DECODE, asked: ['fp32-fma'], tries: 200 };
  expect(findSecondWitness(AIR, query)).toBeUndefined();
});
test('the search finds one where a check is missing', () => {
  const without = ['a sum that is tiny or underflows is flushed'];
  const query = { honest: exactTiny, inputs: INPUTS, tables: DECODE, asked: ['fp32-fma'], without, tries: 600 };
  expect(findSecondWitness(AIR, query)).toBeDefined();
});
test('the rows are those that are meant', () => {
  const out = (row: Rows): number => cell(row, 'outHi') * 2 ** 16 + cell(row, 'outLo');
  expect(out(invalid)).toBe(0xffc0_0000);
  expect(out(underflow)).toBe(0);
  expect(cell(underflow, 'flags')).toBe(3);
  expect(cell(underflow, 'fusedHi')).toBe(0x0080);
  expect(out(exactTiny)).toBe(0x8000_0000);
});
