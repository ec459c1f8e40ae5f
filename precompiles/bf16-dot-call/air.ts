/**
 * BF16-DOT-CALL chip: bf16.dot.MODEL fd, rs1, rs2, rs3 for the models whose accumulator runs through the products: hopper,
 * ampere, blackwell, fma, amx. Takes fd apart, sends it as the first state of a dot product, takes the state after the last
 * block and writes it back to fd. One row an instruction.
 *
 * Assumes  the frame (`vm/chips/frame.ts`): limbs of registers are below 2^16 and the time of a call is its own;
 *          DOT_STATE_BUS (`state.ts`): whatever takes a state of an arithmetic sends one of it that is further by some
 *          elements, at most 16, and ends on every multiple of 16 on its way; of amx by 32, or by 16 to `amxEnd`.
 * Ensures  fd = the accumulation of rs3 blocks at hint addresses rs1 and rs2 onto fd. Addresses are multiples of 32,
 *          rs3 is below 2^16. With no block fd keeps its word, be it -0 or a NaN with a payload.
 * Proof    1. rs1 = 32 aLow + 2^16 rs1Hi with aLow < 2^11, so block a = aLow + 2^11 rs1Hi < 2^27 is the address over 32.
 *          2. a counts elements, 16 a block. Nothing else takes a state of this time, so a + 16 blocks is reached by
 *             exactly these blocks. A state further on does not come back: a row moves a call on once, or four times
 *             (`bf16-dot-tile`), so tables of at most 2^22 rows by less than p elements together.
 *             A call of amx ends in `amxEnd` exactly if its last tile instruction has 16 elements: all others have 32, so the
 *             number of blocks is odd, and isAmxOdd is 1.
 *          3. A word and its state: `decode` below. The words of a finite or infinite state are unique; a NaN state is
 *             sent with the significand of its word (0x7fffffff by a block).
 *          4. At most one of the bits of the model is set: instruction and arithmetic are of one model.
 *          5. An infinity after an overflow has some significand: it is the one case where state and word may differ.
 * Padding  all zero: silent on every bus; the decoded zero limbs are that of +0 (ranges of zeros).
 */
import { below, bit, defineAir, given } from '../../stark/air/air.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { accessColumns, frameColumns, instruction, namedAccess, type Sender } from '../../vm/chips/frame.ts';
import type { Limbs } from '../../vm/chips/limbs.ts';
import { opOf } from '../../vm/isa/op.ts';
import { BLOCK } from '../bf16-dot/core.ts';
import { ARITHMETIC, DOT_STATE_BUS, LOW_BITS, NAN_EXPONENT } from '../bf16-dot/state.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';

export type WordPart = 'Sign' | 'Biased' | 'Upper' | 'Special' | 'Middle' | 'Low' | 'Flat' | 'Inverse' | 'Exponent';

export const wordColumns = <const N extends string>(name: N, what: string) =>
  ({
    [`${name}Sign`]: given('fp32-decode: a bit', `sign of ${what}`),
    [`${name}Biased`]: given('fp32-decode: 1 to 255', `biased exponent of ${what}, 1 for a subnormal`),
    [`${name}Upper`]: given('fp32-decode: below 2^8', `upper 8 bits of the significand of ${what}`),
    [`${name}Special`]: given('fp32-decode: a bit', `1 if ${what} is an infinity or NaN`),
    [`${name}Middle`]: below(16 - LOW_BITS, `next 7 bits of the significand of ${what}`),
    [`${name}Low`]: below(LOW_BITS, `lower 9 bits of the significand of ${what}`),
    [`${name}Flat`]: given('two constraints: 1 or 0', `1 if ${what} is a zero or an infinity`),
    [`${name}Inverse`]: given('free: an inverse exists or not', `inverse of what a zero or infinity has not`),
    [`${name}Exponent`]: given('the code of the class, by constraint', `exponent code of ${what}`),
  }) as { readonly [K in `${N}${WordPart}`]: ReturnType<typeof given> };

const HIDDEN = 2 ** 23;

/** States that the columns of `wordColumns` are those of the word hi, lo; gives the significand's parts. */
export function decode(
  { assertZero, send }: Sender,
  what: string,
  part: (name: WordPart) => Expr,
  { lo, hi }: Limbs,
  active: Expr,
): { readonly high: Expr; readonly low: Expr } {
  const [special, flat, low] = [part('Special'), part('Flat'), part('Low')];
  send(
    `${what}: its high limb is decoded`,
    FP32_DECODE_BUS,
    { given: [hi], claimed: [part('Sign'), part('Biased'), part('Upper'), special] },
    active,
  );
  assertZero(`${what}: its low limb is in two parts`, lo.minus(part('Middle').times(2 ** LOW_BITS)).minus(low));
  const high = part('Upper')
    .times(2 ** (16 - LOW_BITS))
    .plus(part('Middle'));
  const rest = high
    .times(2 ** LOW_BITS)
    .plus(low)
    .minus(special.times(HIDDEN));
  assertZero(`${what}: a zero or infinity has no further bits`, flat.times(rest));
  assertZero(`${what}: anything else has`, active.times(rest.times(part('Inverse')).minus(1).plus(flat)));
  const [finite, round] = [expr(1).minus(special), expr(1).minus(flat)];
  const code = finite
    .times(round)
    .times(part('Biased').minus(127))
    .plus(finite.times(flat).times(ZERO_EXPONENT))
    .plus(special.times(flat).times(SPECIAL_EXPONENT))
    .plus(special.times(round).times(NAN_EXPONENT));
  assertZero(`${what}: the exponent is that of its class`, active.times(part('Exponent').minus(code)));
  return { high, low };
}

export const bf16DotCallAir = defineAir({
  name: 'bf16-dot-call',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rs2'),
    ...accessColumns('rs3'),
    ...accessColumns('rd'),
    isAmpere: bit('1 for bf16.dot.ampere'),
    isBlackwell: bit('1 for bf16.dot.blackwell; 0 for all three: bf16.dot.hopper'),
    isFma: bit('1 for bf16.dot.fma'),
    isAmx: bit('1 for bf16.dot.amx of an even number of blocks'),
    isAmxOdd: bit('1 for bf16.dot.amx of an odd number'),
    aLow: below(11, 'low limb of the address of a over 32'),
    bLow: below(11, 'low limb of the address of b over 32'),
    isEmpty: given('two constraints: 1 or 0', '1 if there is no block'),
    blocksInverse: given('free: an inverse exists or not', 'inverse of the number of blocks'),
    ...wordColumns('old', 'the accumulator'),
    outLo: given('the two parts of the result', 'low limb of the result'),
    outHi: given('fp32-decode: below 2^16', 'high limb of the result'),
    ...wordColumns('out', 'the result'),
    lastHigh: given('the state bus: below 2^15', 'upper part of the significand of the last state'),
    lastLow: given('the state bus: below 2^9', 'its lower part'),
  },
  define(builder) {
    const { local, assertZero, send, receive } = builder;
    const { isReal, isEmpty, pc, clk } = local;
    const { isAmpere, isBlackwell, isFma, isAmxOdd } = local;
    const isAmx = local.isAmx.plus(isAmxOdd);
    const models = isAmpere.plus(isBlackwell).plus(isFma).plus(isAmx);
    assertZero('there is one model', models.times(models.minus(1)));
    const from = (mnemonic: string): number => opOf(mnemonic) - opOf('bf16.dot.hopper');
    const op = isAmpere
      .times(from('bf16.dot.ampere'))
      .plus(isBlackwell.times(from('bf16.dot.blackwell')))
      .plus(isFma.times(from('bf16.dot.fma')))
      .plus(isAmx.times(from('bf16.dot.amx')))
      .plus(opOf('bf16.dot.hopper'));
    const arithmetic = isAmpere
      .times(ARITHMETIC.ampere)
      .plus(isFma.times(ARITHMETIC.fma))
      .plus(isAmx.times(ARITHMETIC.amx));
    const end = arithmetic.plus(isAmxOdd.times(ARITHMETIC.amxEnd - ARITHMETIC.amx));
    instruction(builder, {
      active: isReal,
      pc,
      clk,
      op,
      rd: local.rdAddress,
      rs1: local.rs1Address,
      rs2: local.rs2Address,
      immLo: local.rs3Address,
    });
    namedAccess(builder, local, 'rs1', { now: clk, active: isReal });
    namedAccess(builder, local, 'rs2', { now: clk.plus(1), active: isReal });
    namedAccess(builder, local, 'rs3', { now: clk.plus(2), active: isReal });
    const written = { lo: local.outLo, hi: local.outHi };
    namedAccess(builder, local, 'rd', { now: clk.plus(3), active: isReal, written });

    assertZero('the address of a is a multiple of 32', local.rs1Lo.minus(local.aLow.times(32)));
    assertZero('the address of b is a multiple of 32', local.rs2Lo.minus(local.bLow.times(32)));
    const a = local.aLow.plus(local.rs1Hi.times(2 ** 11)).times(BLOCK);
    const b = local.bLow.plus(local.rs2Hi.times(2 ** 11)).times(BLOCK);
    const blocks = local.rs3Lo;
    assertZero('there are less than 2^16 blocks', local.rs3Hi);
    assertZero('no block if empty', isEmpty.times(blocks));
    assertZero('some block unless empty', isReal.minus(isEmpty).minus(blocks.times(local.blocksInverse)));

    const old = decode(builder, 'old', (part) => local[`old${part}`], { lo: local.rdLo, hi: local.rdHi }, isReal);
    const out = decode(builder, 'out', (part) => local[`out${part}`], written, isReal);
    assertZero('without a block the low limb stays', isEmpty.times(local.outLo.minus(local.rdLo)));
    assertZero('without a block the high limb stays', isEmpty.times(local.outHi.minus(local.rdHi)));

    const running = isReal.minus(isEmpty);
    send(
      'the first block continues the accumulator',
      DOT_STATE_BUS,
      { claimed: [arithmetic, clk, a, b, local.oldSign, old.high, old.low, local.oldExponent] },
      running,
    );
    const { outSign, outExponent, lastHigh, lastLow } = local;
    const length = blocks.times(BLOCK);
    receive(
      'the last block leaves the result',
      DOT_STATE_BUS,
      { given: [end, clk, a.plus(length), b.plus(length), outSign, lastHigh, lastLow, outExponent] },
      running,
    );
    const isOther = expr(1).minus(local.outSpecial.times(local.outFlat));
    assertZero('the result has the upper part of the state', isOther.times(lastHigh.minus(out.high)));
    assertZero('the result has the lower part of the state', isOther.times(lastLow.minus(out.low)));
  },
});
