/**
 * FP32-REDUCE-CALL chip: the reductions of FP32 words, fp32.sum, fp32.squares, fp32.max and fp32.maxm in their orders and from
 * both sources. Starts the reduction, takes its end and writes it to fd. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16 and the time of a call is its own. The
 *          chips of rows (`../fold`, `../tree`, `../node`) leave what they say under this time; their results are limbs.
 * Ensures  fd is the reduction (`../semantics.ts`) of rs2 words from byte address rs1 of the hint tape or of RAM on, and its flags
 *          accrue. rs1 is a multiple of 32 for hints, of 4 for RAM; rs2 is below 2^20.
 * Proof    1. One of the operations is set on a real row, and op is the id of it from this source: the program says which.
 *          2. rs1 = 32 low + 2^16 rs1Hi with low < 2^11 for hints, 4 low + 2^16 rs1Hi with low < 2^14 for RAM. The address in
 *             words is below 2^30, and with less than 2^20 words none further is above 2^30 + 2^20 < p.
 *          3. Start and end of a fold carry number, place and operation; no words leave start and end equal: fd keeps its word, be it a
 *             NaN with a payload, and no flag is raised. Lanes start as +0, and without words they stay that.
 *          4. A pairwise sum takes its only node, or is +0 if there is no word.
 * Padding  all zero: silent on every bus but ranges of zeros.
 */
import { bit, defineAir, given } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import { constant, expr, sum } from '../../../stark/air/expr.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { accessColumns } from '../../../vm/chips/frame.ts';
import { opOf } from '../../../vm/isa/op.ts';
import { REDUCTION_SOURCES, type Reduction } from '../../../vm/isa/xulp.ts';
import { flagsColumns, fp32Columns, fp32Frame } from '../../fp32-frame/air.ts';
import { CALL_CHIP, FOLD_BUS, NODE_BUS, TREE_BUS, WARP_BUS } from '../bus.ts';
import { FOLDS, HIGH_COUNT_BITS, LANES } from '../constants.ts';

const RESULT = 'the bus of the reduction';

export const fp32ReduceCallAir = defineAir({
  name: CALL_CHIP,
  columns: {
    ...fp32Columns,
    ...accessColumns('rs2'),
    ...flagsColumns,
    isRam: bit('1 for words in RAM, 0 for the hint tape'),
    isSum: bit('1 for fp32.sum.sequential'),
    isSquares: bit('1 for fp32.squares.sequential'),
    isMax: bit('1 for fp32.max'),
    isMaxm: bit('1 for fp32.maxm'),
    isWarpSum: bit('1 for fp32.sum.warp'),
    isWarpSquares: bit('1 for fp32.squares.warp'),
    isPairwise: bit('1 for fp32.sum.pairwise'),
    isPairwiseSquares: bit('1 for fp32.squares.pairwise'),
    low: given('a range check of 11 bits, or 14 in RAM', 'low limb of rs1 over 32, or over 4 in RAM'),
    isEmpty: given('two constraints: 1 or 0', '1 for a pairwise sum without words'),
    countInverse: given('free: an inverse exists or not', 'inverse of the number of words of a pairwise sum'),
    end: given(RESULT, 'word address after the last row of a fold or pairwise sum'),
    level: given('the node bus', 'level of the node that is the result'),
    numRows: given('the tree bus', 'rows of a pairwise sum'),
    outLo: given(`${RESULT}: a limb`, 'low limb of the result'),
    outHi: given(`${RESULT}: a limb`, 'high limb of the result'),
    raised: given(`${RESULT}: below 2^5`, 'flags of the reduction'),
  },
  define(builder) {
    const { local, assertZero, send, receive } = builder;
    const { isReal, clk, isRam, isSum, isSquares, isMax, isMaxm, isWarpSum, isWarpSquares, isPairwise } = local;
    const { isPairwiseSquares, low, isEmpty, end, level, numRows, outLo, outHi, raised } = local;
    const kinds = {
      'sum.sequential': isSum,
      'squares.sequential': isSquares,
      max: isMax,
      maxm: isMaxm,
      'sum.warp': isWarpSum,
      'squares.warp': isWarpSquares,
      'sum.pairwise': isPairwise,
      'squares.pairwise': isPairwiseSquares,
    } satisfies Record<Reduction, unknown>;
    assertZero('one reduction is selected', sum(Object.values(kinds)).minus(isReal));
    const ids = Object.entries(kinds).map(([name, kind]) => kind.times(opOf(`fp32.${name}.hint`)));
    const fromRam = isRam.times(REDUCTION_SOURCES.ram.op - REDUCTION_SOURCES.hint.op);
    const result = { lo: outLo, hi: outHi };
    fp32Frame(builder, local, { op: sum(ids).plus(fromRam), result, raised });

    const { rs1Lo, rs1Hi, rs2Lo, rs2Hi, rdLo, rdHi } = local;
    assertZero('the address is aligned', rs1Lo.minus(low.times(expr(32).minus(isRam.times(28)))));
    send('its low limb is in place', RANGE_BUS, { claimed: [isRam.times(3).plus(11), low] }, isReal);
    send('there are less than 2^20 words', RANGE_BUS, { claimed: [HIGH_COUNT_BITS, rs2Hi] }, isReal);
    const address = rs1Lo.times(inverse(felt(4))).plus(rs1Hi.times(2 ** 14));
    const count = rs2Lo.plus(rs2Hi.times(2 ** 16));

    const isFold = sum([isSum, isSquares, isMax, isMaxm]);
    const fold = sum([isSquares.times(FOLDS.squares), isMax.times(FOLDS.max), isMaxm.times(FOLDS.maxm)]);
    send('a fold starts with fd', FOLD_BUS, { claimed: [fold, clk, isRam, address, count, 0, rdLo, rdHi] }, isFold);
    receive(
      'a fold ends with the result',
      FOLD_BUS,
      { given: [fold, clk, isRam, end, 0, raised, outLo, outHi] },
      isFold,
    );

    const zeros = new Array<number>(2 * LANES).fill(0);
    const ofSquares = isWarpSquares.times(FOLDS.squares);
    const isWarp = isWarpSum.plus(isWarpSquares);
    send('lanes start as zeros', WARP_BUS, { claimed: [ofSquares, clk, isRam, address, count, 0, ...zeros] }, isWarp);

    const isTree = isPairwise.plus(isPairwiseSquares);
    const tree = [isPairwiseSquares, clk, isRam];
    send('a pairwise sum starts', TREE_BUS, { claimed: [...tree, address, count, 0] }, isTree);
    receive('a pairwise sum has all words', TREE_BUS, { given: [...tree, end, 0, numRows] }, isTree);
    assertZero('there is no word if empty', isEmpty.times(count));
    assertZero('there is one unless empty', isTree.minus(isEmpty).minus(count.times(local.countInverse)));
    receive(
      'a tree ends with the result',
      NODE_BUS,
      { given: [clk, level, constant(0), raised, outLo, outHi] },
      isWarp.plus(isTree).minus(isEmpty),
    );
    assertZero('an empty sum has a zero low limb', isEmpty.times(outLo));
    assertZero('an empty sum has a zero high limb', isEmpty.times(outHi));
    assertZero('an empty sum raises nothing', isEmpty.times(raised));
  },
});
