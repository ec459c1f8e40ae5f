import { describe, expect, test } from 'vitest';
import { paddingRow, type Step, stepped } from '../../kit/step.ts';
import type { Rows } from '../../stark/air/check.ts';
import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { digestProgram } from '../../test/support/digest-forgeries.ts';
import { describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import {
  expectAccepted,
  FP32_EDGES,
  FP32_TABLES,
  fp32FrameForgeries,
  fp32NeverAlone,
} from '../../test/support/fp32-frame.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { fp32ClassAir } from './air.ts';
import { FP32_CLASS_INSTRUCTIONS } from './execute.ts';
import { classOf } from './semantics.ts';
import { fp32ClassChip } from './trace.ts';

const step = (word: number): Step => ({ mnemonic: 'fclass.s', fields: { rd: 3, rs1: 1 }, registers: { 33: word } });
const run = (words: readonly number[]) => stepped(FP32_CLASS_INSTRUCTIONS, [fp32ClassChip], words.map(step));

/** The table of RISC-V Unprivileged ISA, 21.9, bit by bit: meaning of rd[bit]. */
const MEANINGS: readonly ((word: bigint) => boolean)[] = (() => {
  const infinity = 0xffn << 23n;
  const magnitude = (x: bigint): bigint => x & 0x7fff_ffffn;
  const negative = (x: bigint): boolean => x >> 31n === 1n;
  const isNormal = (m: bigint): boolean => m >= 1n << 23n && m < infinity;
  const isSubnormal = (m: bigint): boolean => m > 0n && m < 1n << 23n;
  const quiet = (x: bigint): boolean => (x & (1n << 22n)) !== 0n;
  return [
    (x) => negative(x) && magnitude(x) === infinity,
    (x) => negative(x) && isNormal(magnitude(x)),
    (x) => negative(x) && isSubnormal(magnitude(x)),
    (x) => negative(x) && magnitude(x) === 0n,
    (x) => !negative(x) && magnitude(x) === 0n,
    (x) => !negative(x) && isSubnormal(magnitude(x)),
    (x) => !negative(x) && isNormal(magnitude(x)),
    (x) => !negative(x) && magnitude(x) === infinity,
    (x) => magnitude(x) > infinity && !quiet(x),
    (x) => magnitude(x) > infinity && quiet(x),
  ];
})();

test('the class of a word is the one bit of the table that means it', () => {
  const check = (word: number): void => {
    expect(classOf(word)).toBe(MEANINGS.reduce((sum, means, bit) => sum + (means(BigInt(word)) ? 2 ** bit : 0), 0));
  };
  FP32_EDGES.forEach(check);
  forAll(f32(), check, 1000);
});

test('an honest trace of any word is accepted', () => {
  expectAccepted(fp32ClassChip, run(FP32_EDGES).trace(fp32ClassChip));
  forAll(f32(), (word) => expectAccepted(fp32ClassChip, run([word]).trace(fp32ClassChip)));
});

describe('forgeries', () => {
  const one = (word: number): Rows => run([word]).trace(fp32ClassChip);
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(fp32ClassAir, honest, 0, changes),
    rejectedBy,
  });
  const asked = (claim: string, rows: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => {
    const forged = withCells(fp32ClassAir, rows, 0, changes);
    return { claim, honest: forged, forged, rejectedBy };
  };
  const over = (value: number): number => inverse(reduce(value));
  const normal = one(0x3f81_0002);
  const zero = one(0x0000_0000);
  const subnormal = one(0x0041_0002);
  const infinity = one(0x7f80_0000);
  const signaling = one(0x7fa0_0001);
  const quiet = one(0x7fc1_0001);
  const padding = paddingRow(fp32ClassChip);
  const elsewhere = withCells(fp32ClassAir, normal, 0, { pc: normal.main[0]![1]! + 8 });
  const forgeries: Forgery[] = [
    ...fp32FrameForgeries(fp32ClassAir, normal).filter(({ claim }) => !claim.startsWith('one row of weight 2')),
    asked(
      'a row of weight 2 is of two kinds',
      normal,
      { isReal: 2, isSubnormal: 1, inverse: over(0x1_0002), out: 2 ** 6 + 2 ** 5 },
      'isReal is a bit',
    ),
    {
      claim: 'the machine is where the program has another instruction',
      honest: elsewhere,
      forged: elsewhere,
      rejectedBy: ['the program has this instruction'],
    },
    lie('another class', normal, { out: 2 ** 1 }, 'the class is that of kind and sign'),
    lie('another sign', normal, { sign: 1, out: 2 ** 1 }, 'the high limb is decoded, special or not'),
    lie(
      'a normal number is of no kind',
      normal,
      { isNormal: 0, out: 0 },
      'one kind is set',
      'the upper bits are those of the kind',
    ),
    lie('a zero is of no kind', zero, { isZero: 0, out: 0 }, 'one kind is set'),
    lie(
      'a normal number is subnormal',
      normal,
      { isNormal: 0, isSubnormal: 1, inverse: over(0x81_0002), out: 2 ** 5 },
      'the upper bits are those of the kind',
    ),
    lie(
      'a signaling NaN is quiet',
      signaling,
      { isSignaling: 0, isQuiet: 1, out: 2 ** 9 },
      'the upper bits are those of the kind',
    ),
    lie(
      'a quiet NaN signals',
      quiet,
      { isQuiet: 0, isSignaling: 1, out: 2 ** 8 },
      'the upper bits are those of the kind',
    ),
    lie(
      'a subnormal is a zero',
      subnormal,
      { isSubnormal: 0, isZero: 1, out: 2 ** 4 },
      'an infinity or zero has no fraction',
    ),
    lie('an infinity is a NaN', infinity, { isInfinite: 0, isSignaling: 1, out: 2 ** 8 }, 'a subnormal or NaN has one'),
    lie('a zero is a subnormal', zero, { isZero: 0, isSubnormal: 1, out: 2 ** 5 }, 'a subnormal or NaN has one'),
    lie('rs1 held another value', normal, { rs1Lo: 3 }, 'rs1 holds the value last written'),
    // On padding a kind of weight -1 makes room for a normal number.
    ...(
      [
        ['isInfinite', { out: 2 ** 6 - 2 ** 7 }],
        ['isSubnormal', { inverse: over(-(2 ** 23)), out: 2 ** 6 - 2 ** 5 }],
        ['isZero', { upper: 2 ** 7, out: 2 ** 6 - 2 ** 4 }],
        ['isSignaling', { rs1Lo: 1, inverse: 1, out: 2 ** 6 - 2 ** 8 }],
        ['isQuiet', { rs1Lo: 1, inverse: 1, out: 2 ** 6 - 2 ** 9 }],
      ] as const
    ).map(([kind, along]) =>
      lie(`${kind} is -1 on padding`, padding, { [kind]: -1, isNormal: 1, ...along }, `${kind} is a bit`),
    ),
    lie(
      'isNormal is -1 on padding, which makes room for a subnormal number',
      padding,
      { isNormal: -1, isSubnormal: 1, inverse: over(2 ** 23), out: 2 ** 5 - 2 ** 6 },
      'isNormal is a bit',
    ),
  ];
  const tables = { ...FP32_TABLES, ...digestProgram(fp32ClassAir, normal) };
  describeForgeries(fp32ClassAir, forgeries, { tables, neverAlone: fp32NeverAlone(fp32ClassAir) });

  test('the search finds no second result, and finds one when a check is deleted', () => {
    const query = {
      honest: normal,
      inputs: ['isReal', 'pc', 'clk', 'rs1Lo', 'rs1Hi'],
      outputs: ['out'],
      tables,
    };
    expect(findSecondWitness(fp32ClassAir, query)).toBeUndefined();
    expect(
      findSecondWitness(fp32ClassAir, { ...query, without: ['the class is that of kind and sign'] }),
    ).toBeDefined();
  });
});
