/**
 * BF16-NORMAL-PAIRS chip: hands the products of two hint blocks without subnormal elements out in pairs. One row per
 * two blocks.
 *
 * Assumes  OPERAND_BUS carries decoded BF16 (`vm/chips/bf16-decode`).
 * Ensures  what is received on NORMAL_PAIR_BUS is what `bus.ts` says.
 * Proof    pairs: `bf16-pairs/air.ts`. The product of all 32 exponents + 126 has an inverse, so none of them is -126,
 *          the exponent of subnormals: a field has no zero divisors.
 * Padding  all zero: isReal = 0 silences the operands, and with them `isAsked` every pair; it is a factor of every
 *          product.
 */
import { array, defineAir, given } from '../../stark/air/air.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { BLOCK } from '../bf16-dot/core.ts';
import { pairsColumns, pairsConstraints } from '../bf16-pairs/air.ts';
import { BF16_NORMAL_PAIRS_CHIP, LEAST_EXPONENT, NORMAL_PAIR_BUS } from './bus.ts';

/** Factors that a cell of `product` adds to the one before; the first takes one more. */
const FACTORS = 3;
/** The last factor goes into the constraint of the inverse. */
export const NUM_PRODUCTS = Math.floor((2 * BLOCK - 2) / FACTORS);

export const bf16NormalPairsAir = defineAir({
  name: BF16_NORMAL_PAIRS_CHIP,
  columns: {
    ...pairsColumns,
    product: array(
      NUM_PRODUCTS,
      given('a product by constraint', 'running product of exponents + 126, four and then three'),
    ),
    inverse: given('free: an inverse exists or not', 'inverse of the product of all'),
  },
  define(builder) {
    const { local, assertZero } = builder;
    pairsConstraints(builder, local, NORMAL_PAIR_BUS);
    const factors = [...local.aExponent, ...local.bExponent].map((e) => e.minus(local.isReal.times(LEAST_EXPONENT)));
    const multiplied = (values: readonly Expr[]): Expr => values.reduce((all, value) => all.times(value), expr(1));
    local.product.forEach((cell, i) => {
      const own = i === 0 ? factors.slice(0, FACTORS + 1) : factors.slice(FACTORS * i + 1, FACTORS * (i + 1) + 1);
      const before = i === 0 ? [] : [local.product[i - 1]!];
      assertZero(`product[${i}] is the product so far`, cell.minus(multiplied([...before, ...own])));
    });
    const all = multiplied([local.product[NUM_PRODUCTS - 1]!, ...factors.slice(FACTORS * NUM_PRODUCTS + 1)]);
    assertZero('no exponent is -126', all.times(local.inverse).minus(local.isReal));
  },
});
