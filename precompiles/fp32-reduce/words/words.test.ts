import { expect, test } from 'vitest';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { cells, describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { paddingRow, traceOf } from '../../../test/support/step.ts';
import { EventLog } from '../../../vm/chip.ts';
import type { Execution } from '../../../vm/executor/execution.ts';
import type { Machine } from '../../../vm/executor/machine.ts';
import { Ram } from '../../../vm/executor/ram.ts';
import { WORDS_CHIP } from '../bus.ts';
import { BLOCK_WORDS } from '../constants.ts';
import { wordsAir as air } from './air.ts';
import { recordWords, wordsChip } from './trace.ts';

const TIME = 2 ** 17 + 3;
const AT = 0x4004;
const contentOf = (i: number): number => 0x1234_0000 + 257 * i;

/** A request of `count` words that were last accessed 2^16 + 2 before. */
function rowOf(count: number): Rows {
  const ram = new Ram();
  for (let i = 0; i < BLOCK_WORDS; i++) {
    ram.write(AT + i, contentOf(i));
    ram.touch(AT + i, TIME - 2 ** 16 - 2);
  }
  const log = new EventLog(wordsChip.eventWords);
  const machine = { log: () => log, ram, touchRam: (word: number, now: number) => ram.touch(word, now) };
  recordWords(machine as unknown as Machine, TIME, AT, count);
  return traceOf(wordsChip, { logs: new Map([[WORDS_CHIP, log]]) } as unknown as Execution);
}

const padding = paddingRow(wordsChip);
const each = Array.from({ length: BLOCK_WORDS }, (_, i) => i);
const ASKED = 'the words were asked for';
const [HOLDS, LEFT] = [
  (i: number) => `word ${i} holds the value last written`,
  (i: number) => `word ${i} is left with its value`,
];

test('requests of 1 to 8 words are accepted, touch these and no others, and answer with their values', () => {
  for (let count = 1; count <= BLOCK_WORDS; count++) {
    const rows = rowOf(count);
    expect(violations(air, { main: [...rows.main, ...padding.main] })).toEqual([]);
    const [answer] = messages(air, rows, ASKED);
    expect(answer!.slice(0, 3)).toEqual([TIME, AT, count]);
    for (const i of each) {
      const value = i < count ? contentOf(i) : 0;
      expect(answer!.slice(3 + 2 * i, 5 + 2 * i)).toEqual([value & 0xffff, value >>> 16]);
      const [lo, hi] = [value & 0xffff, value >>> 16];
      expect(messages(air, rows, HOLDS(i))).toEqual(i < count ? [[1, AT + i, lo, hi, TIME - 2 ** 16 - 2]] : []);
      expect(messages(air, rows, LEFT(i))).toEqual(i < count ? [[1, AT + i, lo, hi, TIME]] : []);
    }
  }
});

const full = rowOf(BLOCK_WORDS);
const forge = (rows: Rows, changes: Record<string, number>): Rows => withCells(air, rows, 0, changes);
const age = (i: number): number => cells(air, full, `ageLo[${i}]`)[0]!;

/** The other tables agree to whatever the row says: only the row itself can object. */
const never = (claim: string, rows: Rows, rejectedBy: string): Forgery => ({
  claim,
  honest: rows,
  forged: rows,
  rejectedBy: [rejectedBy],
});

const forgeries: Forgery[] = [
  {
    claim: 'another address: the block after it',
    honest: full,
    forged: forge(full, { address: AT + 8 }),
    rejectedBy: [...each.flatMap((i) => [HOLDS(i), LEFT(i)]), ASKED],
  },
  // What is left on the memory bus is the request alone, which nobody sent.
  {
    claim: 'words that nobody asked for',
    honest: padding,
    forged: { main: rowOf(1).main },
    rejectedBy: [HOLDS(0), LEFT(0), ASKED],
  },
  {
    claim: 'fewer words than were asked for: the last one is whatever it likes',
    honest: rowOf(2),
    forged: rowOf(1),
    rejectedBy: [HOLDS(1), LEFT(1), ASKED],
  },
  {
    claim: 'a request for no word of weight one: two words less two',
    honest: rowOf(1),
    forged: withCells(air, { main: [...rowOf(1).main, ...padding.main] }, 1, { 'isRead[2]': 1 }),
    rejectedBy: ['word 2 is read only after word 1', HOLDS(2), LEFT(2)],
  },
  ...each.flatMap((i): Forgery[] => [
    {
      claim: `word ${i} has another value`,
      honest: full,
      forged: forge(full, { [`limb[${2 * i}]`]: 1 }),
      rejectedBy: [HOLDS(i)],
    },
    {
      claim: `word ${i} has its value at another time`,
      honest: full,
      forged: forge(full, { [`ageLo[${i}]`]: age(i) + 1 }),
      rejectedBy: [HOLDS(i)],
    },
    never(
      `word ${i} has the value that it will have: the access before is a later one`,
      forge(full, { [`ageLo[${i}]`]: -3, [`ageHi[${i}]`]: 0 }),
      `ageLo[${i}] is below 2^16`,
    ),
    never(
      `the age of word ${i} is a low limb of 2^16`,
      forge(full, { [`ageLo[${i}]`]: 2 ** 16, [`ageHi[${i}]`]: 0 }),
      `ageLo[${i}] is below 2^16`,
    ),
    never(
      `word ${i} was last accessed 2^29 before, or later by the rest of the field`,
      forge(full, { [`ageHi[${i}]`]: 2 ** 13 }),
      `ageHi[${i}] is below 2^13`,
    ),
  ]),
  // Words 0 .. i - 2 and i in place of 0 .. i - 1: as many as were asked for, and word i - 1 is free.
  ...each
    .slice(1)
    .map((i) =>
      never(
        `word ${i - 1} is not read, but word ${i} is`,
        forge(rowOf(i + 1), { [`isRead[${i - 1}]`]: 0, [`limb[${2 * i - 2}]`]: 5 }),
        `word ${i} is read only after word ${i - 1}`,
      ),
    ),
  ...each.map((i) =>
    never(`word ${i} counts twice`, forge(rowOf(i + 1), { [`isRead[${i}]`]: 2 }), `isRead[${i}] is a bit`),
  ),
];

describeForgeries(air, forgeries, {
  neverAlone: {
    [ASKED]:
      'time, address and number are also those of the accesses, which the memory bus has, and the words are claimed',
    ...Object.fromEntries(
      each.map((i) => [
        LEFT(i),
        'its address is the one received from, and the value it claims is what the next access receives',
      ]),
    ),
  },
});
