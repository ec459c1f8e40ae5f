import { expect, test } from 'vitest';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { felt, inverse, mul, reduce } from '../../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { seeded } from '../../../test/support/random.ts';
import { bigSigma0, bigSigma1, choose, majority } from '../semantics.ts';
import { sha256RoundsAir as air } from './air.ts';

const KEY = 17 * 9;
const random = seeded(256);
const anyWord = (): number => random.below(2 ** 32);

interface Words {
  /** Of the working variables a and e, four a row, oldest first. */
  readonly a: readonly number[];
  readonly e: readonly number[];
}

/** The row of a state without rounds. */
const stateRow = ({ a, e }: Words, key = KEY, end = 1): number[] =>
  air.encode({ end: reduce(end), key, ...bitsOf({ a, e }) });
const bitsOf = ({ a, e }: Words) => {
  const bits = (words: readonly number[]) =>
    words.flatMap((word) => Array.from({ length: 32 }, (_, i) => (word >>> i) & 1));
  return { a: bits(a), e: bits(e) };
};

/** Changes the words of a round, given those that are right. */
type Change = (j: number, a: number, e: number) => { readonly a?: number; readonly e?: number };

/** Four rounds after a state, with limbs kw, and the row of it. What a change says is followed by what is right. */
function fourRounds(before: Words, kw: readonly number[], key = KEY + 1, end = 0, change: Change = () => ({})) {
  const [a, e] = [[...before.a], [...before.e]];
  const [carryA, carryE, carryTop]: [number[], number[], number[]] = [[], [], []];
  for (let j = 0; j < 4; j++) {
    const forE = [a[j]!, e[j]!, bigSigma1(e[j + 3]!), choose(e[j + 3]!, e[j + 2]!, e[j + 1]!)];
    const forA = [bigSigma0(a[j + 3]!), majority(a[j + 3]!, a[j + 2]!, a[j + 1]!)];
    const total = (words: readonly number[], half: number): number =>
      words.reduce((sum, word) => sum + ((word >>> (16 * half)) & 0xffff), 0);
    const lowE = total(forE, 0) + kw[2 * j]!;
    const highE = total(forE, 1) + kw[2 * j + 1]! + (lowE >>> 16);
    const rightE = ((lowE & 0xffff) + (highE & 0xffff) * 2 ** 16) >>> 0;
    const newE = change(j, 0, rightE).e ?? rightE;
    const rightA = (forA[0]! + forA[1]! + newE - a[j]!) >>> 0;
    const newA = change(j, rightA, newE).a ?? rightA;
    carryE.push((lowE >>> 16) & 3, (highE >>> 16) & 3);
    carryTop.push((lowE >>> 18) | ((highE >>> 18) << 1));
    const lowA = Math.round((total([newA, a[j]!], 0) - total([...forA, newE], 0)) / 2 ** 16);
    carryA.push(
      reduce(lowA),
      reduce(Math.round((total([newA, a[j]!], 1) + lowA - total([...forA, newE], 1)) / 2 ** 16)),
    );
    a.push(newA);
    e.push(newE);
  }
  const after = { a: a.slice(4), e: e.slice(4) };
  const row = air.encode({ isRound: 1, end: reduce(end), key, kw, ...bitsOf(after), carryA, carryE, carryTop });
  return { after, row };
}

const START: Words = {
  a: [anyWord(), anyWord(), anyWord(), anyWord()],
  e: [anyWord(), anyWord(), anyWord(), anyWord()],
};
const KW = Array.from({ length: 8 }, () => random.below(2 ** 17 - 1));
const ZERO: Words = { a: [0, 0, 0, 0], e: [0, 0, 0, 0] };
const padding = new Array<number>(air.main.length).fill(0);
const only: Rows = { main: [stateRow(START)] };
const step = fourRounds(START, KW);
const two: Rows = { main: [only.main[0]!, step.row] };

test('an honest block of two rows is accepted, with the largest carries too', () => {
  const full: Words = { a: Array(4).fill(0xffff_ffff), e: Array(4).fill(0xffff_ffff) };
  const last = fourRounds(step.after, KW, KEY + 2, -1).row;
  const most = fourRounds(full, Array(8).fill(2 ** 17 - 2), 5, -1);
  expect(cells(air, { main: [most.row] }, 'carryTop[0]')[0]).toBe(3);
  const rows = { main: [...two.main, last, stateRow(full, 4), most.row, padding] };
  expect(violations(air, rows)).toEqual([]);
});

const asked = (claim: string, forged: Rows, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: forged,
  forged,
  rejectedBy,
});
const [words, state] = ['the words are those of these rounds', 'the state is taken, or left'];

/** A bit that makes up for another false one of its limb: no bit, in a limb with its value. */
function noBit(name: 'a' | 'e', index: number): Forgery {
  const place = index % 16;
  const other = place === 0 ? index + 1 : index - place;
  const [own, moved] = [`${name}[${index}]`, `${name}[${other}]`];
  const value = cells(air, only, moved)[0]!;
  const change = (value === 1 ? 1 : -1) * 2 ** (other % 16);
  const forged = withCells(air, only, 0, {
    [moved]: 1 - value,
    [own]: reduce(cells(air, only, own)[0]! + mul(reduce(change), inverse(felt(2 ** place)))),
  });
  return { claim: `bit ${own} makes up for ${moved}`, honest: only, forged, rejectedBy: [`${own} is a bit`] };
}

const outside = (name: string, value: number, rejectedBy: string): Forgery => ({
  claim: `${name} is ${value}`,
  honest: only,
  forged: withCells(air, only, 0, { [name]: value }),
  rejectedBy: [rejectedBy],
});

/** Flips the lowest bit of a limb that leaves the carries of the words around as they are. */
function falseLimb(name: 'a' | 'e', j: number, half: number): Forgery {
  const bit = 2 ** (16 * half);
  const change: Change = (round, a, e) => {
    if (round !== j) return {};
    return name === 'e' ? { e: (e ^ bit) >>> 0 } : a === 0 ? {} : { a: (a ^ bit) >>> 0 };
  };
  return {
    claim: `another limb ${half} of ${name} after round ${j}`,
    honest: two,
    forged: { main: [two.main[0]!, fourRounds(START, KW, KEY + 1, 0, change).row] },
    rejectedBy: [`limb ${half} of ${name} ${j} adds up`],
  };
}

const four = [0, 1, 2, 3];
const forgeries: Forgery[] = [
  ...(['a', 'e'] as const).flatMap((name) => [...Array(128).keys()].map((index) => noBit(name, index))),
  ...(['a', 'e'] as const).flatMap((name) => four.flatMap((j) => [0, 1].map((half) => falseLimb(name, j, half)))),
  ...[...Array(8).keys()].flatMap((i) => [
    outside(`carryE[${i}]`, 4, `carryE[${i}] is below 4`),
    outside(`carryA[${i}]`, 2, `carryA[${i}] is -2 to 1`),
  ]),
  ...four.map((j) => outside(`carryTop[${j}]`, 4, `carryTop[${j}] is below 4`)),
  asked('one row of weight 2', withCells(air, two, 1, { isRound: 2 }), 'isRound is a bit'),
  asked('a state is taken twice', withCells(air, two, 1, { end: 2 }), 'an end is -1, 0 or 1'),
  asked('a state is left without rounds', { main: [stateRow(START, KEY, -1)] }, 'a state is left by a round'),
  asked('the table starts with a round', { main: [step.row] }, 'the table does not start with a round'),
  asked(
    'a round after padding',
    { main: [padding, fourRounds(ZERO, KW, 1).row] },
    'a round follows a round or a state',
  ),
  asked(
    'a round after a row that only holds a state',
    { main: [stateRow(START, KEY, 0), step.row] },
    'a round follows a round or a state',
  ),
  asked(
    'rounds with the words of others',
    { main: [two.main[0]!, fourRounds(START, KW, KEY + 5).row] },
    'the key goes on',
  ),
  {
    claim: 'other words than those of these rounds',
    honest: two,
    forged: { main: [two.main[0]!, fourRounds(START, KW.with(3, KW[3]! ^ 1)).row] },
    rejectedBy: [words],
  },
  {
    claim: 'another state than the one before',
    honest: only,
    forged: { main: [stateRow({ ...START, a: START.a.with(2, 7) })] },
    rejectedBy: [state],
  },
  {
    claim: 'the state of another block',
    honest: only,
    forged: { main: [stateRow(START, KEY + 17)] },
    rejectedBy: [state],
  },
  {
    claim: 'a block ends after four rounds',
    honest: two,
    forged: { main: [two.main[0]!, withCells(air, two, 1, { end: -1 }).main[1]!] },
    rejectedBy: [state],
  },
  { claim: 'rounds are passed over', honest: two, forged: { main: [two.main[0]!, padding] }, rejectedBy: [words] },
  { claim: 'a state is taken that nobody sent', honest: { main: [padding] }, forged: only, rejectedBy: [state] },
];

describeForgeries(air, forgeries);

test('no second state after the same rounds', () => {
  const query = { honest: two, row: 1, inputs: ['isRound', 'end', 'key', 'kw'], outputs: ['a', 'e'], tries: 60 };
  expect(findSecondWitness(air, query)).toBeUndefined();
  const without = [0, 1].flatMap((half) => four.flatMap((j) => [`limb ${half} of a ${j} adds up`]));
  expect(findSecondWitness(air, { ...query, without })).toBeDefined();
});
