/**
 * HINT table: the private tape, one row per block of 16 halfwords, raw for loads and sponges and decoded for dot products.
 *
 * Assumes  the BF16 decode table holds every 16-bit pattern with its decoding, and nothing else.
 * Ensures  for every block index there is one content in the whole proof: 16 halfwords below 2^16 and their decoding.
 *          Whether it is the right content is for the guest to check.
 * Proof    real rows are an unbroken run from row 0 with block indexes 0, 1, 2, ...: no two rows have the same index,
 *          and both buses are answered by this table alone. A halfword is looked up in the decode table, which bounds it
 *          and fixes its decoding.
 * Padding  isReal = 0: answers nothing, because the multiplicities are 0. A real row may not follow one.
 */
import { array, bit, defineAir, given } from '../../../stark/air/air.ts';
import { BF16_DECODE_BUS, HINT_BUS, OPERAND_BUS } from '../../buses.ts';
import { BLOCK_HALVES } from '../../space.ts';

const COUNTED = 'free: the bus balances only for the true count';
const DECODED = 'the BF16 decode table';

export const hintAir = defineAir({
  name: 'hint',
  columns: {
    isReal: bit('1 on the row of a block, 0 on padding'),
    block: given('the constraints: 0, 1, 2, ...', 'index of the block'),
    h: array(BLOCK_HALVES, given(DECODED, 'halfword')),
    sm: array(BLOCK_HALVES, given(DECODED, 'signed significand of the halfword as BF16')),
    e: array(BLOCK_HALVES, given(DECODED, 'exponent of the halfword as BF16')),
    hintReads: given(COUNTED, 'times the block was read raw'),
    operandReads: given(COUNTED, 'times the block was read decoded'),
  },
  define({ local, next, assertZero, send, receive }) {
    const { isReal, block, h, sm, e, hintReads, operandReads } = local;
    assertZero('padding is not read raw', isReal.not().times(hintReads));
    assertZero('padding is not read decoded', isReal.not().times(operandReads));

    assertZero('the first block is block 0', isReal.times(block), 'first');

    assertZero('no block comes after padding', next.isReal.times(isReal.not()), 'transition');
    assertZero('blocks are consecutive', next.isReal.times(next.block.minus(block).minus(1)), 'transition');

    for (let i = 0; i < BLOCK_HALVES; i++) {
      send(`halfword ${i} is decoded`, BF16_DECODE_BUS, { given: [h[i]!, sm[i]!, e[i]!] }, isReal);
    }
    receive('the block was read raw', HINT_BUS, { given: [block], claimed: h }, hintReads);
    receive('the block was read decoded', OPERAND_BUS, { given: [block], claimed: [...sm, ...e] }, operandReads);
  },
});
