import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { allWitnesses, findSecondWitness } from '../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import {
  expectAccepted,
  FP32_EDGES,
  FP32_TABLES,
  fp32FrameForgeries,
  fp32NeverAlone,
} from '../../test/support/fp32-frame.ts';
import { swapOperands } from '../../test/support/frame-forgeries.ts';
import { f32, forAll, u32 } from '../../test/support/property.ts';
import { type Step, stepped } from '../../test/support/step.ts';
import { boxed } from '../bf16-round/semantics.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { bf16RoundStochasticAir as air } from './air.ts';
import { BF16_ROUND_STOCHASTIC_INSTRUCTIONS } from './execute.ts';
import { roundStochastically } from './semantics.ts';
import { bf16RoundStochasticChip as chip } from './trace.ts';

const step = (word: number, threshold: number, rd = 3): Step => ({
  mnemonic: 'bf16.round.stochastic',
  fields: { rd, rs1: 1, rs2: 5 },
  registers: { 33: word, 5: threshold },
});
const run = (steps: readonly Step[]) => stepped(BF16_ROUND_STOCHASTIC_INSTRUCTIONS, [chip], steps);

const DROPPED = [0, 1, 2, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff];
const THRESHOLDS = [0, 1, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0xffff_0000, 0xffff_ffff];

test('edges with all thresholds: the register and fflags are those of the semantics, and every row is accepted', () => {
  const uppers = [...new Set(FP32_EDGES.map((word) => word >>> 16))];
  for (const threshold of THRESHOLDS) {
    const words = uppers.flatMap((upper) => DROPPED.map((dropped) => upper * 2 ** 16 + dropped));
    const { machine, trace } = run(words.map((word, i) => step(word, threshold, i % 32)));
    const rows = trace(chip);
    expectAccepted(chip, rows);
    const expected = words.map((word) => roundStochastically(word, threshold));
    expect(cells(air, rows, 'out')).toEqual(expected.map(wordOf));
    expect(cells(air, rows, 'flags')).toEqual(expected.map(flagsOf));
    const last = words.length - 1;
    expect(machine.registers[32 + (last % 32)]).toBe(wordOf(boxed(expected[last]!)));
    expect(machine.registers[5]).toBe(threshold);
  }
});

test('an honest trace of any word and threshold is accepted', () => {
  forAll(fc.tuple(f32(), u32()), ([word, threshold]) => expectAccepted(chip, run([step(word, threshold)]).trace(chip)));
});

const one = (word: number, threshold: number): Rows => run([step(word, threshold)]).trace(chip);
const inverseOf = (value: number): number => inverse(reduce(value));
const room = (pattern: number): Record<string, number> => ({ roomInverse: inverseOf(0x7f80 - pattern) });
const accrues = (flags: number): Record<string, number> => ({ flags, accrued: flags });

describe('every witness of the bits and the carry', () => {
  /** Sets the cells that constraints fix as functions of the enumerated ones, so that only the choice is left. */
  const witnesses = (rows: Rows, names: readonly string[], follow: (values: readonly number[]) => object): Rows[] =>
    enumerate(names)
      .map((values) =>
        withCells(air, rows, 0, {
          ...Object.fromEntries(names.map((name, i) => [name, values[i]!])),
          ...follow(values),
        }),
      )
      .filter(
        (forged) => violations(air, forged).length === 0 && objections(air, forged, rows, FP32_TABLES).length === 0,
      );
  const sizes: Readonly<Record<string, number>> = { hidden: 2, quiet: 2, payload: 64, carry: 2, isNan: 2, overflow: 2 };
  const enumerate = (names: readonly string[]): number[][] =>
    names.reduce<number[][]>(
      (rest, name) => rest.flatMap((values) => Array.from({ length: sizes[name]! }, (_, v) => [...values, v])),
      [[]],
    );

  test('of any row there is one', () => {
    for (const [upper, dropped, threshold] of EDGE_CASES) {
      const rows = one(upper * 2 ** 16 + dropped, threshold);
      expect(allWitnesses(air, rows, 0, ['hidden', 'quiet', 'payload']).length).toBe(1);
      const found = witnesses(rows, ['carry', 'isNan', 'overflow'], ([carry, isNan, overflow]) => {
        const rounded = upper + carry!;
        const distance = reduce(0x7f80 - rounded + (upper >>> 15) * 0x8000);
        const fraction = reduce(((upper & 0x7f) * 2 ** 16 + dropped) % 2 ** 23);
        const out = isNan === 1 ? 0x7fc0 : rounded;
        const inexact = dropped === 0 ? 0 : 1;
        const isTiny = (upper & 0x7f80) === 0 ? 1 : 0;
        const flags = isNan === 1 ? (upper & 0x40 ? 0 : 16) : 4 * overflow! + 2 * isTiny * inexact + inexact;
        return {
          remainder: dropped + (threshold & 0xffff) - 2 ** 16 * carry!,
          out,
          nanInverse: fraction === 0 ? 0 : inverse(fraction),
          roomInverse: distance === 0 ? 0 : inverse(distance),
          flags,
          accrued: flags,
        };
      });
      const outputs = new Set(found.map((f) => `${cells(air, f, 'out')[0]} ${cells(air, f, 'flags')[0]}`));
      const result = roundStochastically(upper * 2 ** 16 + dropped, threshold);
      expect([...outputs]).toEqual([`${wordOf(result)} ${flagsOf(result)}`]);
    }
  });
  const EDGE_CASES = [0x0000, 0x8000, 0x007f, 0x0080, 0x3f80, 0xbfff, 0x7f7f, 0xff7f, 0x7f80, 0xff80, 0x7fa0, 0xffc0]
    .flatMap((upper) => [0, 1, 0x8000, 0xffff].map((dropped) => [upper, dropped] as const))
    .flatMap(([upper, dropped]) => [0, 1, 0x8000, 0xffff].map((threshold) => [upper, dropped, threshold] as const));
});

describe('forgeries', () => {
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(air, honest, 0, changes),
    rejectedBy,
  });
  const exact = one(0x3f81_0000, 0xffff);
  const [up, down] = [one(0x3f80_8000, 0x8000), one(0x3f80_8000, 0x7fff)];
  const [infinity, signaling, quiet] = [one(0x7f80_0000, 0xffff), one(0x7fa0_0000, 0), one(0x7fc1_0000, 0)];
  const [largest, subnormal] = [one(0x7f7f_ffff, 1), one(0x0012_3456, 0)];
  const half = inverseOf(2);

  const forgeries: Forgery[] = [
    ...fp32FrameForgeries(air, exact, { alongWeight: [{ roomInverse: inverseOf(0x7f80 - 0x3f81) }, {}] }),

    // The operands.
    {
      claim: 'word and threshold, which are the same, change places',
      honest: one(0x3f80_0001, 0x3f80_0001),
      forged: swapOperands(air, one(0x3f80_0001, 0x3f80_0001)),
      rejectedBy: ['the program has this instruction'],
    },
    lie(
      'another threshold than rs2 holds',
      down,
      { rs2Lo: 0x8000, carry: 1, remainder: 0, out: 0x3f81, ...room(0x3f81) },
      'rs2 holds the value last written',
    ),
    lie('the high limb of rs2 is another', down, { rs2Hi: 1 }, 'rs2 holds the value last written'),

    // 1. A NaN or not, and its bits.
    lie('another exponent', exact, { biased: 126 }, 'the high limb is decoded'),
    lie(
      'a number is a NaN',
      exact,
      { isNan: 1, nanInverse: inverseOf(2 ** 16), out: 0x7fc0, ...accrues(16) },
      'a NaN is special',
    ),
    lie('a NaN is an infinity', signaling, { isNan: 0, out: 0x7fa0, ...accrues(0) }, 'an infinity has no fraction'),
    lie('an infinity is a NaN', infinity, { isNan: 1, out: 0x7fc0, ...accrues(16) }, 'a NaN has a fraction'),
    lie('1 is twice its quiet bit', exact, { hidden: 0, quiet: 2 }, 'quiet is a bit'),
    lie(
      'the hidden bit of a signaling NaN is 1/2, and the quiet one set',
      one(0x7f81_0000, 0),
      { hidden: half, quiet: 1, ...accrues(0) },
      'hidden is a bit',
    ),
    lie(
      'a quiet NaN has its quiet bit in the payload',
      quiet,
      { quiet: 0, payload: 0x41, ...accrues(16) },
      'payload is below 2^6',
    ),
    lie(
      'a normal number is subnormal and tiny',
      up,
      { hidden: 0, ...accrues(3) },
      'the bits are those of the significand',
    ),

    // 2. The rounded pattern.
    lie(
      'a sum below 2^16 carries',
      down,
      { carry: 1, out: 0x3f81, ...room(0x3f81) },
      'the bits dropped and the threshold add up',
    ),
    lie(
      'a sum of 2^16 - 1 is 2^16 - 1',
      down,
      { carry: 1, remainder: -1, out: 0x3f81, ...room(0x3f81) },
      'remainder is below 2^16',
    ),
    lie(
      'a sum of 2^16 does not carry',
      up,
      { carry: 0, remainder: 2 ** 16, out: 0x3f80, ...room(0x3f80) },
      'remainder is below 2^16',
    ),
    lie(
      'half a carry, and a result between two BF16',
      down,
      { carry: half, remainder: 2 ** 15 - 1, out: inverseOf(2) + 0x3f80, roomInverse: inverse(reduce(0x4000 - half)) },
      'carry is a bit',
    ),
    lie(
      'a number becomes another one',
      exact,
      { out: 0x3f82 },
      'the result is the rounded number, or the canonical NaN',
    ),
    lie(
      'the payload of a NaN is kept',
      quiet,
      { out: 0x7fc1 },
      'the result is the rounded number, or the canonical NaN',
    ),

    // 3. The flags.
    lie(
      'a number that drops bits is exact',
      up,
      { inexact: 0, droppedInverse: 0, ...accrues(0) },
      'what is exact drops nothing',
    ),
    lie('a BF16 is inexact', exact, { inexact: 1, ...accrues(1) }, 'what is inexact drops something'),
    lie('1 overflows', down, { overflow: 1, roomInverse: 0, ...accrues(5) }, 'an overflow leaves no room'),
    lie('an infinity overflows', infinity, { overflow: 1, ...accrues(4) }, 'an infinity or NaN does not overflow'),
    lie('the largest number does not overflow', largest, { overflow: 0, ...accrues(1) }, 'any other number has room'),
    lie('a subnormal is not tiny', subnormal, accrues(1), 'the flags are those of the case'),
    lie('a signaling NaN is valid', signaling, accrues(0), 'the flags are those of the case'),
    lie('a number that becomes an infinity raises nothing', largest, accrues(0), 'the flags are those of the case'),
  ];
  describeForgeries(air, forgeries, { tables: FP32_TABLES, neverAlone: fp32NeverAlone(air) });

  test('the search finds no second result, and finds one when a check is deleted', () => {
    const inputs = ['isReal', 'pc', 'clk', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi', 'fflagsLo'];
    const outputs = ['out', 'flags', 'accrued'];
    for (const honest of [exact, up, down, infinity, signaling, quiet, largest, subnormal]) {
      expect(findSecondWitness(air, { honest, inputs, outputs, tables: FP32_TABLES })).toBeUndefined();
    }
    for (const [honest, name] of [
      [up, 'the bits dropped and the threshold add up'],
      [up, 'the result is the rounded number, or the canonical NaN'],
    ] as const) {
      expect(
        findSecondWitness(air, { honest, inputs, outputs, tables: FP32_TABLES, without: [name] }),
        name,
      ).toBeDefined();
    }
  });
});
