import fc from 'fast-check';
import { expect, test } from 'vitest';
import { centred, P } from '../stark/field/koala-bear.ts';
import { type Interval, intervalOf, solved, sumOf } from './interval.ts';
import type { Polynomial, Term } from './polynomial.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const range = fc.tuple(fc.integer({ min: -20, max: 20 }), fc.constantFrom(0, 1, 2, 3, 9, 70));
const term = fc.tuple(
  fc.integer({ min: -(2 ** 12), max: 2 ** 12 }).filter((x) => x !== 0),
  fc.array(fc.constantFrom(...NAMES), { maxLength: 3 }),
);
/** A polynomial, ranges of its variables, and values in them. */
const drawn = fc
  .tuple(
    fc.array(term, { minLength: 1, maxLength: 7 }),
    fc.array(range, { minLength: 4, maxLength: 4 }),
    fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
  )
  .map(([terms, ends, picks]) => {
    const polynomial: Polynomial = new Map(
      terms.map(([coefficient, variables]): [string, Term] => {
        const sorted = [...variables].sort();
        return [sorted.join(' '), { coefficient, variables: sorted }];
      }),
    );
    const ranges = new Map(ends.map(([low, size], i): [string, Interval] => [NAMES[i]!, { low, high: low + size }]));
    const values = new Map(ends.map(([low, size], i) => [NAMES[i]!, low + (picks[i]! % (size + 1))]));
    return { polynomial, ranges, values };
  });
const valueAt = (polynomial: Polynomial, values: ReadonlyMap<string, number>): number =>
  [...polynomial.values()].reduce(
    (total, { coefficient, variables }) =>
      total + variables.reduce((product, v) => product * values.get(v)!, coefficient),
    0,
  );

test('a polynomial comes to what its interval has, the narrow one within the wide one', () => {
  fc.assert(
    fc.property(drawn, ({ polynomial, ranges, values }) => {
      const value = valueAt(polynomial, values);
      const [narrow, wide] = [intervalOf(polynomial, ranges)!, sumOf(polynomial.values(), ranges)!];
      expect(narrow.low).toBeGreaterThanOrEqual(wide.low);
      expect(narrow.high).toBeLessThanOrEqual(wide.high);
      expect(value).toBeGreaterThanOrEqual(narrow.low);
      expect(value).toBeLessThanOrEqual(narrow.high);
    }),
  );
});

test('an equation mod p solved for a variable has its value, by the range of the variable or without', () => {
  fc.assert(
    fc.property(
      drawn,
      fc.integer({ min: -3, max: 3 }),
      fc.boolean(),
      ({ polynomial, ranges, values }, times, isKnown) => {
        // polynomial + constant = 0 mod p, where the constant may be that of another multiple of p.
        const constant = -valueAt(polynomial, values) + times * P;
        const before = polynomial.get('')?.coefficient ?? 0;
        const residue = (((before + constant) % P) + P) % P;
        const equation = new Map(polynomial).set('', {
          coefficient: centred(residue),
          variables: [],
        });
        const known = new Map(ranges);
        if (!isKnown) known.delete('a');
        const found = solved(equation, 'a', { low: 0, high: 0 }, known);
        if (found === undefined) return;
        const above = (((values.get('a')! - found.low) % P) + P) % P;
        expect(above).toBeLessThanOrEqual(found.high - found.low);
      },
    ),
  );
});
