/**
 * Forgeries of one sum of products as a tensor core takes it, for every place where a table has such a sum: each lies
 * about some cells and has the others follow, so that one constraint or interaction alone is in the way.
 */
import { HOPPER, type TensorCore } from '../../precompiles/bf16-dot/semantics.ts';
import { kappaOf, numApart, numAttained } from '../../precompiles/bf16-dot/sum-air.ts';
import type { Block } from './bf16-dot.ts';
import { forge, type SumView } from './bf16-dot-forger.ts';
import { cells, type Forgery } from './forgery.ts';
import { bf16, fp32 } from './patterns.ts';

export const ONE = bf16(0);
export const MINUS_ONE = bf16(0, 128, 1);
/** One product per given (a, b), the others zero. */
export const block = (pairs: readonly (readonly [number, number])[], acc = 0): Block => ({
  acc,
  a: Uint16Array.from({ length: 16 }, (_, i) => pairs[i]?.[0] ?? 0),
  b: Uint16Array.from({ length: 16 }, (_, i) => pairs[i]?.[1] ?? 0),
});
export const none = block([]);
const lanesOf = ({ products }: TensorCore): readonly number[] => Array.from({ length: products }, (_, i) => i);
/** Different products and an accumulator with bits in both parts. */
export const ordinaryOf = (core: TensorCore): Block =>
  block(
    lanesOf(core).map((i) => [bf16(i % 5, 129 + 7 * i, i % 3 === 0 ? 1 : 0), bf16(-(i % 4), 255 - 5 * i)]),
    fp32(2, 0xabcdef),
  );
export const ordinary = ordinaryOf(HOPPER);
const allOf =
  (core: TensorCore) =>
  (a: number, b: number, acc = 0): Block =>
    block(
      lanesOf(core).map(() => [a, b]),
      acc,
    );

/** 1 unit at the floor, and 2^17 of them: the high limb of the sum is twice the low one. */
const belowFloor = ({ floor }: TensorCore): Block =>
  block([
    [bf16(-70), bf16(2 * floor + 195)],
    [bf16(floor + 54), bf16(floor + 54)],
  ]);
/** -1 unit at the floor. */
const leastOf = ({ floor }: TensorCore): Block => block([[bf16(floor + 54), bf16(floor + 54, 128, 1)]]);
const subnormal = block([[bf16(-65), bf16(-65)]]);
/** 0x7f008000 after the shift to the exponent of subnormals. */
const justSubnormal = block([
  [bf16(-63, 254), bf16(-64)],
  [bf16(-71), bf16(-71)],
]);
/** All but the accumulator cancels. */
const cancelling = (exponent: number, significand = 2 ** 23): Block =>
  block(
    [
      [ONE, ONE],
      [ONE, MINUS_ONE],
    ],
    fp32(exponent, significand),
  );
/** The largest sum of 16 products, 0x7f008000, at exponent 0, and at the floor. */
const largestSum = (acc: number): Block => allOf(HOPPER)(bf16(0, 255), bf16(0, 255), acc);
const largestAtFloor = allOf(HOPPER)(bf16(-67, 255), bf16(-66, 255));

/** Blocks that the forgeries start from. */
export const forgedBlocks = (core: TensorCore): readonly Block[] => [
  ...[ordinaryOf(core), none, allOf(core)(ONE, ONE), allOf(core)(ONE, ONE, fp32(20)), belowFloor(core), leastOf(core)],
  ...[subnormal, justSubnormal, cancelling(-15), ...(core.products > 8 ? [largestSum(0), largestAtFloor] : [])],
];

/** The forgeries of the sum of a view; `label` goes before the names of its constraints. */
export function sumForgeries(view: SumView, label = ''): Forgery[] {
  const { air, prefix, core } = view;
  /** Bits that the core keeps less than Hopper: a unit is 2^(kappa - 25) of the largest exponent. */
  const kappa = kappaOf(core);
  const [lanes, all, ordinary, least] = [lanesOf(core), allOf(core), ordinaryOf(core), leastOf(core)];
  /** The sum is products * 2^(25 - kappa). */
  const ones = all(ONE, ONE);
  const onesSum = core.products * 2 ** (25 - kappa);
  const [far, both] = [all(ONE, ONE, fp32(20)), all(ONE, ONE, fp32(0))];
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
    ...Array.from({ length: numAttained(core) }, (_, i) =>
      lie(
        `distance product ${i} is another`,
        far,
        { [`attained[${i}]`]: cell(far, `attained[${i}]`) + 1 },
        `attained[${i}] is the product so far`,
      ),
    ),
    lie('terms are aligned to an exponent that none has', ones, { largest: 1 + kappa }, 'some exponent is the largest'),
    ...(kappa === 0 ? [] : apartForgeries()),

    // 2. and 3. The terms.
    ...lanes.flatMap((i) => [
      lie(
        `product ${i} has the sign -3 and a third of its magnitude`,
        block(lanes.map((lane) => (lane === i ? [bf16(0, 192, 1), ONE] : [0, 0]))),
        { [`isNegative[${i}]`]: 2 },
        `isNegative[${i}] is a bit`,
      ),
      lie(`term ${i} counts twice`, ones, { [`multiplier[${i}]`]: 2 ** (12 - kappa) }, `lane ${i} is shifted`),
      lie(
        `2^14 = 65024 * 2^15 + 2^14 + 1 mod p in lane ${i}`,
        all(ONE, ONE, fp32(26 - kappa)),
        { [`quotient[${i}]`]: 65024, [`remainder[${i}]`]: 2 ** 14 + 1 },
        `lane ${i} keeps its upper bits`,
      ),
      lie(`product ${i} is one more`, ones, { [`quotient[${i}]`]: 2 ** 14 + 1 }, `lane ${i} is divided`),
    ]),
    lie(
      'the upper part of the accumulator counts twice',
      both,
      { highMultiplier: 2 ** (12 - kappa) },
      'the upper part is shifted',
    ),
    lie(
      'the lower part of the accumulator counts twice',
      all(ONE, ONE, fp32(0, 2 ** 23 + 5)),
      { lowMultiplier: 2 ** (3 - kappa) },
      'the lower part is shifted',
    ),
    lie(
      'the quotient of the upper part wraps around p',
      block([[bf16(13), bf16(13 - kappa)]], fp32(0)),
      { highQuotient: 65024, highRemainder: 2 ** 14 + 1 },
      'the upper part keeps its upper bits',
    ),
    lie(
      'the quotient of the lower part wraps around p',
      block([[bf16(9 - kappa), bf16(8)]], fp32(0, 2 ** 23 + 5)),
      { lowQuotient: 65024, lowRemainder: 6 },
      'the lower part keeps its upper bits',
    ),
    lie('the upper part is one more', both, { highQuotient: 2 ** 14 + 1 }, 'the upper part is divided'),
    lie('the lower part is one more', both, { lowQuotient: 1 }, 'the lower part is divided'),

    // 4. The sum.
    ...(core.products > 8 ? splitForgeries() : []),
    lie('the sum is p more', ones, { magnitude: onesSum + 0x7f00_0001 }, 'carry is in its range'),
    lie('the sum is one more', ones, { bottom: 1, carry: 2 ** (12 - kappa) }, 'the low limbs add up'),
    lie('the sum is 2^16 more', ones, { top: onesSum / 2 ** 16 + 1 }, 'the high limbs add up'),
    lie(
      'the sum has the sign -3 and a third of its magnitude',
      block([[bf16(0, 192, 1), ONE]]),
      { isNegativeSum: 2 },
      'isNegativeSum is a bit',
    ),

    // 5. Normalising.
    lie(
      'limbs move up by -1: twice the low limb is the high one, and the exponent grows by 16',
      belowFloor(core),
      { limbShift: -1, zeros: 15, halving: 0 },
      'limbShift is a bit',
    ),
    lie(
      'another limb than the low one moves up',
      cancelling(-15),
      { top: 2 ** (10 - kappa) + 1 },
      'the low limb takes the place of the high one',
    ),
    lie(
      '0x7f01 * 2^16 = 0xffff mod p: the low limb is moved out of the window',
      cancelling(kappa - 11, 0x7f01 * 2 ** 9),
      { zeros: 16, limbShift: 1 },
      'top has room to be shifted',
    ),
    lie(
      '0 = -32513 * 2^16 + 0xffff mod p: the high limb loses 32513 to the low one',
      cancelling(kappa - 10, 0xffff * 2 ** 8),
      { moved: -32513 },
      'moved has `zeros` bits',
    ),
    ...(core.products > 8 ? largestForgeries() : []),
    lie(
      'a bit that moves up counts in the low limb',
      all(ONE, ONE, fp32(-11 - kappa)),
      { moved: 0, stayed: 2 ** (14 - 2 * kappa) },
      'stayed has the other bits',
    ),
    lie('the low limb gains a bit', ones, { stayed: 1 }, 'the low limb is shifted'),
    lie(
      'the shift is three less: the result is twice as large',
      subnormal,
      { halving: 3, zeros: 5 + kappa },
      'halving is a bit',
    ),
    lie('0x7f00 * 2^16 = -1 mod p spills into the lower bits', justSubnormal, { spill: 0x7f00 }, 'spill is below 4'),
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
      { zeros: cell(ones, 'zeros') - 1, normal: 1, subnormal: 0, tiny: 0 },
      'only a normal result has the top bit',
    ),

    // 6. The kind.
    lie('the exponent is one more', ones, { exponent: cell(ones, 'exponent') + 1 }, 'the exponent is that of the kind'),
    lie(
      'a sum of ones is zero',
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

  /** Where an exponent may be one below the window. */
  function apartForgeries(): Forgery[] {
    return [
      ...Array.from({ length: numApart(core) }, (_, i) =>
        lie(
          `window product ${i} is another`,
          far,
          { [`apart[${i}]`]: cell(far, `apart[${i}]`) + 1 },
          `apart[${i}] is the product so far`,
        ),
      ),
      lie(
        'terms are aligned to the second largest exponent: 25 fractional bits are kept',
        block([
          [ONE, ONE],
          [ONE, bf16(-1)],
        ]),
        { largest: 0 },
        'no exponent is the window',
      ),
      lie(
        'terms are aligned to an exponent below the floor',
        block([[bf16(-67), bf16(-66)]]),
        { largest: core.floor },
        'no exponent is the window',
      ),
    ];
  }

  /** Of the sum of the first half of 16 lanes. */
  function splitForgeries(): Forgery[] {
    return [
      lie(
        'the low limb of the first half takes over 2^16 of the high one',
        ordinary,
        { lowA: cell(ordinary, 'lowA') + 2 ** 16 },
        'lowA is below 2^16',
      ),
      lie('the first half is p more', ones, { lowA: 1, highA: 4096 + 0x7f00 }, 'highA is below 2^14'),
      lie('the first half is 2^16 more', ones, { lowA: 0, highA: 4097 }, 'lanes 0 to 7 add up'),
    ];
  }

  /** From a sum that 8 products do not have. */
  function largestForgeries(): Forgery[] {
    return [
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
      lie('the spill of the largest sum is 0x7f00 more', largestAtFloor, { spill: 0x7f00 }, 'spill is below 4'),
    ];
  }
}
