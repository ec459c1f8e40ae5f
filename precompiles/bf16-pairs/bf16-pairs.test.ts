import { expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { executionOf } from '../../test/support/bf16-dot.ts';
import { describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { ANSWERS_NEVER_ALONE, answerForgeries, expectPairsOf } from '../../test/support/pair-answers.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { bf16PairsAir } from './air.ts';
import { BF16_PAIRS_CHIP, PAIRS, PAIRS_EVENT_WORDS } from './bus.ts';
import { bf16PairsChip } from './trace.ts';

const AIR = bf16PairsAir as unknown as Air;
const random = seeded(9);
const hints = Uint16Array.from({ length: 64 }, () => random.below(2 ** 16));
const ALL = 2 ** PAIRS - 1;

/** A row of blocks 1 and 3, or none. */
const rowOf = (mask: number, a = 1): Rows => {
  const log = new EventLog(PAIRS_EVENT_WORDS);
  const at = log.push();
  log.words.set([a, 3, mask], at);
  return traceOf(bf16PairsChip, { ...executionOf([], new Map([[BF16_PAIRS_CHIP, log]])), hints });
};

test('pairs are those of the tape, with the sums of exponents', () => {
  const rows = rowOf(ALL);
  expect(violations(AIR, { main: [...rows.main, ...paddingRow(bf16PairsChip).main] })).toEqual([]);
  expectPairsOf(hints, AIR, rows);
});

const none = rowOf(0);
const padding = paddingRow(bf16PairsChip);
const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two',
    honest: { main: [none.main[0]!, none.main[0]!] },
    forged: { main: [withCells(AIR, none, 0, { isReal: 2 }).main[0]!, padding.main[0]!] },
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'another first operand than is on the tape',
    honest: none,
    forged: withCells(AIR, none, 0, { 'aSignificand[3]': 1 }),
    rejectedBy: ['a is a hint block'],
  },
  {
    claim: 'another second operand than is on the tape',
    honest: none,
    forged: withCells(AIR, none, 0, { 'bExponent[3]': 1 }),
    rejectedBy: ['b is a hint block'],
  },
  ...answerForgeries(
    AIR,
    padding.main[0]!,
    rowOf,
    // The row with the operands of the tape hands nothing out; that with operands of its own does.
    (pair) => withCells(AIR, rowOf(1 << pair), 0, { isReal: 0, [`aSignificand[${2 * pair}]`]: 1 }).main[0]!,
  ),
];

describeForgeries(AIR, forgeries, {
  neverAlone: ANSWERS_NEVER_ALONE,
});
