/**
 * PHILOX chip: philox rs1, rs2, the ten rounds of Philox4x32 in one row.
 *
 * Assumes  the frame and the blocks of words (`vm/chips/frame.ts`, `word-block.ts`); the byte table (`bytes/air.ts`).
 * Ensures  rs1 and rs2 are multiples of 4; the four words from rs1 on are left with their Philox4x32-10 (`semantics.ts`)
 *          under the two words that rs2 points to.
 * Proof    all words of the rounds are bytes: those that are XORed by the byte table, those of the counter that are only
 *          multiplied by range checks. limb = byte + 2^8 byte has one solution. Per 16 bits of a product, the sums of byte
 *          products are below 2^26 (`vm/chips/product.ts`), and sum + carry in = limb + 2^16 carry with a carry below
 *          2^11: all below 2^28, so integers; the last limb has no carry. So the product is that of the words. XOR is
 *          x + y - 2 (x AND y), byte by byte, again a byte. A round key is the one before plus a constant, whose carries
 *          are bits (`vm/chips/limbs.ts`: the limbs are below 2^16). The key is read before the counter is left, so that
 *          both may overlap.
 * Padding  all zero: the keys add up only where isReal = 1; 0 * M = 0 and 0 XOR 0 = 0.
 */
import { array, below, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { compose, constant, type Expr } from '../../stark/air/expr.ts';
import { BYTES_BUS } from '../../vm/chips/bytes/air.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../../vm/chips/frame.ts';
import { INVERSE_2_8, INVERSE_2_16 } from '../../vm/chips/limbs.ts';
import { productLimbs } from '../../vm/chips/product.ts';
import { blockColumns, wordBlock } from '../../vm/chips/word-block.ts';
import { opOf } from '../../vm/isa/op.ts';
import { COUNTER_WORDS, KEY_STEPS, KEY_WORDS, MULTIPLIERS, ROUNDS } from './constants.ts';

/** After clk: the words are accessed at these times. */
export const KEY_TIME = 2;
export const COUNTER_TIME = 3;
/** Bytes of the two products, or XORs, of a round. */
export const ROUND_BYTES = 8;
/** Bits of a carry in a product: at most 1,018. */
const CARRY_BITS = 11;

const byTable = 'the byte table: a byte';
const bytesOfConstant = (word: number): Expr[] => [0, 8, 16, 24].map((shift) => constant((word >>> shift) & 0xff));
const limbsOf = (bytes: readonly Expr[]): [Expr, Expr] => [
  compose(bytes.slice(0, 2), 2 ** 8),
  compose(bytes.slice(2), 2 ** 8),
];

export const philoxAir = defineAir({
  name: 'philox',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rs2'),
    ...blockColumns('counter', COUNTER_WORDS),
    ...blockColumns('key', KEY_WORDS),
    factorLow: array(4, below(8, 'low bytes of the limbs of words 0 and 2 of the counter')),
    otherLow: array(4, given(byTable, 'low bytes of the limbs of words 1 and 3 of the counter')),
    keyByte: array(ROUNDS * ROUND_BYTES, given(byTable, 'bytes of the two words of the key of a round')),
    high: array(ROUNDS * ROUND_BYTES, given(byTable, 'bytes of the upper words of the two products of a round')),
    low: array((ROUNDS - 1) * ROUND_BYTES, given(byTable, 'bytes of the lower words of the two products of a round')),
    lastLow: array(4, u16('limbs of the lower words of the two products of the last round')),
    andWord: array(ROUNDS * ROUND_BYTES, given(byTable, 'upper word AND other word, byte by byte')),
    andKey: array(ROUNDS * ROUND_BYTES, given(byTable, 'their XOR AND the key, byte by byte')),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal: active, pc, clk } = local;
    const { rs1Address: rs1, rs2Address: rs2 } = local;
    instruction(builder, { active, pc, clk, op: opOf('philox'), rs1, rs2 });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    namedAccess(builder, local, 'rs2', { now: clk.plus(1), active });

    /** The bytes of word `index` of the counter, from the low bytes of its limbs. */
    const counterBytes = (index: number, low: readonly Expr[]): Expr[] =>
      low.flatMap((byte, half) => [byte, local.counterLimbs[2 * index + half]!.minus(byte).times(INVERSE_2_8)]);
    let factors = [counterBytes(0, local.factorLow.slice(0, 2)), counterBytes(2, local.factorLow.slice(2))];
    for (const [k, factor] of factors.entries()) {
      for (const i of [1, 3]) send(`byte ${i} of word ${2 * k} is a byte`, RANGE_BUS, { claimed: [8, factor[i]!] }, 1);
    }
    let others = [counterBytes(1, local.otherLow.slice(0, 2)), counterBytes(3, local.otherLow.slice(2))];

    /** Word `k` of two of round `r`. */
    const wordOf = (bytes: readonly Expr[], r: number, k: number): Expr[] =>
      bytes.slice(r * ROUND_BYTES + 4 * k, r * ROUND_BYTES + 4 * k + 4);
    for (let r = 0; r < ROUNDS; r++) {
      const isLast = r === ROUNDS - 1;
      const [nextFactors, nextOthers]: [Expr[][], Expr[][]] = [[], []];
      for (const k of [0, 1]) {
        const of = `of product ${k} of round ${r}`;
        const high = wordOf(local.high, r, k);
        const low = isLast ? local.lastLow.slice(2 * k, 2 * k + 2) : limbsOf(wordOf(local.low, r, k));
        const limbs = [...low, ...limbsOf(high)];
        let carry: Expr = constant(0);
        for (const [i, total] of productLimbs(factors[k]!, bytesOfConstant(MULTIPLIERS[k]!)).entries()) {
          const rest = total.plus(carry).minus(limbs[i]!);
          if (i === 3) assertZero(`limb 3 ${of} adds up`, rest);
          else {
            carry = rest.times(INVERSE_2_16);
            send(`limb ${i} ${of} has a carry`, RANGE_BUS, { claimed: [CARRY_BITS, carry] }, 1);
          }
        }

        // Product 1 goes into word 0, with word 1 and key 0; product 0 into word 2, with word 3 and key 1.
        const other = 1 - k;
        const [key, andWord, andKey] = [local.keyByte, local.andWord, local.andKey].map((b) => wordOf(b, r, other)) as [
          Expr[],
          Expr[],
          Expr[],
        ];
        nextFactors[other] = high.map((byte, i) => {
          const word = others[other]![i]!;
          send(
            `byte ${i} ${of} and the other word have this AND`,
            BYTES_BUS,
            { claimed: [byte, word, andWord[i]!] },
            1,
          );
          const xor = byte.plus(word).minus(andWord[i]!.times(2));
          send(
            `byte ${i} of their XOR, round ${r}, word ${2 * other}, and the key have this AND`,
            BYTES_BUS,
            { claimed: [xor, key[i]!, andKey[i]!] },
            1,
          );
          return xor.plus(key[i]!).minus(andKey[i]!.times(2));
        });
        if (!isLast) nextOthers[other] = wordOf(local.low, r, k);
      }
      [factors, others] = [nextFactors, nextOthers];
    }

    for (const k of [0, 1]) {
      const keyOf = (r: number): [Expr, Expr] => limbsOf(wordOf(local.keyByte, r, k));
      keyOf(0).forEach((limb, half) => {
        assertZero(`limb ${half} of key ${k} is made of bytes`, limb.minus(local.keyLimbs[2 * k + half]!));
      });
      for (let r = 1; r < ROUNDS; r++) {
        const [before, after] = [keyOf(r - 1), keyOf(r)];
        let carry: Expr = constant(0);
        for (const half of [0, 1] as const) {
          const step = (KEY_STEPS[k]! >>> (16 * half)) & 0xffff;
          const rest = before[half].plus(step).plus(carry).minus(after[half]);
          assertZero(`limb ${half} of key ${k} of round ${r} adds up`, active.times(rest).times(rest.minus(2 ** 16)));
          carry = rest.times(INVERSE_2_16);
        }
      }
    }

    wordBlock(builder, local, 'key', {
      pointer: { name: 'rs2', value: { lo: local.rs2Lo, hi: local.rs2Hi } },
      now: clk.plus(KEY_TIME),
      active,
    });
    const [low0, low1] = [local.lastLow.slice(0, 2), local.lastLow.slice(2)];
    wordBlock(builder, local, 'counter', {
      pointer: { name: 'rs1', value: { lo: local.rs1Lo, hi: local.rs1Hi } },
      now: clk.plus(COUNTER_TIME),
      active,
      written: [...limbsOf(factors[0]!), ...low1, ...limbsOf(factors[1]!), ...low0],
    });
  },
});
