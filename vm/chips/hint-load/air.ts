/**
 * HINT-LOAD chip: rd = word or zero-extended halfword of the hint tape at byte address rs1 + imm.
 *
 * Assumes  the frame (`frame.ts`); the hint bus gives one content per block index, halfwords below 2^16.
 * Ensures  rd is the halfword, or the aligned word, of the tape at (rs1 + imm) mod 2^32.
 * Proof    the address is 32 block + 4 word + 2 odd, with block = blockLo + 2^11 addressHi and a one-hot word; the low
 *          limb 32 blockLo + 4 word + 2 odd is below 2^16 since blockLo < 2^11, and determines its parts (`address.ts`).
 *          So an odd byte address has no row, and block < 2^27 < p. A word has odd = 0.
 * Padding  isReal = 0, all zero: no word is selected, the value is 0.
 */
import { array, below, bit, defineAir, given } from '../../../stark/air/air.ts';
import { sum } from '../../../stark/air/expr.ts';
import { HINT_BUS } from '../../buses.ts';
import { opOf } from '../../isa/op.ts';
import { BLOCK_HALVES } from '../../space.ts';
import { addressAddsUp, addressColumns } from '../address.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';

const BLOCK_WORDS = BLOCK_HALVES / 2;
const [WORD, HALF] = [opOf('ulp.hint.w'), opOf('ulp.hint.hu')];

export const hintLoadAir = defineAir({
  name: 'hint-load',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rd'),
    ...addressColumns,
    isWord: bit('1 for ulp.hint.w, 0 for ulp.hint.hu'),
    blockLo: below(11, 'bits 5 to 15 of the address'),
    word: array(BLOCK_WORDS, bit('bits 2 to 4 of the address: 1 for the word of the block that is read')),
    odd: bit('bit 1 of the address: the upper halfword'),
    h: array(BLOCK_HALVES, given('the hint bus', 'halfword of the block')),
    valueLo: given('the constraints: a halfword of the tape or 0', 'low limb of the result'),
    valueHi: given('the constraints: a halfword of the tape or 0', 'high limb of the result'),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal, pc, clk, isWord, blockLo, word, odd, h, addressHi, valueLo, valueHi } = local;
    const lower = sum(word.map((w, i) => w.times(h[2 * i]!)));
    const upper = sum(word.map((w, i) => w.times(h[2 * i + 1]!)));
    const wordIndex = sum(word.map((w, i) => w.times(i)));

    assertZero('one word of the block is selected', sum(word).minus(isReal));
    assertZero('a word is aligned', isWord.times(odd));
    addressAddsUp(builder, local, odd.times(2).plus(wordIndex.times(4)).plus(blockLo.times(32)));
    assertZero('the low limb is the selected halfword', lower.plus(odd.times(upper.minus(lower))).minus(valueLo));
    assertZero('the high limb is the upper half of a word', isWord.times(upper).minus(valueHi));

    instruction(builder, {
      active: isReal,
      pc,
      clk,
      op: isWord.times(WORD - HALF).plus(HALF),
      rd: local.rdAddress,
      rs1: local.rs1Address,
      immLo: local.immLo,
      immHi: local.immHi,
    });
    namedAccess(builder, local, 'rs1', { now: clk, active: isReal });
    namedAccess(builder, local, 'rd', { now: clk.plus(3), active: isReal, written: { lo: valueLo, hi: valueHi } });
    send('the block is on the tape', HINT_BUS, { given: [blockLo.plus(addressHi.times(2 ** 11)), ...h] }, isReal);
  },
});
