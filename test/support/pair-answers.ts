/** What the two tables that hand out pairs of two blocks (`precompiles/bf16-pairs/bus.ts`) have in common in tests. */
import { expect } from 'vitest';
import { PAIRS } from '../../precompiles/bf16-pairs/bus.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { centred } from '../../stark/field/koala-bear.ts';
import { decodeBf16 } from '../../vm/chips/bf16-decode/decode.ts';
import { type Forgery, messages, withCells } from './forgery.ts';

export const EACH_PAIR = Array.from({ length: PAIRS }, (_, i) => i);

/** A row of blocks 1 and 3 that is asked for all pairs answers with those of the tape. */
export function expectPairsOf(hints: Uint16Array, air: Air, rows: Rows): void {
  for (const pair of EACH_PAIR) {
    const [a, b] = [16 + 2 * pair, 48 + 2 * pair];
    const of = (i: number): number[] => {
      const [x, y] = [decodeBf16(hints[a + i]!), decodeBf16(hints[b + i]!)];
      return [x.significand, y.significand, x.exponent + y.exponent];
    };
    const [message] = messages(air, rows, `pair ${pair} was asked for`);
    expect(message!.map(centred)).toEqual([a, b, ...of(0), ...of(1)]);
  }
}

/**
 * @param rowOf an honest row that hands out the pairs of a mask
 * @param paddingOf a row of padding that hands out a pair with operands of its own
 */
export function answerForgeries(
  air: Air,
  padding: readonly number[],
  rowOf: (mask: number) => Rows,
  paddingOf: (pair: number) => readonly number[],
): Forgery[] {
  const none = rowOf(0);
  return EACH_PAIR.flatMap((pair): Forgery[] => [
    {
      claim: `pair ${pair} is another than was asked for`,
      honest: rowOf(1 << pair),
      forged: rowOf(1 << ((pair + 1) % PAIRS)),
      rejectedBy: [`pair ${pair} was asked for`, `pair ${(pair + 1) % PAIRS} was asked for`],
    },
    {
      claim: `pair ${pair} is handed out by a row of padding`,
      honest: { main: [rowOf(1 << pair).main[0]!, padding] },
      forged: { main: [none.main[0]!, paddingOf(pair)] },
      rejectedBy: [`pair ${pair} is of a block`],
    },
    {
      claim: `one answer of weight 2 for pair ${pair}`,
      honest: { main: [rowOf(1 << pair).main[0]!, rowOf(1 << pair).main[0]!] },
      forged: { main: [withCells(air, none, 0, { [`isAsked[${pair}]`]: 2 }).main[0]!, none.main[0]!] },
      rejectedBy: [`isAsked[${pair}] is a bit`],
    },
  ]);
}

export const ANSWERS_NEVER_ALONE: Readonly<Record<string, string>> = Object.fromEntries(
  EACH_PAIR.map((pair) => [
    `pair ${pair} was asked for`,
    'elements follow from the blocks, which the tape has, and the answer is what the tape has: only its number can be false',
  ]),
);
