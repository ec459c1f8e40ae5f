/**
 * Nine words of RAM that a digest is written to: the instruction frame of `poseidon2.sponge` and `poseidon2.merkle`.
 * Both are `op rs1, rs2, rs3` with the byte address of the words in rs1 and a count in rs3.
 *
 * Assumes  the frame (`vm/chips/frame.ts`): limbs of registers and of RAM words are below 2^16 where they are received.
 * Ensures  rs1 is a multiple of 4 and rs3 is below 2^16; the nine words from rs1 on held `before`, modulo p each, and
 *          are left with the residues `after`.
 * Proof    rs1 = 4 (wordLow + 2^14 rs1Hi) has one solution with wordLow < 2^14, and the word address stays below
 *          2^30 + 9 < p. The nine addresses differ, so their accesses may share one time. A word written is lo + 2^16 hi
 *          with lo < 2^16, hi < 2^15 and 0x7f00 - hi in [0, 2^15), hence hi <= 0x7f00; where hi is 0x7f00 the gap is 0
 *          and lo is 0. So it is at most 0x7f00_0000 = p - 1: without the gap, digests of 2^24 - 1 or less would have
 *          a second encoding and the instruction two results.
 * Padding  isReal = 0, all cells zero: multiplicity 0 on every bus but the range checks of zeros.
 */
import { type AirBuilder, array, below, type Declaration, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { constant, type Expr, type Operand } from '../../stark/air/expr.ts';
import { access, accessColumns, frameColumns, instruction, namedAccess } from '../../vm/chips/frame.ts';
import { SPACE } from '../../vm/space.ts';
import { DIGEST_FELTS } from './constants.ts';

const onBus = (doc: string): Declaration<undefined> => given('the memory bus: limbs are checked where written', doc);
/** The high limb of p - 1, whose low limb is 0. */
const TOP = 0x7f00;

export const digestColumns = {
  ...frameColumns,
  ...accessColumns('rs1'),
  ...accessColumns('rs2'),
  ...accessColumns('rs3'),
  wordLow: below(14, 'low part of the address of the first word: (rs1 mod 2^16) / 4'),
  beforeLo: array(DIGEST_FELTS, onBus('low limb of a word before')),
  beforeHi: array(DIGEST_FELTS, onBus('high limb of a word before')),
  wordClk: array(DIGEST_FELTS, given('the memory bus', 'time of the last access to a word')),
  wordAgeLo: array(DIGEST_FELTS, u16('low limb of the time since the last access to a word, less one')),
  wordAgeHi: array(DIGEST_FELTS, below(13, 'high limb of the time since the last access to a word, less one')),
  afterLo: array(DIGEST_FELTS, u16('low limb of an element of the digest')),
  afterHi: array(DIGEST_FELTS, below(15, 'high limb of an element of the digest')),
  gapInverse: array(DIGEST_FELTS, given('free: only its being an inverse helps', '1 / (0x7f00 - afterHi), or 0')),
};

type DigestCells = {
  readonly [K in keyof typeof digestColumns]: (typeof digestColumns)[K]['size'] extends number ? readonly Expr[] : Expr;
};

/** Elements of the digest before and after, as residues. */
export interface DigestWords {
  readonly before: readonly Expr[];
  readonly after: readonly Expr[];
}

export function digestInstruction(
  builder: Pick<AirBuilder<never>, 'assertZero' | 'send' | 'receive'>,
  cells: DigestCells,
  op: Operand,
): DigestWords {
  const { isReal: active, pc, clk, wordLow, afterLo, afterHi, gapInverse } = cells;
  // The program table has no field for a third source: decoding puts it into rd, which these instructions do not have.
  const { rs1Address: rs1, rs2Address: rs2, rs3Address: rd } = cells;
  instruction(builder, { active, pc, clk, op, rs1, rs2, rd });
  namedAccess(builder, cells, 'rs1', { now: clk, active });
  namedAccess(builder, cells, 'rs2', { now: clk.plus(1), active });
  namedAccess(builder, cells, 'rs3', { now: clk.plus(3), active });
  builder.assertZero('rs1 is a multiple of 4', cells.rs1Lo.minus(wordLow.times(4)));
  builder.assertZero('rs3 is below 2^16', cells.rs3Hi);

  const firstWord = wordLow.plus(cells.rs1Hi.times(2 ** 14));
  for (let i = 0; i < DIGEST_FELTS; i++) {
    access(builder, {
      name: `word ${i}`,
      space: SPACE.ram,
      address: firstWord.plus(i),
      lo: cells.beforeLo[i]!,
      hi: cells.beforeHi[i]!,
      clk: cells.wordClk[i]!,
      ageLo: cells.wordAgeLo[i]!,
      ageHi: cells.wordAgeHi[i]!,
      now: clk.plus(2),
      written: { lo: afterLo[i]!, hi: afterHi[i]! },
      active,
    });
    const gap = constant(TOP).minus(afterHi[i]!);
    builder.send(`afterHi[${i}] is at most 0x7f00`, RANGE_BUS, { claimed: [15, gap] }, active);
    builder.assertZero(
      `afterLo[${i}] is 0 where afterHi[${i}] is 0x7f00`,
      afterLo[i]!.times(gap.times(gapInverse[i]!).minus(1)),
    );
  }
  const felts = (lo: readonly Expr[], hi: readonly Expr[]): Expr[] =>
    lo.map((limb, i) => limb.plus(hi[i]!.times(2 ** 16)));
  return { before: felts(cells.beforeLo, cells.beforeHi), after: felts(afterLo, afterHi) };
}
