/**
 * FP32-EXP chip: e^a of finite binary32 with 2^-25 <= |a| < 2^7. The tables of the operand (`argument-tables.ts`) reduce
 * it, `fp32-exponential` has M = e^U, `fp32-round` rounds 2^doublings M. One row a power. `fp32-exp2/air.ts` says what
 * else there is for 2^a.
 *
 * Assumes  the sender's part of `fp32-function-call/bus.ts`: limbs of a below 2^16.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones. No row has an operand that `fp32-exp-special` has:
 *          the argument table has none of them.
 * Proof    1. The bytes are those of the low limb, from the term table and as integers. So the power is 2^doublings e^U with U
 *             off by half a unit of 2^-72 for each entry that is not exact, 1.5 units. Its limbs are sums of three entries:
 *             below 2^26 in magnitude, the lower one in [0, 3 * 2^24).
 *          2. M is e^U to 37 units, so e^(true U) to 37 + 1.5 * 2.01 < 41 units: 2^-66.6. No operand has a result within
 *             2^-58.8 of a value where the rounding of 2^doublings M changes, by the hardest operands of
 *             docs/decisions/0007-correctly-rounded-functions.md, but those of exp2 that are such a value: every accepted M is on
 *             the side of the true one. The bound of underflow is no midpoint of subnormals, but operands are off it by 2^-19 or
 *             exact. Such values are multiples of 2^-26, so that M may be cut at 2^-36 with a sticky bit: 2^16 w3 + w2 and
 *             value36 are the integer with 36 bits below the point.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { array, below, bit, type Cells, defineAir, given, u16 } from '../../stark/air/air.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { EXPONENTIAL_BUS } from '../fp32-exponential/bus.ts';
import { FP32_FUNCTION_BUS } from '../fp32-function-call/bus.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { ARGUMENT_BUSES, type PowerFunction, TERM_BUSES } from './argument-tables.ts';

const SENDER = 'the sender on fp32-function';
const ROUNDED = 'fp32-round';
const ARGUMENT = 'the argument table';
const TERM = 'the term table';
const RELATION = 'fp32-exponential';

export const powerColumns = {
  isReal: bit('1 on the row of a power'),
  aHi: given(SENDER, 'high limb of a'),
  lowByte: given(`${TERM}: below 2^8`, 'low byte of the low limb of a'),
  highByte: given(`${TERM}: below 2^8`, 'high byte of the low limb of a'),
  outLo: given(ROUNDED, 'low limb of the result'),
  outHi: given(ROUNDED, 'high limb of the result'),
  flags: given(ROUNDED, 'flags of the result'),
  scale: given(ARGUMENT, 'sign and exponent of a'),
  doublings: given(`${ARGUMENT}: below 2^9 in magnitude`, 'power of two taken from the result'),
  argument: array(3, given(ARGUMENT, 'limbs of U for the high limb, the upper one first')),
  low: array(3, given(TERM, 'limbs of U for the low byte')),
  high: array(3, given(TERM, 'limbs of U for the high byte')),
  w3: below(10, 'M over 2^-8'),
  w2: u16('next 16 bits of M'),
  value36: given(`${RELATION}, or 0: below 2^12`, 'digit of M at 2^-36'),
  value48: given(`${RELATION}, or without effect`, 'digit of M at 2^-48'),
  valueLower: given(`${RELATION}, or without effect`, 'rest of M in units of 2^-72'),
};

/** What both functions state. `isWhole`: 1 where M is not asked for but exact. */
export function power(
  builder: Sender,
  cells: Cells<typeof powerColumns>,
  of: PowerFunction,
  whole: readonly Expr[],
): void {
  const { send, receive } = builder;
  const { isReal, aHi, lowByte, highByte, scale, doublings, argument, low, high, w3, w2, value36 } = cells;
  const isWhole = whole.length === 0 ? expr(0) : whole[1]!;
  const aLo = lowByte.plus(highByte.times(2 ** 8));
  receive(
    'the power was asked for',
    FP32_FUNCTION_BUS,
    { given: [opOf(`fp32.${of}`), aLo, aHi], claimed: [cells.outLo, cells.outHi, cells.flags] },
    isReal,
  );

  // 1. U.
  const reduced = [scale, doublings, ...argument, ...whole.slice(0, 1)];
  send('the high limb is reduced', ARGUMENT_BUSES[of], { given: [aHi], claimed: reduced }, isReal);
  send('the low byte is scaled', TERM_BUSES[of], { given: [scale, lowByte], claimed: low }, isReal);
  send('the high byte is scaled', TERM_BUSES[of], { given: [scale.plus(8), highByte], claimed: high }, isReal);

  // 2. M and its rounding.
  const powers = argument.map((limb, i) => limb.plus(low[i]!).plus(high[i]!));
  const value = [w3.times(2 ** 16).plus(w2), value36, cells.value48, cells.valueLower];
  send('M is the exponential of U', EXPONENTIAL_BUS, { given: powers, claimed: value }, isReal.minus(isWhole));
  send(
    'the power is rounded',
    FP32_ROUND_BUS,
    {
      given: [0, doublings.plus(7), w3, w2, value36.times(16), 0, expr(1).minus(isWhole), 0],
      claimed: [cells.outHi, cells.outLo, cells.flags],
    },
    isReal,
  );
}

export const fp32ExpAir = defineAir({
  name: 'fp32-exp',
  columns: powerColumns,
  define: (builder) => power(builder, builder.local, 'exp', []),
});
