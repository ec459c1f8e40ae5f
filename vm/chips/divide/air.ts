/**
 * DIVIDE chip: div, divu, rem, remu.
 *
 * Assumes  `operands.ts`; limbs of a and b are in [0, 2^16).
 * Ensures  rd is the quotient or remainder of a by b, rounded toward zero; if b is 0, the quotient is 2^32 - 1 and the
 *          remainder a; -2^31 / -1 is -2^31 with remainder 0.
 * Proof    write a', b', r' for the integers a - 2^32 signA, b - 2^32 signB, r - 2^32 signR and q' = q - 2^32 signQ.
 *          1. a' = q' b' + r' over the integers, limb by limb: byte products of q and b (`product.ts`) less
 *             2^32 (signQ b + signB q), plus 2^64 signQ signB, all carries in ranges far below p. Limb 4 leaves the
 *             carry out of limb 3, which therefore is -signQ signB.
 *          2. The signs of a and b are their top bits if signed, else 0. signR is signA unless r = 0; with r = 0,
 *             signR = 1 would be r' = -2^32, which 3 excludes, and 1 if b = 0.
 *          3. Unless b = 0: |b'| - |r'| - 1 = gap >= 0, again limb by limb. Then (q', r') is the one pair of the
 *             truncating division, and q' in [-2^31, 2^32) is q - 2^32 signQ with one q; 2^31 has signQ = 0.
 *          4. isZero is 0 if b != 0. If b = 0 it is 1: for any other value 3 asks for a gap of -|r'| - 1, which has none.
 *             Then 1 says r' = a', and q is set.
 *          op = div + isUnsigned + 2 isRemainder takes four ids, each from one choice of the bits.
 * Padding  the zero row: isReal - isZero = 0 switches 3 off; signed lookups are of (15, 0), (7, 0) and (10, 2).
 */
import { array, below, bit, defineAir, given, u16 } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import { opOf } from '../../isa/op.ts';
import { chooseOne } from '../limbs.ts';
import { operandColumns, operands, operandsOf } from '../operands.ts';
import { bytesOf, productLimbs } from '../product.ts';

const SIGN_DOMAIN = 'a constraint: 0 or 1, and 0 unless signed';

export const divideAir = defineAir({
  name: 'divide',
  columns: {
    ...operandColumns,
    isUnsigned: bit('1 for divu and remu'),
    isRemainder: bit('1 for rem and remu'),
    isZero: given('constraints: 0 unless b is 0, and then 1 where isReal', '1 if b is 0'),
    signA: given(SIGN_DOMAIN, '1 if signed and a negative'),
    signB: given(SIGN_DOMAIN, '1 if signed and b negative'),
    signQ: given(SIGN_DOMAIN, '1 if the quotient is negative; anything if b is 0'),
    signR: bit('1 if the remainder is negative'),
    bLow: array(2, below(8, 'low byte of each limb of b')),
    quotient: array(4, below(8, 'bytes of q, least significant first')),
    remainder: array(2, u16('limbs of r')),
    gap: array(2, u16('limbs of |b| - |r| - 1; anything if b is 0')),
    borrow: given('a constraint: -1, 0, 1 or 2', 'borrow of the low limb of the gap'),
    carry0: below(9, 'carry out of limb 0: at most 510'),
    carry1: below(10, 'carry out of limb 1: at most 1,019'),
    carry2: given('a lookup: in [-2, 2^10 - 2)', 'carry out of limb 2'),
    out: array(2, given('a constraint: limbs of q or of r', 'limbs of the result')),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isReal, isUnsigned, isRemainder, isZero, signA, signB, signQ, signR } = local;
    const { quotient, remainder, gap, borrow, carry0, carry1, carry2, out } = local;
    const isSigned = isUnsigned.not();
    const { a, b } = operandsOf(local);
    const q = [quotient[0]!.plus(quotient[1]!.times(2 ** 8)), quotient[2]!.plus(quotient[3]!.times(2 ** 8))] as const;
    const [r0, r1] = [remainder[0]!, remainder[1]!];

    assertZero('the sign of a is a bit, and 0 unless signed', signA.times(signA.minus(isSigned)));
    builder.send(
      'the sign of a is its top bit',
      RANGE_BUS,
      { claimed: [isUnsigned.plus(15), a.hi.minus(signA.times(2 ** 15))] },
      1,
    );
    const bBytes = bytesOf(builder, 'b', b, local.bLow, { isSigned, sign: signB });
    assertZero('the sign of q is a bit, and 0 unless signed', signQ.times(signQ.minus(isSigned)));
    assertZero('r has the sign of a unless it is 0', signA.minus(signR).times(r0.plus(r1)));

    const products = productLimbs(quotient, bBytes);
    const limbs = [
      products[0]!
        .plus(r0)
        .minus(a.lo)
        .minus(carry0.times(2 ** 16)),
      products[1]!
        .plus(r1)
        .minus(a.hi)
        .plus(carry0)
        .minus(carry1.times(2 ** 16)),
      products[2]!
        .minus(signQ.times(b.lo))
        .minus(signB.times(q[0]))
        .minus(signR)
        .plus(signA)
        .plus(carry1)
        .minus(carry2.times(2 ** 16)),
      products[3]!
        .minus(signQ.times(b.hi))
        .minus(signB.times(q[1]))
        .plus(carry2)
        .plus(signQ.times(signB).times(2 ** 16)),
    ];
    for (const [i, limb] of limbs.entries()) assertZero(`limb ${i} of q b + r is that of a`, limb);
    builder.send('carry2 is at least -2 and below 2^10 - 2', RANGE_BUS, { claimed: [10, carry2.plus(2)] }, 1);

    const divides = isReal.minus(isZero); // 1 on a real row with b != 0
    const absolute = (sign: typeof signA, limb: typeof signA) => limb.minus(sign.times(limb).times(2));
    const gapLow = absolute(signB, b.lo).minus(absolute(signR, r0)).minus(1).minus(gap[0]!);
    const gapHigh = absolute(signB, b.hi)
      .minus(absolute(signR, r1))
      .plus(signB.minus(signR).times(2 ** 16))
      .minus(gap[1]!);
    assertZero(
      'the borrow is -1, 0, 1 or 2',
      borrow.plus(1).times(borrow).times(borrow.minus(1)).times(borrow.minus(2)),
    );
    assertZero('the low limb of |b| - |r| - 1 is the gap', divides.times(gapLow.plus(borrow.times(2 ** 16))));
    assertZero('the high limb of |b| - |r| - 1 is the gap', divides.times(gapHigh.minus(borrow)));

    assertZero('b is 0 if isZero', isZero.times(b.lo.plus(b.hi)));
    for (const i of [0, 1] as const) {
      assertZero(`limb ${i} of a quotient by 0 is 2^16 - 1`, isZero.times(q[i].minus(0xffff)));
      assertZero(`limb ${i} of rd is that of q or r`, out[i]!.minus(chooseOne(isRemainder, remainder[i]!, q[i])));
    }

    const op = isUnsigned.plus(isRemainder.times(2)).plus(opOf('div'));
    operands(builder, local, { op, result: { lo: out[0]!, hi: out[1]! } });
  },
});
