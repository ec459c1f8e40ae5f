/**
 * FP32-TREE-NODE chip: sums of nodes of the tree of a pairwise sum, above those of `../tree`. One row a node.
 *
 * Assumes  under the time of a call NODE_BUS has at level 0 one node for each index from 0 on, less than 2^16, and nobody
 *          else takes one but the call, once, with index 0 at some level; `fp32-add` gives one result of limbs and flags for
 *          every operands.
 * Ensures  the node that the call takes is the pairwise sum of those of level 0 (`../semantics.ts`), with the OR of their
 *          flags and of those of all additions.
 * Proof    1. A row takes node 2 index of a level, and node 2 index + 1 unless it passes the first one on, and leaves node
 *             `index` of the next level. With index below 2^16 both are integers below 2^17, so one is even and one odd.
 *          2. By induction a level has nodes 0 .. n - 1, once each: the odd ones are only taken by additions, each with the
 *             even one before it; so what is passed on is an even one without another after it, the last of an odd number.
 *             The next level has nodes 0 .. ceil(n / 2) - 1.
 *          3. The call takes node 0 of a level with no other node: node 1 would only be taken together with node 0. Further
 *             levels above that one, each a node passed on, leave the same word.
 * Padding  all zero: silent on every bus but the range of a zero.
 */
import { bit, defineAir, given, u16 } from '../../../stark/air/air.ts';
import { FLAGS_BUS } from '../../../vm/chips/csr/flags-table.ts';
import { FP32_ADD_BUS } from '../../fp32-add/bus.ts';
import { NODE_BUS, NODE_CHIP } from '../bus.ts';

const BELOW = 'the node bus: limbs';

export const fp32TreeNodeAir = defineAir({
  name: NODE_CHIP,
  columns: {
    isSum: bit('1 for a sum of two nodes'),
    isPassed: bit('1 for a node passed on'),
    clk: given('the node bus', 'time of the call'),
    level: given('the node bus', 'level of the nodes that are taken'),
    index: u16('index of the node that is left'),
    leftLo: given(BELOW, 'low limb of the left node'),
    leftHi: given(BELOW, 'high limb of the left node'),
    leftFlags: given('the node bus: below 2^5', 'flags raised for the left node'),
    rightLo: given(BELOW, 'low limb of the right node'),
    rightHi: given(BELOW, 'high limb of the right node'),
    rightFlags: given('the node bus: below 2^5', 'flags raised for the right node'),
    outLo: given('fp32-add, or the left node', 'low limb of the sum'),
    outHi: given('fp32-add, or the left node', 'high limb of the sum'),
    raised: given('fp32-add', 'flags of the addition'),
    bothFlags: given('flags: below 2^5', 'flags raised for both nodes'),
    accrued: given('flags: below 2^5, or those of the left node', 'flags raised for the sum'),
  },
  define({ local, assertZero, send, receive }) {
    const { isSum, isPassed, clk, level, index, leftLo, leftHi, leftFlags, rightLo, rightHi, rightFlags } = local;
    const { outLo, outHi, raised, bothFlags, accrued } = local;
    const active = isSum.plus(isPassed);
    assertZero('a node is a sum or passed on, not both', isSum.times(isPassed));
    const left = index.times(2);
    receive('there is a left node', NODE_BUS, { given: [clk, level, left, leftFlags, leftLo, leftHi] }, active);
    receive(
      'there is a right node',
      NODE_BUS,
      { given: [clk, level, left.plus(1), rightFlags, rightLo, rightHi] },
      isSum,
    );
    send('the node is left', NODE_BUS, { claimed: [clk, level.plus(1), index, accrued, outLo, outHi] }, active);

    const operands = [0, 0, leftLo, leftHi, rightLo, rightHi];
    send('the node is the sum', FP32_ADD_BUS, { given: [...operands, outLo, outHi, raised] }, isSum);
    send('the flags of both nodes accrue', FLAGS_BUS, { given: [leftFlags, rightFlags], claimed: [bothFlags] }, isSum);
    send('the flags of the addition accrue', FLAGS_BUS, { given: [bothFlags, raised], claimed: [accrued] }, isSum);
    assertZero('a node passed on has its low limb', isPassed.times(outLo.minus(leftLo)));
    assertZero('a node passed on has its high limb', isPassed.times(outHi.minus(leftHi)));
    assertZero('a node passed on has its flags', isPassed.times(accrued.minus(leftFlags)));
  },
});
