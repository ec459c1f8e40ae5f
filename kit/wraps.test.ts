import { expect, test } from 'vitest';
import type { Machine } from '../machine/machine.ts';
import { ulpMachine } from '../machine/relation.ts';
import { type AirBuilder, array, below, bit, type Declaration, defineAir, given, u16 } from '../stark/air/air.ts';
import { RANGE_BUS } from '../stark/air/bus.ts';
import { sum } from '../stark/air/expr.ts';
import { felt, inverse } from '../stark/field/koala-bear.ts';
import { MEMORY_BUS } from '../vm/buses.ts';
import { addUp } from '../vm/chips/limbs.ts';
import {
  COMPLEMENT_RANGE_BUS,
  complementRangeTable,
  POWER_RANGE_BUS,
  powerRangeTable,
  rangeTable,
} from '../vm/chips/range/air.ts';
import { wrapsOf } from './wraps.ts';

/** What is open in a chip of these columns beside the range tables. */
function openIn<const D extends Record<string, Declaration>>(columns: D, define: (builder: AirBuilder<D>) => void) {
  const air = defineAir({ name: 'toy', columns, define });
  const chips = new Map(
    [{ air }, rangeTable, powerRangeTable, complementRangeTable].map((chip) => [chip.air.name, chip]),
  );
  return wrapsOf({ chips } as unknown as Pick<Machine, 'chips'>).map(({ reason }) => reason);
}
const SHIFT = 2 ** 16;

test('a product of two limbs reaches p, one of a limb and a byte does not', () => {
  const product = (bits: number) =>
    openIn(
      { a: u16('a'), b: below(bits, 'b'), limbs: array(2, u16('of a b')) },
      ({ local: { a, b, limbs }, assertZero }) =>
        assertZero('limbs are those of a b', a.times(b).minus(limbs[0]!).minus(limbs[1]!.times(SHIFT))),
    );
  expect(product(16)).toEqual([`${-(SHIFT ** 2 - 1)} to ${(SHIFT - 1) ** 2}`]);
  expect(product(15)).toEqual([`${-(SHIFT ** 2 - 1)} to ${(SHIFT - 1) * (2 ** 15 - 1)}`]);
  expect(product(8)).toEqual([`${-(SHIFT ** 2 - 1)} to ${(SHIFT - 1) * 255}`]);
});

test('a carry without a range may be anything, and one that is a quotient has to be a bit', () => {
  const columns = { a: u16('a'), b: u16('b'), out: u16('a + b mod 2^16') };
  const carries = (carry: Declaration<undefined>) =>
    openIn({ ...columns, carry }, ({ local: { a, b, out, carry }, assertZero }) =>
      assertZero('out and carry are a + b', a.plus(b).minus(out).minus(carry.times(SHIFT))),
    );
  expect(carries(given('nobody', 'the carry'))).toEqual(['anything: carry']);
  expect(carries(bit('the carry'))).toEqual([]);
  const word = (name: string) => ({ [`${name}Lo`]: u16('low limb'), [`${name}Hi`]: u16('high limb') });
  expect(
    openIn({ ...word('a'), ...word('b'), ...word('out') }, (builder) => {
      const [a, b, out] = ['a', 'b', 'out'].map((n) => ({
        lo: builder.local[`${n}Lo`]!,
        hi: builder.local[`${n}Hi`]!,
      }));
      addUp(builder, a!, b!, out!);
    }),
  ).toEqual([]);
});

test('a term with a sign is taken with its sign', () => {
  const lifted = (unit: number) =>
    openIn(
      { sign: array(8, bit('1 if negative')), term: array(8, below(12, 'magnitude')), out: u16('sum') },
      ({ local: { sign, term, out }, assertZero }) => {
        const terms = term.map((t, i) => t.minus(sign[i]!.times(t).times(2)).plus(sign[i]!.times(2 ** 12)));
        assertZero('lifted terms add up', sum(terms).times(unit).minus(out));
      },
    );
  expect(lifted(2 ** 16)).toHaveLength(1);
  expect(lifted(2 ** 15)).toEqual([]);
});

test('a limb is split at bit k by the tables that bound its parts', () => {
  const columns = {
    limb: u16('a limb'),
    k: u16('k'),
    power: u16('2^k'),
    lower: u16('lower part'),
    upper: u16('upper part'),
  };
  const split = (isTied: boolean) =>
    openIn(columns, ({ local: { limb, k, power, lower, upper }, assertZero, send }) => {
      send('k bits are below', POWER_RANGE_BUS, { claimed: [k, power, lower] }, 1);
      if (isTied) send('the others are not', COMPLEMENT_RANGE_BUS, { claimed: [power, upper] }, 1);
      assertZero('the limb is split', limb.minus(upper.times(power)).minus(lower));
    });
  expect(split(false)).toHaveLength(1);
  expect(split(true)).toEqual([]);
});

test('an inverse may be anything, what it is multiplied with may not', () => {
  const inverted = (bits: number) =>
    openIn(
      { x: below(bits, 'x'), inverse: given('free: an inverse exists or not', 'of x'), isZero: bit('1 if x is 0') },
      ({ local: { x, inverse, isZero }, assertZero }) =>
        assertZero('x is 0 if isZero', x.times(SHIFT).times(inverse).minus(isZero.not())),
    );
  expect(inverted(16)).toEqual([]);
});

test('an exact quotient is one of integers, and a word left in memory is two limbs', () => {
  const left = (bits: number) =>
    openIn({ isReal: bit('1 on a row'), limb: u16('a limb'), low: below(8, 'its low byte') }, (builder) => {
      const { isReal, limb, low } = builder.local;
      const high = limb.minus(low).times(inverse(felt(2 ** 8)));
      if (bits > 0) builder.send('the high byte is one', RANGE_BUS, { claimed: [bits, high] }, 1);
      builder.send('the word is left', MEMORY_BUS, { given: [1, 0, limb, high, 4] }, isReal);
    });
  expect(left(0)[0]).toMatch(/^a limb from -\d+/);
  expect(left(8)).toEqual([]);
});

test('two equations of one large product do not show each other', () => {
  const columns = { a: u16('a'), b: u16('b'), x: u16('a b, says one'), y: u16('a b, says the other') };
  const open = openIn(columns, ({ local: { a, b, x, y }, assertZero }) => {
    assertZero('x is a b', x.minus(a.times(b)));
    assertZero('y is a b', y.minus(a.times(b)));
  });
  expect(open).toHaveLength(2);
});

/** Permutations: their cells are field elements and stand for no integers. */
const NOT_JUDGED = ['sponge', 'merkle'];
const UNIT = 'a power of two is a unit: the other factor is the one power that makes the product 2^16';
/** What the ranges alone do not show, with the argument that it is so or need not be, by chip and constraint or message. */
const ARGUED: readonly (readonly [chip: RegExp, name: RegExp, because: string])[] = [
  [/^bf16-(dot|normal-pairs)/, /is the product so far$/, 'a product in F_p, which is 0 if a factor is'],
  [/^bf16-(dot-ampere|normal-pairs)$/, /no exponent is/, 'that product has an inverse in F_p'],
  [/^bf16-dot-ampere$/, /^second half: /, 'as the first half where it is summed; where it is not it says nothing'],
  [
    /^bf16-dot-(special|amx-tile)$/,
    /finite$|finite terms$|largest is|shift is/,
    'exponents of states, all above -1,300',
  ],
  [
    /^bf16-dot-(fma|amx)/,
    /: the (sum adds up|low limb is shifted)$/,
    '`rounded-sum-air.ts`, 1 and 3: 28 bits, or zero',
  ],
  [/^shift$/, /^(power|limb \d is low|the (low|high) limb of rd)/, UNIT],
  [/^shift-immediate$/, /^(power|limb \d is low|the (low|high) limb of rd)/, `the program has 2^splitAt; ${UNIT}`],
  [/^fp32-to-int$/, /^(power and its complement|the (low|middle) limb is made of)/, UNIT],
  [/^fp32-(normalise|rsqrt)$/, /moved up$/, 'isSmall or not, one of two look-ups has (bits, 2^bits)'],
  [
    /^fp32-(|exp-|function-)special$/,
    /limb|fraction|has one|mode|number/,
    'words and mode of the sender, or no case at all',
  ],
  [/^amx-fma$/, /^(any other|the low limb)/, 'flags, and a low limb that is 0 or that of `fp32-round`'],
  [/^fp32-tanh$/, /^columns 1 and 2/, 'its proof, 3: M belongs to the window, so K (M - s) < 4 D'],
  [/^branch$/, /^the next instruction is the target/, 'isTaken is 0 or 1, as [a < b] is'],
  [/^compare$/, /^rd is left/, '[a < b] is 0 or 1: the proof of `less-than.ts`'],
  [/^jump$/, /^rd is left/, 'the high limb of pc + 4, of constants of the program'],
  [/^load-narrow$/, /^rd is left/, 'what is boxed is unsigned and has sign 0'],
  [/^philox$/, /^word [02] of counter is left/, 'x + y - 2 (x AND y) of bytes by the byte table is a byte'],
];

test('every constraint of the machine is one of integers, by its ranges or by a written argument', {
  timeout: 120_000,
}, () => {
  const found = wrapsOf(ulpMachine(), NOT_JUDGED);
  const argues = ([chip, name]: (typeof ARGUED)[number], wrap: (typeof found)[number]) =>
    chip.test(wrap.air) && name.test(wrap.name);
  expect(found.filter((wrap) => !ARGUED.some((argument) => argues(argument, wrap)))).toEqual([]);
  expect(ARGUED.filter((argument) => !found.some((wrap) => argues(argument, wrap)))).toEqual([]);
});
