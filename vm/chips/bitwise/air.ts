/**
 * BITWISE chip: and, or, xor, and by decoding andi, ori, xori, fmv.h.x.
 *
 * Assumes  `operands.ts`; limbs of a and b are in [0, 2^16). The byte table (`bytes/air.ts`).
 * Ensures  rd = a AND b, a OR b or a XOR b.
 * Proof    each limb is low + 2^8 high with both from the byte table, so bytes: the split is unique, and the high byte
 *          (limb - low) / 2^8 needs no column. The table gives the AND of each pair; a OR b = a + b - (a AND b) and
 *          a XOR b = a + b - 2 (a AND b) hold byte by byte without carries. At most one of isOr and isXor is 1, so that
 *          op is one of three ids: both together would be the id of sltu.
 * Padding  the zero row: 0 AND 0 = 0.
 */
import { array, bit, defineAir, given } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { BYTES_BUS } from '../bytes/air.ts';
import { INVERSE_2_8 } from '../limbs.ts';
import { immediateColumns, operandColumns, operands, operandsOf } from '../operands.ts';

const [AND, OR, XOR] = [opOf('and'), opOf('or'), opOf('xor')];

export const bitwiseAir = defineAir({
  name: 'bitwise',
  columns: {
    ...operandColumns,
    ...immediateColumns,
    isOr: bit('1 for or'),
    isXor: bit('1 for xor; 0 like isOr for and'),
    aLow: array(2, given('the byte table', 'low byte of each limb of a')),
    bLow: array(2, given('the byte table', 'low byte of each limb of b')),
    and: array(4, given('the byte table', 'a AND b, byte by byte, least significant first')),
    out: array(2, given('a constraint: made of bytes', 'limbs of the result')),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isOr, isXor, aLow, bLow, and, out } = local;
    assertZero('at most one of isOr and isXor is 1', isOr.times(isXor));

    const { a, b } = operandsOf(local);
    for (const [i, x, y] of [
      [0, a.lo, b.lo],
      [1, a.hi, b.hi],
    ] as const) {
      const [low, high] = [and[2 * i]!, and[2 * i + 1]!];
      const highOf = (limb: typeof x, lowByte: typeof x) => limb.minus(lowByte).times(INVERSE_2_8);
      builder.send(`the low bytes of limb ${i} have this AND`, BYTES_BUS, { claimed: [aLow[i]!, bLow[i]!, low] }, 1);
      builder.send(
        `the high bytes of limb ${i} have this AND`,
        BYTES_BUS,
        { claimed: [highOf(x, aLow[i]!), highOf(y, bLow[i]!), high] },
        1,
      );
      const limbAnd = low.plus(high.times(2 ** 8));
      const change = x.plus(y).minus(limbAnd.times(2)); // a XOR b: what OR and XOR have beyond AND and nothing
      const result = limbAnd.plus(isOr.times(change)).plus(isXor.times(change.minus(limbAnd)));
      assertZero(`limb ${i} of the result is that of the operation`, out[i]!.minus(result));
    }

    const op = isOr
      .times(OR - AND)
      .plus(isXor.times(XOR - AND))
      .plus(AND);
    operands(builder, local, { op, result: { lo: out[0]!, hi: out[1]! } });
  },
});
