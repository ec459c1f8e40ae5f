/**
 * FP32-TREE chip: the sum of up to 32 words as a balanced tree. One row a tree: of 32 words of a pairwise sum or of their
 * squares, fewer at its end, or of the 32 lanes of a warp.
 *
 * Assumes  a state on TREE_BUS starts with a call (`../call/air.ts`), under a time of its own, with an address below 2^30, a
 *          multiple of 8 for hints, and less than 2^20 words; its end is taken by the call. WARP_BUS: `../fold/air.ts`.
 *          Hints: `vm/chips/hint`; RAM: `../words`; `fp32-add` gives one result of limbs and flags for every operands.
 * Ensures  a pairwise sum has on NODE_BUS, at level 0, for every 32 words in order, 0, 1, 2, .., the sum of these, or of
 *          their rounded squares, and the OR of all flags. A warp has there its only node: lane 0 of its butterfly, with the flags of the lanes besides.
 * Proof    1. Words: as in `../fold/air.ts`, with `index` counting rows.
 *          2. A node of the row whose right half has no word is its left half; else it is the sum of both. Since words are
 *             taken from the first on, this is pairwise summation (`../semantics.ts`).
 *          3. Leaf i of a warp is lane i with its bits reversed: neighbours differ in bit 4 of the lane, then in bit 3, as
 *             xor-shuffles by 16, 8, 4, 2, 1 pair them. Addition is commutative, NaN included, so that each of both lanes
 *             has this sum.
 *          4. Squares: a row starts 32 lanes as +0 for its words, 1 to 32, and takes them back with none remaining. As these
 *             are less than p, that is one row of the fold (`../fold/air.ts`, 1): lane k is x_k * x_k + 0, the rounded
 *             square, and +0 without a word. The addresses of a call's rows differ, so each takes its own lanes back; the
 *             call starts none, so no row of a warp takes them.
 * Padding  all zero: no word is taken, silent on every bus.
 */
import { array, bit, defineAir, given } from '../../../stark/air/air.ts';
import { constant, type Expr, sum } from '../../../stark/air/expr.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { HINT_BUS } from '../../../vm/buses.ts';
import { FLAGS_BUS } from '../../../vm/chips/csr/flags-table.ts';
import { FP32_ADD_BUS } from '../../fp32-add/bus.ts';
import { NODE_BUS, TREE_BUS, TREE_CHIP, WARP_BUS, WORDS_BUS } from '../bus.ts';
import { BLOCK_WORDS, childrenOf, FOLDS, LANES, laneOfLeaf, RAM_TIME, TREE_NODES } from '../constants.ts';

const STATE = 'the bus of the kind';
const SUM = 'fp32-add: a limb, or the left half';
export const fp32TreeAir = defineAir({
  name: TREE_CHIP,
  columns: {
    isWarp: bit('1 for the lanes of a warp'),
    fromHint: bit('1 for words of the hint tape'),
    fromRam: bit('1 for words in RAM'),
    hintSquares: bit('1 for squares of words of the hint tape'),
    ramSquares: bit('1 for squares of words in RAM'),
    clk: given(STATE, 'time of the call'),
    address: given(STATE, 'address of the first word of the row, or after those of the lanes'),
    remaining: given(STATE, 'words to go, those of the row included'),
    index: given(STATE, 'number of the row in its sum, 0 for a warp'),
    fold: given('the bus of lanes', 'which fold the lanes are of'),
    lanesInRam: given('the bus of lanes', '1 if the words of the lanes were in RAM'),
    before: given('the bus of lanes: below 2^5', 'flags that lanes or squares raised, 0 for words'),
    take: array(LANES, bit('1 for a word that is taken')),
    leaf: array(
      2 * LANES,
      given('the hint bus, ram-words or lanes: limbs, without effect unless taken', 'words, squares or lanes'),
    ),
    out: array(2 * TREE_NODES, given(SUM, 'nodes: those of leaves first, the root last')),
    raised: array(TREE_NODES, given('fp32-add, without effect if there is no right half', 'flags of each node')),
    accrued: array(TREE_NODES, given('flags: below 2^5, or as before', 'flags raised up to each node')),
  },
  define({ local, assertZero, send, receive }) {
    const { isWarp, fromHint, fromRam, hintSquares, ramSquares, clk, address, remaining, index, before } = local;
    const { take, leaf, out, raised, accrued } = local;
    const isReal = take[0]!;
    const [ofWords, ofSquares] = [fromHint.plus(fromRam), hintSquares.plus(ramSquares)];
    const isPairwise = ofWords.plus(ofSquares);
    const rest = remaining.minus(sum(take));
    assertZero('the row is of one kind', isWarp.plus(isPairwise).minus(isReal));

    const state = (at: Expr, left: Expr, row: Expr) => [ofSquares, clk, fromRam.plus(ramSquares), at, left, row];
    receive('the sum was left in this state', TREE_BUS, { given: state(address, remaining, index) }, isPairwise);
    send(
      'the sum is left in the next state',
      TREE_BUS,
      { claimed: state(address.plus(LANES), rest, index.plus(1)) },
      isPairwise,
    );
    assertZero('words raise no flags', ofWords.times(before));
    const squares = [FOLDS.squares, clk, ramSquares];
    const zeros = new Array<number>(2 * LANES).fill(0);
    send('squares start as zeros', WARP_BUS, { claimed: [...squares, address, sum(take), 0, ...zeros] }, ofSquares);
    receive(
      'the squares are those of the words',
      WARP_BUS,
      { given: [...squares, address.plus(LANES), 0, before, ...leaf] },
      ofSquares,
    );
    const lanes = Array.from({ length: LANES }, (_, lane) => laneOfLeaf(lane)).flatMap((i) =>
      leaf.slice(2 * i, 2 * i + 2),
    );
    receive(
      'the lanes are left with these words',
      WARP_BUS,
      { given: [local.fold, clk, local.lanesInRam, address, 0, before, ...lanes] },
      isWarp,
    );
    assertZero('all lanes are taken', isWarp.times(take.at(-1)!.not()));
    assertZero('a warp has one node', isWarp.times(index));
    for (let k = 1; k < LANES; k++)
      assertZero(`word ${k} comes after word ${k - 1}`, take[k]!.times(take[k - 1]!.not()));
    assertZero('words are left out only if none remain', rest.times(isReal.minus(take.at(-1)!)));
    for (let block = 0; block < LANES / BLOCK_WORDS; block++) {
      const first = block * BLOCK_WORDS;
      const words = leaf.slice(2 * first, 2 * (first + BLOCK_WORDS));
      const asked = take[first]!;
      const hintBlock = address.times(inverse(felt(BLOCK_WORDS))).plus(block);
      send(`block ${block} is on the hint tape`, HINT_BUS, { given: [hintBlock, ...words] }, asked.times(fromHint));
      const count = sum(take.slice(first, first + BLOCK_WORDS));
      send(
        `block ${block} is in RAM`,
        WORDS_BUS,
        { given: [clk.plus(RAM_TIME), address.plus(first), count, ...words] },
        asked.times(fromRam),
      );
    }

    const entries = [...leaf, ...out];
    for (let n = 0; n < TREE_NODES; n++) {
      const { left, right, rightLeaf } = childrenOf(n);
      const [a, b, result] = [left, right, LANES + n].map((i) => entries.slice(2 * i, 2 * i + 2)) as [
        Expr[],
        Expr[],
        Expr[],
      ];
      const [active, flags] = [take[rightLeaf]!, accrued[n - 1] ?? before];
      send(`node ${n} is the sum`, FP32_ADD_BUS, { given: [0, 0, ...a, ...b, ...result, raised[n]!] }, active);
      send(`the flags of node ${n} accrue`, FLAGS_BUS, { given: [flags, raised[n]!], claimed: [accrued[n]!] }, active);
      assertZero(
        `without a right half node ${n} has the low limb of the left`,
        active.not().times(result[0]!.minus(a[0]!)),
      );
      assertZero(
        `without a right half node ${n} has the high limb of the left`,
        active.not().times(result[1]!.minus(a[1]!)),
      );
      assertZero(`without a right half node ${n} raises nothing`, active.not().times(accrued[n]!.minus(flags)));
    }
    send(
      'the sum of the row is a node',
      NODE_BUS,
      { claimed: [clk, constant(0), index, accrued.at(-1)!, ...out.slice(-2)] },
      isReal,
    );
  },
});
