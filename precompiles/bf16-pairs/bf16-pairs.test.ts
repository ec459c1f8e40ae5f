import { expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { centred } from '../../stark/field/koala-bear.ts';
import { executionOf } from '../../test/support/bf16-dot.ts';
import { describeForgeries, type Forgery, messages, withCells } from '../../test/support/forgery.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { decodeBf16 } from '../../vm/chips/bf16-decode/decode.ts';
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
  for (let pair = 0; pair < PAIRS; pair++) {
    const [a, b] = [16 + 2 * pair, 48 + 2 * pair];
    const of = (i: number): number[] => {
      const [x, y] = [decodeBf16(hints[a + i]!), decodeBf16(hints[b + i]!)];
      return [x.significand, y.significand, x.exponent + y.exponent];
    };
    const [message] = messages(AIR, rows, `pair ${pair} was asked for`);
    expect(message!.map(centred)).toEqual([a, b, ...of(0), ...of(1)]);
  }
});

const each = Array.from({ length: PAIRS }, (_, i) => i);
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
  ...each.flatMap((pair): Forgery[] => [
    {
      claim: `pair ${pair} is another than was asked for`,
      honest: rowOf(1 << pair),
      forged: rowOf(1 << ((pair + 1) % PAIRS)),
      rejectedBy: [`pair ${pair} was asked for`, `pair ${(pair + 1) % PAIRS} was asked for`],
    },
    {
      claim: `pair ${pair} is handed out by a row of padding`,
      honest: { main: [rowOf(1 << pair).main[0]!, padding.main[0]!] },
      // The row with the operands of the tape hands nothing out; that with operands of its own does.
      forged: {
        main: [
          none.main[0]!,
          withCells(AIR, rowOf(1 << pair), 0, { isReal: 0, [`aSignificand[${2 * pair}]`]: 1 }).main[0]!,
        ],
      },
      rejectedBy: [`pair ${pair} is of a block`],
    },
    {
      claim: `one answer of weight 2 for pair ${pair}`,
      honest: { main: [rowOf(1 << pair).main[0]!, rowOf(1 << pair).main[0]!] },
      forged: { main: [withCells(AIR, none, 0, { [`isAsked[${pair}]`]: 2 }).main[0]!, none.main[0]!] },
      rejectedBy: [`isAsked[${pair}] is a bit`],
    },
  ]),
];

describeForgeries(AIR, forgeries, {
  neverAlone: Object.fromEntries(
    each.map((pair) => [
      `pair ${pair} was asked for`,
      'elements follow from the blocks, which the tape has, and the answer is what the tape has: only its number can be false',
    ]),
  ),
});
