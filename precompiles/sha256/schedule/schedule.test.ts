import { expect, test } from 'vitest';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { felt, inverse, mul, reduce } from '../../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { seeded } from '../../../test/support/random.ts';
import { schedule, smallSigma0, smallSigma1 } from '../semantics.ts';
import { sha256ScheduleAir as air, NUM_PARTS } from './air.ts';

const KEY = 17 * 9 + 1;
const random = seeded(180);
const MESSAGE = Array.from({ length: 16 }, () => random.below(2 ** 32));

/** Rows of a schedule whose words may be false: carries are those of its terms, as far as there are such. */
function rowsOf(w: ArrayLike<number>, parts = NUM_PARTS): Rows {
  const main = Array.from({ length: parts }, (_, part) => {
    const words = Array.from({ length: 16 }, (_, j) => w[16 * part + j]!);
    const carry = words.flatMap((_, j) => {
      const t = 16 * part + j;
      if (part === 0) return [0, 0];
      const terms = [smallSigma1(w[t - 2]!), w[t - 7]!, smallSigma0(w[t - 15]!), w[t - 16]!];
      const low = terms.reduce((total, term) => total + (term & 0xffff), 0) >>> 16;
      return [low, terms.reduce((total, term) => total + (term >>> 16), low) >>> 16];
    });
    return air.encode({
      part: Array.from({ length: NUM_PARTS }, (_, i) => (i === part ? 1 : 0)),
      key: KEY + 4 * part,
      w: words.flatMap((word) => Array.from({ length: 32 }, (_, i) => (word >>> i) & 1)),
      carry,
    });
  });
  return { main };
}
const words = schedule(MESSAGE);
const whole = rowsOf(words);
const first = rowsOf(words, 1);
const two = rowsOf(words, 2);
const padding = new Array<number>(air.main.length).fill(0);

test('an honest schedule is accepted, and every constant is added once', () => {
  expect(violations(air, { main: [...whole.main, padding, ...whole.main, padding] })).toEqual([]);
  const sent = [0, 1, 2, 3].map((i) =>
    messages(air, whole, `rounds ${4 * i} to ${4 * i + 3} of the part take these words`),
  );
  // FIPS 180-4: K_0 = 0x428a2f98, K_63 = 0xc67178f2.
  expect(sent[0]![0]!.slice(0, 3)).toEqual([KEY, (words[0]! & 0xffff) + 0x2f98, (words[0]! >>> 16) + 0x428a]);
  expect(sent[3]![3]![0]).toBe(KEY + 15);
  expect(sent[3]![3]!.slice(-2)).toEqual([(words[63]! & 0xffff) + 0x78f2, (words[63]! >>> 16) + 0xc671]);
});

/** The machine asks for just this. */
const asked = (claim: string, forged: Rows, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: forged,
  forged,
  rejectedBy,
});
const bitName = (word: number, bit: number): string => `w[${32 * word + bit}]`;

/** Bit `bit` of a word is what makes up for another false bit of its limb: no bit, in a limb with its value. */
function noBit(word: number, bit: number): Forgery {
  const other = bit % 16 === 0 ? bit + 1 : bit - (bit % 16);
  const [own, moved] = [bitName(word, bit), bitName(word, other)];
  const value = cells(air, first, moved)[0]!;
  const change = (value === 1 ? 1 : -1) * 2 ** (other % 16);
  const forged = withCells(air, first, 0, {
    [moved]: 1 - value,
    [own]: reduce(cells(air, first, own)[0]! + mul(reduce(change), inverse(felt(2 ** (bit % 16))))),
  });
  return {
    claim: `bit ${bit} of word ${word} makes up for bit ${other}`,
    honest: first,
    forged,
    rejectedBy: [`${own} is a bit`],
  };
}

/** Words 16 to 31 with a false word `j`, and what follows from it. */
function falseWord(j: number, half: number): Forgery {
  const w = Uint32Array.from(words.subarray(0, 32));
  for (let t = 16; t < 32; t++) {
    if (t !== 16 + j) w[t] = smallSigma1(w[t - 2]!) + w[t - 7]! + smallSigma0(w[t - 15]!) + w[t - 16]!;
    else w[t] = w[t]! ^ (half === 0 ? 1 : 2 ** 16);
  }
  return {
    claim: `another limb ${half} of word ${16 + j}`,
    honest: two,
    forged: rowsOf(w, 2),
    rejectedBy: [`limb ${half} of word ${j} adds up`],
  };
}

const sends = [0, 1, 2, 3].map((i) => `rounds ${4 * i} to ${4 * i + 3} of the part take these words`);
const isMessage = 'the message is that of the instruction';
/** A later part above which there is padding: its words are those of the schedule of zeros. */
const alone = (part: number, changes: Record<string, number> = {}): Rows => ({
  main: [padding, withCells(air, { main: [padding] }, 0, { [`part[${part}]`]: 1, key: 4, ...changes }).main[0]!],
});
const forgeries: Forgery[] = [
  ...[...Array(16).keys()].flatMap((word) => [...Array(32).keys()].map((bit) => noBit(word, bit))),
  ...[...Array(16).keys()].flatMap((j) => [0, 1].map((half) => falseWord(j, half))),
  ...[...Array(32).keys()].map(
    (i): Forgery => ({
      claim: `carry ${i} is 4`,
      honest: first,
      forged: withCells(air, first, 0, { [`carry[${i}]`]: 4 }),
      rejectedBy: [`carry[${i}] is below 4`],
    }),
  ),
  ...[1, 2, 3].map((i) => asked(`part ${i} after padding`, alone(i), `part ${i} follows part ${i - 1}`)),
  ...[1, 2, 3].map((i) =>
    asked(
      `part ${i} counts -1 and another one 1: other constants`,
      withCells(air, first, 0, { [`part[${i}]`]: -1, [`part[${i === 3 ? 1 : i + 1}]`]: 1 }),
      `part[${i}] is a bit`,
    ),
  ),
  asked(
    'one row of weight 2',
    withCells(air, first, 0, { 'part[0]': 2 }),
    'part[0] is a bit',
    'a row is at most one part',
  ),
  asked('a row is part 0 and part 1', withCells(air, two, 1, { 'part[0]': 1 }), 'a row is at most one part'),
  asked(
    'the table starts with part 1',
    withCells(air, first, 0, { 'part[0]': 0, 'part[1]': 1 }),
    'the table starts with no later part',
  ),
  asked('the second part has the key of another block', withCells(air, two, 1, { key: KEY + 21 }), 'the key goes on'),
  {
    claim: 'another message than that of the instruction',
    honest: first,
    forged: rowsOf(schedule(MESSAGE.with(7, 1)), 1),
    rejectedBy: [isMessage],
  },
  {
    claim: 'the message of another instruction',
    honest: first,
    forged: withCells(air, first, 0, { key: KEY + 17 }),
    rejectedBy: [isMessage, ...sends],
  },
  {
    claim: 'padding is a schedule that nobody asked for',
    honest: { main: [padding] },
    forged: first,
    rejectedBy: [isMessage, ...sends],
  },
  {
    claim: 'the schedule ends after 16 words',
    honest: two,
    forged: { main: [two.main[0]!, padding] },
    rejectedBy: sends,
  },
];

describeForgeries(air, forgeries, {
  neverAlone: {
    'part[0] is a bit':
      'it is the sum of the parts, a bit, less the later ones, bits of which at most the next part is 1',
    ...Object.fromEntries(
      sends.map((name) => [name, 'its words are claimed, and its key is that of the message and of the row above']),
    ),
  },
});

test('no second schedule for the same message', () => {
  // The first row is the message: the second one must follow from it.
  const query = { honest: two, row: 1, inputs: ['part', 'key'], outputs: ['w'], tries: 40 };
  expect(findSecondWitness(air, query)).toBeUndefined();
  const without = [0, 1].flatMap((half) => [...Array(16).keys()].map((j) => `limb ${half} of word ${j} adds up`));
  expect(findSecondWitness(air, { ...query, without })).toBeDefined();
});
