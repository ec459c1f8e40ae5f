/**
 * SHA256-ROUNDS chip: the 64 rounds of a block, four a row after a row with the state before (FIPS 180-4, 6.2.2 step 3).
 *
 * Assumes  chip `sha256-schedule` sends W_t + K_t of four rounds once under each of the keys 17 n + 1 to 17 n + 16 of a
 *          block, limbs below 2^17; chip `sha256-call` sends the state before under key 17 n and takes the one after
 *          under key 17 n + 16.
 * Ensures  the state taken is the one before, after 64 rounds.
 * Proof    a round row follows, with its key plus 1, a round row or one that takes a state, and the table does not start
 *          with one. So the rows above the one that ends with key 17 n + 16 go back, one key each, to one that takes a
 *          state; each round row uses up the words of its key. A state under another key than 17 n can only have been
 *          left by a round row of that key, so that the chain goes on there, down to 17 n (no words have a key 17 n).
 *          With bits in all words, b, c, d are a of one to three rounds before, f, g, h those of e. Limb by limb
 *          e' + 2^16 carry = d + h + Sigma1(e) + Ch(e, f, g) + kw + carry in, at most 6 (2^16 - 1) + 5, and
 *          a' + d + carry in = e' + Sigma0(a) + Maj(a, b, c) + 2^16 carry: all far below p, so integers; with a' and e'
 *          made of bits, limbs and carries are unique. The carry of e is up to 5: x + 4 bit(z), where z in 0 .. 3 has the
 *          third bits of both limbs' carries. That of a is in -2 .. 1.
 * Padding  all zero: no round, no state, multiplicity 0.
 */
import { array, bit, defineAir, given } from '../../../stark/air/air.ts';
import { constant, type Expr, sum } from '../../../stark/air/expr.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { bigSigma, bitsOfFour, choose, limbOf, majority, oneOfFour, WORD_BITS, wordOf } from '../bits.ts';
import { SHA256_ROUND_BUS, SHA256_STATE_BUS } from '../bus.ts';
import { BIG_SIGMA_0, BIG_SIGMA_1, ROUND_STEP } from '../constants.ts';

const [HALF, SIXTH] = [constant(inverse(felt(2))), constant(inverse(felt(6)))];

export const sha256RoundsAir = defineAir({
  name: 'sha256-rounds',
  columns: {
    isRound: bit('1 on a row of four rounds'),
    end: given('a constraint: -1, 0 or 1', '1 where a state is taken, -1 where one is left'),
    key: given('the buses, and a constraint from row to row', 'key of the row'),
    kw: array(2 * ROUND_STEP, given('the round bus: below 2^17', 'limbs of W_t + K_t')),
    a: array(ROUND_STEP * WORD_BITS, bit('bit of a after a round, least significant first')),
    e: array(ROUND_STEP * WORD_BITS, bit('bit of e after a round, least significant first')),
    carryA: array(2 * ROUND_STEP, given('a constraint: -2 to 1', 'carry out of a limb of a')),
    carryE: array(2 * ROUND_STEP, given('a constraint: 0 to 3', 'carry out of a limb of e, but for its third bit')),
    carryTop: array(ROUND_STEP, given('a constraint: 0 to 3', 'third bits of the carries of e')),
  },
  define(builder) {
    const { local, next, assertZero, receive } = builder;
    const { isRound, end, key } = local;
    assertZero('an end is -1, 0 or 1', end.times(end.minus(1)).times(end.plus(1)));
    assertZero('a state is left by a round', end.times(end.minus(1)).times(isRound.not()));
    assertZero('the table does not start with a round', isRound, 'first');
    const isStart = end.times(end.plus(1)).times(HALF);
    const before = isRound.plus(isStart);
    assertZero('a round follows a round or a state', next.isRound.times(before.not()), 'transition');
    assertZero('the key goes on', next.isRound.times(next.key.minus(key).minus(1)), 'transition');

    const wordsOf = (name: 'a' | 'e') =>
      [local[name], next[name]].flatMap((bits) => [...Array(ROUND_STEP).keys()].map((j) => wordOf(bits, j)));
    const [a, e] = [wordsOf('a'), wordsOf('e')];
    for (let j = 0; j < ROUND_STEP; j++) {
      const [b0, b1, b2, b3] = [a[j + 3]!, a[j + 2]!, a[j + 1]!, a[j]!]; // a, b, c, d
      const [f0, f1, f2, f3] = [e[j + 3]!, e[j + 2]!, e[j + 1]!, e[j]!]; // e, f, g, h
      const [newA, newE] = [a[j + ROUND_STEP]!, e[j + ROUND_STEP]!];
      const forE = [b3, f3, bigSigma(f0, BIG_SIGMA_1), choose(f0, f1, f2)];
      const forA = [bigSigma(b0, BIG_SIGMA_0), majority(b0, b1, b2), newE];
      const top = bitsOfFour(next.carryTop[j]!, HALF, SIXTH);
      let [inE, inA]: (Expr | 0)[] = [0, 0];
      for (const half of [0, 1]) {
        const at = 2 * j + half;
        const limbs = (words: typeof forE): Expr => sum(words.map((word) => limbOf(word, half)));
        const [outE, outA] = [next.carryE[at]!.plus(top[half]!.times(4)), next.carryA[at]!];
        const totalE = limbs(forE).plus(next.kw[at]!).plus(inE!);
        const totalA = limbs(forA).plus(inA!);
        const leftE = limbOf(newE, half).plus(outE.times(2 ** 16));
        const leftA = limbOf(newA, half)
          .plus(limbOf(b3, half))
          .minus(outA.times(2 ** 16));
        assertZero(`limb ${half} of e ${j} adds up`, next.isRound.times(leftE.minus(totalE)), 'transition');
        assertZero(`limb ${half} of a ${j} adds up`, next.isRound.times(leftA.minus(totalA)), 'transition');
        assertZero(`carryE[${at}] is below 4`, oneOfFour(local.carryE[at]!));
        assertZero(`carryA[${at}] is -2 to 1`, oneOfFour(local.carryA[at]!, -2));
        [inE, inA] = [outE, outA.times(-1)];
      }
      assertZero(`carryTop[${j}] is below 4`, oneOfFour(local.carryTop[j]!));
    }

    receive('the words are those of these rounds', SHA256_ROUND_BUS, { given: [key, ...local.kw] }, isRound);
    const state = [local.a, local.e].flatMap((bits) =>
      [...Array(ROUND_STEP).keys()].flatMap((j) => [0, 1].map((half) => limbOf(wordOf(bits, j), half))),
    );
    receive('the state is taken, or left', SHA256_STATE_BUS, { given: [key, ...state] }, end);
  },
});
