/**
 * False claims about one product fused with an accumulator (`bf16-dot-fma/mac-air.ts`), for whatever chip has it: the
 * forged cells are those of `forgeMac`.
 */
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { felt, inverse, P } from '../../stark/field/koala-bear.ts';
import { type Forgery, withCells } from './forgery.ts';
import type { Lies } from './mac-forger.ts';
import { bf16, fp32 } from './patterns.ts';

export const ONE = bf16(0);

/** Rows with a product of x and y on top of `acc` in one place, by the trace writer and by the forger. */
export interface MacRows {
  readonly prefix: string;
  /** Whether operands are taken to be normal: no columns of an accumulator that is gone. */
  readonly isNormal: boolean;
  honest(x: number, y: number, acc: number): Rows;
  forge(x: number, y: number, acc: number, lies: Lies): Rows;
}

type Product = readonly [x: number, y: number, acc?: number];

/**
 * Two rows of padding whose sums are zero once and -1 times: what they look up -1 times and once is in no table, and
 * cancels. With one of them another row could look it up. `along`: cells of the chip that follow.
 */
export function zeroOnPadding(air: Air, prefix: string, along: Readonly<Record<string, number>> = {}): Forgery {
  const silent = air.main.map(() => 0);
  const honest = { main: [silent, silent] };
  const finite = { [`${prefix}Exponent`]: -400, [`${prefix}StickyInverse`]: inverse(felt(4000 * 4001)), ...along };
  const once = withCells(air, honest, 0, { [`${prefix}IsZero`]: 1, ...finite });
  return {
    claim: `${prefix}: two rows of padding are zero once and -1 times`,
    honest,
    forged: withCells(air, once, 1, { [`${prefix}IsZero`]: -1, ...finite }),
    rejectedBy: [`${prefix}: only a sum is zero, and once`],
  };
}

/** The name of a constraint of the sum whose columns begin with `prefix`. */
export const nameIn =
  (prefix: string) =>
  (name: string): string => {
    const own = name.match(/^(\w+) (is a bit|is below 2\^\d+)$/);
    return own === null ? `${prefix}: ${name}` : `${prefix}${own[1]![0]!.toUpperCase()}${own[1]!.slice(1)} ${own[2]}`;
  };

/** A false claim about the sum of x, a BF16, and y, a binary32. */
export type SumLie = (claim: string, sum: readonly [x: number, y: number], lies: Lies, name: string) => Forgery;

/** 1 - (1 - v * 2^-25): the sum is v, even. */
export const cancelling = (v: number): readonly [number, number] => [ONE, fp32(-1, 2 ** 24 - v / 2, 1)];

/** False claims about how y is aligned, about the sum, and about its rounding: one for each name that can object alone. */
export function roundedSumForgeries(lie: SumLie): Forgery[] {
  const one = [ONE, 0] as const;
  const both = [ONE, fp32(0, 2 ** 23 + 5)] as const;
  const cut = [ONE, fp32(-12, 2 ** 23 + 1)] as const;
  const carrying = [bf16(-24), fp32(0, 2 ** 24 - 1)] as const;
  return [
    lie('the upper part counts twice', both, { highMultiplier: 4096 }, 'the upper part is shifted'),
    lie(
      'the quotient of the upper part wraps around p',
      [bf16(26), fp32(0)],
      { highQuotient: 65024, highRemainder: 2 ** 14 + 1 },
      'the upper part keeps its upper bits',
    ),
    lie('the upper part is one more', both, { highQuotient: 2 ** 14 + 1 }, 'the upper part is divided'),
    lie('the lower part counts twice', both, { lowMultiplier: 8 }, 'the lower part is shifted'),
    lie(
      'the quotient of the lower part wraps around p',
      [bf16(17), fp32(0, 2 ** 23 + 5)],
      { lowQuotient: 65024, lowRemainder: 6 },
      'the lower part keeps its upper bits',
    ),
    lie('the lower part is one more', both, { lowQuotient: 6 }, 'the lower part is divided'),
    lie('what is cut off leaves no trace', cut, { sticky: 0 }, 'nothing is cut off unless sticky'),
    lie('something is cut off of an exact sum', one, { sticky: 1 }, 'something is cut off if sticky'),
    lie('the sum is one more', one, { magnitude: 2 ** 25 + 1 }, 'the sum adds up'),
    lie(
      'the sum has the sign -3 and a third of its magnitude',
      [bf16(0, 192, 1), 0],
      { isNegativeSum: 2 },
      'isNegativeSum is a bit',
    ),
    lie(
      'limbs move up by -1: twice the low limb is the high one, and the exponent grows by 16',
      cancelling(2 ** 18 + 2),
      { limbShift: -1, zeros: 14, top: 2, bottom: 2 },
      'limbShift is a bit',
    ),
    lie(
      'another limb than the low one moves up',
      cancelling(2 ** 15),
      { top: 2 ** 15 + 1 },
      'the low limb takes the place of the high one',
    ),
    lie(
      'the sum is p more',
      one,
      { magnitude: 2 ** 25 + 0x7f00_0001 },
      'the sum has 28 bits, and 25 of them if anything is cut off',
    ),
    lie('65026 * 2^15 = 0xffff mod p', cancelling(65026), { limbShift: 1, zeros: 15 }, 'top has room to be shifted'),
    lie('0 = -32513 * 2^16 + 0xffff mod p', cancelling(65534), { moved: -32513 }, 'moved has `zeros` bits'),
    lie('0 = 0x7f00 * 2^16 + 1 mod p', cancelling(2 ** 16), { moved: 0x7f00 }, 'stayed has the other bits'),
    lie('other bits stay than the low limb has', one, { stayed: 1 }, 'lower is what stayed'),
    lie('the low limb gains a bit', one, { lower: 64, stayed: 1 }, 'the low limb is shifted'),
    lie('the window is one more', one, { window: 2 ** 15 + 1 }, 'the window is the shifted high limb'),
    lie('the result is not normalised', one, { zeros: 5 }, 'only a zero has no leading bit'),
    lie('the significand is one more', one, { upper: 1 }, 'the lower limb is rounded to nearest even'),
    lie('an exact sum is incremented', one, { increment: 1 }, 'the lower limb is rounded to nearest even'),
    lie('a significand of 2^23 carries', one, { carries: 1 }, 'a significand that carries is 2^24'),
    lie('a carry counts twice', carrying, { carries: 2 }, 'carries is a bit'),
    lie('the upper bits are one more', one, { high: 2 ** 14 + 1 }, 'high and low are the rounded significand'),
    lie('a significand of 2^24 does not carry', carrying, { carries: 0 }, 'high is below 2^15'),
    lie('a bit of the upper part is in the lower one', one, { low: 512 }, 'low is below 2^9'),
    lie('the exponent is one more', one, { exponent: 1 }, 'a result that is not zero is normal, or infinite'),
    lie(
      'a sum of 2 is zero',
      cancelling(2),
      { isZero: 1, limbShift: 0, zeros: 0, exponent: -400 },
      'a zero has no low limb',
    ),
    lie('a zero has the exponent 0', [ONE, fp32(0, 2 ** 23, 1)], { exponent: 0 }, 'a zero has the exponent of zeros'),
  ];
}

/** False claims that each name of `macConstraints` rejects, but for those of an accumulator that is not a number. */
export function macForgeries({ prefix, isNormal, honest, forge }: MacRows): Forgery[] {
  const rejected = nameIn(prefix);
  const lie = (claim: string, [x, y, acc = 0]: Product, lies: Lies, name: string): Forgery => ({
    claim: `${prefix}: ${claim}`,
    honest: honest(x, y, acc),
    forged: forge(x, y, acc, lies),
    rejectedBy: [rejected(name)],
  });
  /** No honest row of this chip exists. */
  const refused = (claim: string, [x, y, acc = 0]: Product, ...names: string[]): Forgery => {
    const forged = forge(x, y, acc, {});
    return { claim: `${prefix}: ${claim}`, honest: forged, forged, rejectedBy: names.map(rejected) };
  };
  return [
    lie(
      'terms are aligned to an exponent that none has',
      [ONE, ONE],
      { largest: 1 },
      'largest is one of the exponents',
    ),
    lie('the product counts nine times', [bf16(0, 128, 1), ONE, fp32(3)], { isNegative: 2 }, 'isNegative is a bit'),
    lie('the product counts twice', [ONE, ONE], { multiplier: 4096 }, 'the product is shifted'),
    lie(
      '2^14 = 65024 * 2^15 + 2^14 + 1 mod p',
      [ONE, ONE, fp32(26)],
      { quotient: 65024, remainder: 2 ** 14 + 1 },
      'the product keeps its upper bits',
    ),
    lie('the product is one more', [ONE, ONE], { quotient: 2 ** 14 + 1 }, 'the product is divided'),
    ...(isNormal
      ? []
      : [
          lie('an accumulator that is kept is gone', [ONE, ONE, fp32(0)], { isGone: 1 }, 'nothing is kept if gone'),
          lie(
            'an accumulator that is gone leaves no trace',
            [ONE, ONE, fp32(-60)],
            { isGone: 0 },
            'something is kept unless gone',
          ),
        ]),
    refused(
      'a sum of 16 bits is rounded though something is cut off',
      [0x0001, bf16(100), fp32(-34, 2 ** 24 - 2 ** 21 + 1, 1)],
      'nothing is cut off of a sum of one limb',
    ),
    refused(
      'a sum of 23 bits is rounded though something is cut off',
      [0x0010, bf16(100), fp32(-40, 2 ** 23 + 1)],
      'the sum has 28 bits, and 25 of them if anything is cut off',
    ),
    refused(
      'a sum less than 1 is zero',
      [0x0001, bf16(100), fp32(-34, (2 ** 18 - 1) * 2 ** 6 + 1, 1)],
      'a zero is exact',
      'something is cut off if sticky',
    ),
    ...roundedSumForgeries((claim, [x, acc], lies, name) => lie(claim, [x, ONE, acc], lies, name)),
  ];
}

/** What a prover may choose freely of a rounded sum; the rest follows. */
export function* sumChoices(random: { below(n: number): number }): Generator<Lies> {
  for (const isNegativeSum of [0, 1]) {
    for (const sticky of [undefined, 0, 1]) {
      for (let zeros = 0; zeros <= 16; zeros++) {
        for (const limbShift of [0, 1]) {
          const isZero = random.below(4) === 0 ? { isZero: 1 } : {};
          yield {
            isNegativeSum,
            zeros,
            limbShift,
            ...(random.below(8) === 0 ? { carries: 1 } : {}),
            ...(sticky === undefined ? {} : { sticky }),
            ...isZero,
          };
        }
      }
    }
  }
}

/** The word of a state in the cells that begin with `prefix`, of the first row. */
export function resultOf(air: Air, { main }: Rows, prefix: string): number {
  const at = (name: string): number => main[0]![air.main.find((c) => c.name === `${prefix}${name}`)!.index]!;
  const significand = at('High') * 512 + at('Low');
  const code = at('Exponent');
  const exponent = code > 2 ** 20 ? code - P : code;
  const word = code === 4000 ? 0x7f80_0000 : significand === 0 ? 0 : (exponent + 126) * 2 ** 23 + significand;
  return word + at('IsNegativeSum') * 2 ** 31;
}
