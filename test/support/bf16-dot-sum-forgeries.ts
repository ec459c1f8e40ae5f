/**
 * Forgeries of one sum of 16 products as Hopper takes it, for every place where a table has such a sum: each lies about
 * some cells and has the others follow, so that one constraint or interaction alone is in the way.
 */
import type { Block } from './bf16-dot.ts';
import { forge, type SumView } from './bf16-dot-forger.ts';
import { cells, type Forgery } from './forgery.ts';

const LANES = Array.from({ length: 16 }, (_, i) => i);
/** BF16 of (-1)^negative * (significand / 128) * 2^exponent, significand in [128, 256). */
export const bf16 = (exponent: number, significand = 128, negative = 0): number =>
  negative * 0x8000 + (exponent + 127) * 128 + significand - 128;
/** FP32 of +-(significand / 2^23) * 2^exponent. */
export const fp32 = (exponent: number, significand = 2 ** 23, negative = 0): number =>
  negative * 2 ** 31 + (exponent + 127) * 2 ** 23 + significand - 2 ** 23;
/** One product per given (a, b), the others zero. */
export const block = (pairs: readonly (readonly [number, number])[], acc = 0): Block => ({
  acc,
  a: Uint16Array.from({ length: 16 }, (_, i) => pairs[i]?.[0] ?? 0),
  b: Uint16Array.from({ length: 16 }, (_, i) => pairs[i]?.[1] ?? 0),
});
export const all = (a: number, b: number, acc = 0): Block =>
  block(
    LANES.map(() => [a, b]),
    acc,
  );

export const ONE = bf16(0);
/** Sixteen different products and an accumulator with bits in both parts. */
export const ordinary = block(
  LANES.map((i) => [bf16(i % 5, 129 + 7 * i, i % 3 === 0 ? 1 : 0), bf16(-(i % 4), 255 - 5 * i)]),
  fp32(2, 0xabcdef),
);
export const none = block([]);
/** 16 ones: the sum is 2^29, largest 0, and zeros 2. */
const ones = all(ONE, ONE);
/** 1 of 2^-158 and 2^17 of them, below the floor -133: the high limb of the sum is twice the low one. */
const belowFloor = block([
  [bf16(-70), bf16(-71)],
  [bf16(-79), bf16(-79)],
]);
const least = block([[bf16(-79), bf16(-79, 128, 1)]]);
const subnormal = block([[bf16(-65), bf16(-65)]]);
/** The largest sum of products, 0x7f008000, at exponent 0, and at the floor. */
const largestSum = (acc: number): Block => all(bf16(0, 255), bf16(0, 255), acc);
const largestAtFloor = all(bf16(-67, 255), bf16(-66, 255));
/** 2^10: all else cancels. */
const cancelling = block(
  [
    [ONE, ONE],
    [ONE, bf16(0, 128, 1)],
  ],
  fp32(-15),
);

const accFar = block([[bf16(13), bf16(13)]], fp32(0));
const lowFar = block([[bf16(9), bf16(8)]], fp32(0, 2 ** 23 + 5));

/** Blocks that the forgeries start from. */
export const FORGED_BLOCKS: readonly Block[] = [
  ...[ordinary, none, ones, belowFloor, least, subnormal, largestSum(0), largestAtFloor, cancelling],
];

/** The forgeries of the sum of a view; `label` goes before the names of its constraints. */
export function sumForgeries(view: SumView, label = ''): Forgery[] {
  const { air, prefix } = view;
  const columnOf = (name: string): string =>
    prefix === '' ? name : `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`;
  const cell = (of: Block, name: string): number => cells(air, view.rows(of), columnOf(name))[0]!;
  const lie = (claim: string, of: Block, lies: Record<string, number>, name: string): Forgery => {
    // Checks of domains are named after the column.
    const [, column, domain] = name.match(/^(.*) is (a bit|below 2\^\d+)$/) ?? [];
    const isDomain = column !== undefined && air.main.some((c) => c.name === columnOf(column));
    return {
      claim: `${label}${claim}`,
      honest: view.rows(of),
      forged: forge(of, lies, view),
      rejectedBy: [isDomain ? `${columnOf(column)} is ${domain}` : `${label}${name}`],
    };
  };
  return [
    // 1. The largest exponent.
    ...[0, 1, 2, 3, 4].map((i) =>
      lie(
        `distance product ${i} is another`,
        all(ONE, ONE, fp32(20)),
        { [`attained[${i}]`]: cell(all(ONE, ONE, fp32(20)), `attained[${i}]`) + 1 },
        `attained[${i}] is the product so far`,
      ),
    ),
    lie('terms are aligned to an exponent that none has', ones, { largest: 1 }, 'some exponent is the largest'),

    // 2. and 3. The terms.
    ...LANES.flatMap((i) => [
      lie(
        `product ${i} has the sign -3 and a third of its magnitude`,
        block(LANES.map((lane) => (lane === i ? [bf16(0, 192, 1), ONE] : [0, 0]))),
        { [`isNegative[${i}]`]: 2 },
        `isNegative[${i}] is a bit`,
      ),
      lie(`term ${i} counts twice`, ones, { [`multiplier[${i}]`]: 4096 }, `lane ${i} is shifted`),
      lie(
        `2^14 = 65024 * 2^15 + 2^14 + 1 mod p in lane ${i}`,
        all(ONE, ONE, fp32(26)),
        { [`quotient[${i}]`]: 65024, [`remainder[${i}]`]: 2 ** 14 + 1 },
        `lane ${i} keeps its upper bits`,
      ),
      lie(`product ${i} is one more`, ones, { [`quotient[${i}]`]: 2 ** 14 + 1 }, `lane ${i} is divided`),
    ]),
    lie(
      'the upper part of the accumulator counts twice',
      all(ONE, ONE, fp32(0)),
      { highMultiplier: 4096 },
      'the upper part is shifted',
    ),
    lie(
      'the lower part of the accumulator counts twice',
      all(ONE, ONE, fp32(0, 2 ** 23 + 5)),
      { lowMultiplier: 8 },
      'the lower part is shifted',
    ),
    lie(
      'the quotient of the upper part wraps around p',
      accFar,
      { highQuotient: 65024, highRemainder: 2 ** 14 + 1 },
      'the upper part keeps its upper bits',
    ),
    lie(
      'the quotient of the lower part wraps around p',
      lowFar,
      { lowQuotient: 65024, lowRemainder: 6 },
      'the lower part keeps its upper bits',
    ),
    lie(
      'the upper part is one more',
      all(ONE, ONE, fp32(0)),
      { highQuotient: 2 ** 14 + 1 },
      'the upper part is divided',
    ),
    lie('the lower part is one more', all(ONE, ONE, fp32(0)), { lowQuotient: 1 }, 'the lower part is divided'),

    // 4. The sum.
    lie(
      'the low limb of the first half takes over 2^16 of the high one',
      ordinary,
      { lowA: cell(ordinary, 'lowA') + 2 ** 16 },
      'lowA is below 2^16',
    ),
    lie('the first half is p more', ones, { lowA: 1, highA: 4096 + 0x7f00 }, 'highA is below 2^14'),
    lie('the first half is 2^16 more', ones, { lowA: 0, highA: 4097 }, 'lanes 0 to 7 add up'),
    lie('the sum is p more', ones, { magnitude: 2 ** 29 + 0x7f00_0001 }, 'carry is in its range'),
    lie('the sum is one more', ones, { bottom: 1, carry: 4096 }, 'the low limbs add up'),
    lie('the sum is 2^16 more', ones, { top: 2 ** 13 + 1 }, 'the high limbs add up'),
    lie(
      'the sum has the sign -3 and a third of its magnitude',
      block([[bf16(0, 192, 1), ONE]]),
      { isNegativeSum: 2 },
      'isNegativeSum is a bit',
    ),

    // 5. Normalising.
    lie(
      'limbs move up by -1: twice the low limb is the high one, and the exponent grows by 16',
      belowFloor,
      { limbShift: -1, zeros: 15, halving: 0 },
      'limbShift is a bit',
    ),
    lie(
      'another limb than the low one moves up',
      cancelling,
      { top: 1025 },
      'the low limb takes the place of the high one',
    ),
    lie(
      '0x7f00 * 2^16 + 0xa000 = 0x9fff mod p: the high limb is moved out of the window',
      largestSum(fp32(-12)),
      { zeros: 16, limbShift: 0 },
      'top has room to be shifted',
    ),
    lie(
      '2^15 = 0x7f00 * 2^16 + 2^15 + 1 mod p: the high limb gets 0x7f00 from the low one',
      largestSum(fp32(-1)),
      { moved: 0x7f00, stayed: 0x8001 },
      'moved has `zeros` bits',
    ),
    lie(
      'a bit that moves up counts in the low limb',
      all(ONE, ONE, fp32(-11)),
      { moved: 0, stayed: 2 ** 14 },
      'stayed has the other bits',
    ),
    lie('the low limb gains a bit', ones, { stayed: 1 }, 'the low limb is shifted'),
    lie(
      'the shift is three less: the result is twice as large',
      subnormal,
      { halving: 3, zeros: 5 },
      'halving is a bit',
    ),
    lie('0x7f00 * 2^16 = -1 mod p spills into the lower bits', largestAtFloor, { spill: 0x7f00 }, 'spill is below 4'),
    lie('the upper bits are one more', ones, { high: 2 ** 14 + 1 }, 'the high limb is shifted'),
    lie('the lower bits are one more', ones, { low: 1 }, 'the lower bits follow the upper ones'),
    lie('the lower bits are -1 / 2^8', ones, { dropped: 1 }, 'low is below 2^9'),
    lie(
      'a bit of the result is dropped',
      ordinary,
      { dropped: cell(ordinary, 'dropped') + 2 ** 8 },
      'dropped has 8 bits, or 9 with halving',
    ),
    lie(
      'the result is not normalised',
      ones,
      { zeros: 1, normal: 1, subnormal: 0, tiny: 0 },
      'only a normal result has the top bit',
    ),

    // 6. The kind.
    lie('the exponent is one more', ones, { exponent: 5 }, 'the exponent is that of the kind'),
    lie(
      'a sum of 16 is zero',
      ones,
      { zeros: 0, normal: 0, subnormal: 0, tiny: 0, exponent: -400 },
      'a sum of no other kind is zero',
    ),
    lie(
      'a tiny result is a subnormal one, so that the next block counts its exponent',
      least,
      { subnormal: 1, tiny: 0, exponent: -126, negative: 1 },
      'a subnormal result is not zero',
    ),
    lie('a subnormal result is tiny', subnormal, { subnormal: 0, tiny: 1 }, 'a tiny result is zero'),
    lie('a sum that truncates to zero is -0', least, { negative: 1 }, 'a zero is positive'),
  ];
}
