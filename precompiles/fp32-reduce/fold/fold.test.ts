import { describe, expect, test } from 'vitest';
import type { Air } from '../../../stark/air/air.ts';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { describeForgeries, type Forgery, messages, objections, withCells } from '../../../test/support/forgery.ts';
import { limbs, RAM_AT, reductionTables, withSources, wordAt, ZEROS_AT } from '../../../test/support/fp32-reduce.ts';
import { flagsOf, wordOf } from '../../fp32-round/semantics.ts';
import { RAM_TIME, SHAPES } from '../constants.ts';
import { reduceFp32, STEPS } from '../semantics.ts';
import { foldAirOf } from './air.ts';
import { FOLD_CHIPS, type Fold } from './steps.ts';

const CLK = 77;
const TABLES = reductionTables(CLK + RAM_TIME);

interface RowOptions {
  readonly remaining: number;
  readonly isRam?: boolean;
  readonly address?: number;
  readonly before?: number;
  /** Of each lane; default 1.5. */
  readonly acc?: number;
  /** Which words are taken; default the first ones. */
  readonly take?: readonly number[];
  /** Words that are not those of the source, by place. */
  readonly words?: Readonly<Record<number, number>>;
  /** Accumulators after a word, and flags, that do not follow, by place: what comes later follows from them. */
  readonly results?: Readonly<Record<number, number>>;
  readonly flags?: Readonly<Record<number, number>>;
}

/** A row that follows from what it is told, be it true or not. */
function rowOf({ fold, shape }: Fold, options: RowOptions): Rows {
  const air = foldAirOf({ fold, shape });
  const { lanes, width } = SHAPES[shape];
  const { remaining, isRam = false, before = 0, acc = 0x3fc0_0000, words = {}, results = {}, flags = {} } = options;
  const address = options.address ?? (isRam ? RAM_AT + 16 : 16);
  const take = options.take ?? Array.from({ length: width }, (_, k) => (k < remaining ? 1 : 0));
  const x = Array.from({ length: width }, (_, k) => words[k] ?? wordAt(isRam, address + k));
  const chain = new Array<number>(lanes).fill(acc);
  const [raised, accrued]: [number[], number[]] = [[], []];
  for (let k = 0; k < width; k++) {
    const result = take[k] === 0 ? chain[k]! : STEPS[fold](chain[k]!, x[k]!);
    chain.push(results[k] ?? wordOf(result));
    raised.push(flagsOf(result));
    accrued.push(flags[k] ?? (accrued[k - 1] ?? before) | flagsOf(result));
  }
  const acc0 = chain.slice(0, lanes).flatMap(limbs);
  const out = chain.slice(lanes).flatMap(limbs);
  const at = { clk: CLK, isRam: isRam ? 1 : 0, address, remaining };
  return { main: [air.encode({ take, ...at, before, acc: acc0, x: x.flatMap(limbs), out, raised, accrued })] };
}

const [RECEIVED, LEFT] = ['the fold was left in this state', 'the fold is left in the next state'];

describe.each(FOLD_CHIPS)('$shape $fold', (of) => {
  const plain = foldAirOf(of) as unknown as Air;
  const air = withSources(plain);
  const { lanes, width } = SHAPES[of.shape];
  const padding: Rows = { main: [new Array<number>(air.main.length).fill(0)] };

  test('an honest row leaves the reduction of its words, from both sources, full or not', () => {
    for (const [isRam, remaining] of [false, true].flatMap((r) =>
      [1, 2, 7, 8, 9, width, width + 5].map((n) => [r, n] as const),
    )) {
      const rows = rowOf(of, { isRam, remaining });
      expect(violations(air, { main: [...rows.main, ...padding.main] })).toEqual([]);
      expect(objections(air, rows, rows, TABLES)).toEqual([]);
      const [state] = messages(plain, rows, LEFT);
      const first = isRam ? RAM_AT + 16 : 16;
      const taken = Math.min(width, remaining);
      const words = Array.from({ length: taken }, (_, k) => wordAt(isRam, first + k));
      expect(state!.slice(3, 5)).toEqual([first + width, remaining - taken]);
      for (let lane = 0; lane < lanes; lane++) {
        const own = words.filter((_, k) => k % lanes === lane);
        const name = of.fold === 'sum' || of.fold === 'squares' ? (`${of.fold}.sequential` as const) : of.fold;
        expect(state!.slice(6 + 2 * lane, 8 + 2 * lane)).toEqual(limbs(wordOf(reduceFp32(name, 0x3fc0_0000, own))));
      }
    }
  });

  const full = rowOf(of, { remaining: width + 3 });
  /** Two words that change nothing, as far as a row can tell. */
  const zeros = rowOf(of, { remaining: 2, address: ZEROS_AT });
  const takes = (...skipped: (readonly [number, number])[]) =>
    Array.from({ length: width }, (_, k) => skipped.find(([place]) => place === k)?.[1] ?? 1);
  /** The first `n` words are taken, but for those with a weight of their own. */
  const firstOf = (n: number, weights: Readonly<Record<number, number>>): number[] =>
    Array.from({ length: width }, (_, k) => weights[k] ?? (k < n ? 1 : 0));
  const each = Array.from({ length: width }, (_, k) => k);
  const blocks = each.filter((k) => k % 8 === 0).map((k) => k / 8);
  const onState = (claim: string, forged: RowOptions): Forgery => ({
    claim,
    honest: full,
    forged: rowOf(of, forged),
    rejectedBy: [RECEIVED],
  });
  const one = (claim: string, honest: RowOptions, forged: RowOptions, rejectedBy: string): Forgery => ({
    claim,
    honest: rowOf(of, honest),
    forged: rowOf(of, forged),
    rejectedBy: [rejectedBy],
  });

  const forgeries: Forgery[] = [
    onState('another accumulator: the sum starts anew', { remaining: width + 3, acc: 0 }),
    onState('the flags before are dropped', { remaining: width + 3, before: 4 }),
    onState('a block is left out', { remaining: width + 3, address: 16 + width }),
    onState('the block before is taken again', { remaining: width + 3, address: 8 }),
    onState('one word more remains', { remaining: width + 4 }),
    onState('the words are in RAM', { remaining: width + 3, isRam: true, address: RAM_AT + 16 }),
    {
      claim: 'a row is left out',
      honest: full,
      forged: padding,
      rejectedBy: [RECEIVED, LEFT],
    },
    {
      claim: 'another call',
      honest: full,
      forged: withCells(air, full, 0, { clk: CLK + 8 }),
      rejectedBy: [RECEIVED],
    },
    one(
      'words are left out in the middle',
      { remaining: width + 3 },
      { remaining: width + 3, take: firstOf(2, {}) },
      'words are left out only if none remain',
    ),
    {
      claim: 'one row of weight 2 stands for two',
      honest: { main: [...zeros.main, ...zeros.main] },
      forged: {
        main: [...rowOf(of, { remaining: 2, address: ZEROS_AT, take: firstOf(1, { 0: 2 }) }).main, ...padding.main],
      },
      rejectedBy: ['take[0] is a bit'],
    },
    ...each.slice(1).map((k) => {
      const remaining = k === width - 1 ? width + 1 : k + 2;
      return one(
        `word ${k} counts twice, and the next one is left out`,
        { remaining, address: ZEROS_AT },
        { remaining, address: ZEROS_AT, take: firstOf(k, { [k]: 2 }) },
        `take[${k}] is a bit`,
      );
    }),
  ];
  forgeries.push(
    ...each.slice(1).map(
      (k): Forgery =>
        k === 1
          ? {
              claim: 'word 1 is folded on a row of padding',
              honest: rowOf(of, { remaining: 0 }),
              forged: rowOf(of, { remaining: 0, take: firstOf(0, { 1: 1 }) }),
              rejectedBy: ['word 1 comes after word 0'],
            }
          : one(
              `word ${k} is taken in place of word ${k - 1}`,
              { remaining: k },
              { remaining: k, take: takes([k - 1, 0], ...each.slice(k + 1).map((j) => [j, 0] as const)) },
              `word ${k} comes after word ${k - 1}`,
            ),
    ),
    ...blocks.flatMap((block): Forgery[] => [
      one(
        `a word of block ${block} is not that of the tape`,
        { remaining: width },
        { remaining: width, words: { [8 * block]: 0x4000_0000 } },
        `block ${block} is on the hint tape`,
      ),
      one(
        `a word of block ${block} is not that of RAM`,
        { remaining: width, isRam: true },
        { remaining: width, isRam: true, words: { [8 * block + 7]: 0x4000_0000 } },
        `block ${block} is in RAM`,
      ),
    ]),
    ...each.flatMap((k): Forgery[] => {
      const honest = { remaining: width };
      const short = { remaining: k };
      const held = wordOf(heldBefore(of, k));
      return [
        one(
          `step ${k} has another result`,
          honest,
          { ...honest, results: { [k]: 0x4048_f5c3 } },
          `step ${k} has this result`,
        ),
        one(
          `a flag is raised before step ${k + 1} that no step raised`,
          honest,
          { ...honest, flags: { [k]: 9 } },
          `the flags of step ${k} accrue`,
        ),
        one(
          `without word ${k} the low limb changes`,
          short,
          { ...short, results: { [k]: (held ^ 1) >>> 0 } },
          `without word ${k} the low limb stays`,
        ),
        one(
          `without word ${k} the high limb changes`,
          short,
          { ...short, results: { [k]: (held ^ 0x8000_0000) >>> 0 } },
          `without word ${k} the high limb stays`,
        ),
        one(
          `without word ${k} a flag is raised`,
          short,
          { ...short, flags: { [k]: 8 + 1 } },
          `without word ${k} the flags stay`,
        ),
      ];
    }),
  );

  describeForgeries(air, forgeries, {
    tables: TABLES,
    neverAlone: {
      [LEFT]:
        "all its fields are claimed, so that it only counts, as often as a state was taken; its values are the row's own, " +
        'which other checks fix',
    },
  });

  test('a word taken twice and two words swapped are refused', () => {
    const honest = rowOf(of, { remaining: width });
    const rejected = (words: Record<number, number>): string[] =>
      objections(air, rowOf(of, { remaining: width, words }), honest, TABLES);
    const [first, second] = [wordAt(false, 16), wordAt(false, 17)];
    expect(rejected({ 1: first })).toEqual(['block 0 is on the hint tape']);
    expect(rejected({ 0: second, 1: first })).toEqual(['block 0 is on the hint tape']);
  });

  test('the search finds no second result, and finds one when a check is deleted', () => {
    const query = {
      honest: rowOf(of, { remaining: 3 }),
      inputs: ['clk', 'isRam', 'address', 'remaining', 'before', 'acc', 'x', 'take', 'raised'],
      outputs: ['out', 'accrued'],
      tables: TABLES,
      tries: 60,
    };
    expect(findSecondWitness(air, query)).toBeUndefined();
    expect(
      findSecondWitness(air, {
        ...query,
        without: ['without word 5 the low limb stays'],
        outputs: ['out'],
        tries: 400,
      }),
    ).toBeDefined();
  });
});

/** The accumulator that a row with words 0 .. k - 1 has when word k is due. */
function heldBefore({ fold, shape }: Fold, k: number): number {
  let acc = 0x3fc0_0000;
  if (shape === 'warp') return acc;
  for (let i = 0; i < k; i++) acc = wordOf(STEPS[fold](acc, wordAt(false, 16 + i)));
  return acc;
}
