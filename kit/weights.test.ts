import { expect, test } from 'vitest';
import { ulpMachine } from '../machine/relation.ts';
import type { AirBuilder } from '../stark/air/air.ts';
import { bit, defineAir, given } from '../stark/air/air.ts';
import { RANGE_BUS } from '../stark/air/bus.ts';
import { doubtfulWeights } from './weights.ts';

const columns = {
  isReal: bit('1 on a row'),
  isOdd: bit('1 for an odd value'),
  isZero: given('a constraint', '1 for a zero'),
  value: given('a look-up', 'a value'),
};
const toy = (define: (builder: AirBuilder<typeof columns>) => void): string[] =>
  doubtfulWeights(defineAir({ name: 'toy', columns, define })).map(({ reason }) => reason);

test('a difference of bits that no constraint ties is doubtful, and one that a constraint ties is not', () => {
  const look = (tied: boolean) =>
    toy(({ assertZero, send, local: { isReal, isOdd, value } }) => {
      if (tied) assertZero('an odd value is real', isOdd.times(isReal.not()));
      send('an even value is looked up', RANGE_BUS, { claimed: [3, value] }, isReal.minus(isOdd));
    });
  expect(look(false)).toEqual(['-1 with isOdd']);
  expect(look(true)).toEqual([]);
});

test('a weight of a column that is no bit is doubtful, unless a constraint makes it one', () => {
  const look = (constrained: boolean) =>
    toy(({ assertZero, send, local: { isReal, isZero, value } }) => {
      if (constrained) assertZero('only a row is zero, and once', isZero.times(isZero.minus(isReal)));
      send('another value is looked up', RANGE_BUS, { claimed: [3, value] }, isReal.minus(isZero));
    });
  expect(look(false)).toEqual(['isZero: a constraint']);
  expect(look(true)).toEqual([]);
});

/** What no constraint between bits alone shows, with the argument that does, by chip and column or interaction. */
const ARGUED: readonly (readonly [chip: RegExp, what: RegExp, because: string])[] = [
  [/^memory$/, /^isAnchor/, '1 on the first row by a constraint, 0 on those after it'],
  [/^bf16-dot-call$/, /^isEmpty/, 'isEmpty blocks = 0 and isReal - isEmpty = blocks * inverse'],
  [/^(fp32-add|fp32-fma|int-to-fp32)$/, /^isZero/, 'isZero x = 0 and isReal - isZero = x * inverse'],
  [/^fp32-reduce-call$/, /^isEmpty/, 'isEmpty count = 0 and isPairwise - isEmpty = count * inverse'],
  [/^fp32-special$/, /^2 with [abc]Quiet/, 'a range check of weight 2 asks for the same as one of weight 1'],
  [/^fp32-exp2$/, /^isWhole/, '0 or 1 by what `whole` and the low limb are, and 0 on padding'],
  [/^fp32-fold-/, /^isRam/, 'received in a state that a call has sent with a bit'],
  [/^sha256-rounds$/, /^end/, '-1 leaves a state, on a row that a round precedes'],
];

test('every weight of the machine is 0 or 1, and 0 on padding, by its bits or by a written argument', () => {
  const doubtful = [...ulpMachine().chips.values()]
    .filter((chip) => !('fixedRows' in chip))
    .flatMap(({ air }) => doubtfulWeights(air));
  const open = doubtful.filter((w) => !ARGUED.some(([chip, what]) => chip.test(w.air) && what.test(w.reason)));
  expect(open).toEqual([]);
});
