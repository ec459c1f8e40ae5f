import { expect, test } from 'vitest';
import type { Rows } from '../../../stark/air/check.ts';
import { reduce } from '../../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { digestProgram } from '../../../test/support/digest-forgeries.ts';
import { cells, describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { stepped } from '../../../test/support/step.ts';
import { type Block, blockForgeries, blockNeverAlone } from '../../../test/support/word-block-forgeries.ts';
import { SHA256_INSTRUCTIONS } from '../execute.ts';
import { sha256CallAir as air } from './air.ts';
import { sha256CallChip } from './trace.ts';

const [STATE, MESSAGE] = [0x0002_0000, 0x0002_0100];
const BLOCKS: readonly Block[] = [
  { name: 'state', words: 8, pointer: 'rs1' },
  { name: 'message', words: 16, pointer: 'rs2' },
];
const words = (address: number, values: readonly number[]): Record<number, number> =>
  Object.fromEntries(values.map((value, i) => [address / 4 + i, value]));
const honest: Rows = stepped(
  SHA256_INSTRUCTIONS,
  [sha256CallChip],
  [
    {
      mnemonic: 'sha256.compress',
      fields: { rs1: 1, rs2: 2 },
      registers: { 1: STATE, 2: MESSAGE },
      ram: {
        // Every limb of the sum has a carry.
        ...words(STATE, Array(8).fill(0xffff_ffff)),
        ...words(
          MESSAGE,
          Array.from({ length: 16 }, (_, i) => 0x0101_0101 * i),
        ),
      },
    },
  ],
).trace(sha256CallChip);

const [takesMessage, takesState, leaves] = [
  'the schedule takes the message',
  'the rounds take the state before',
  'the rounds leave what the state grows by',
];
const limb = (i: number): number => cells(air, honest, `after[${i}]`)[0]!;
const carry = (i: number): number => cells(air, honest, `carry[${i}]`)[0]!;
const forge = (claim: string, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest,
  forged: withCells(air, honest, 0, changes),
  rejectedBy,
});

test('the keys are 17 to an instruction', () => {
  const [[key]] = messages(air, honest, takesState) as [[number]];
  expect([key, messages(air, honest, takesMessage)[0]![0], messages(air, honest, leaves)[0]![0]]).toEqual([
    17 * 2 ** 14,
    17 * 2 ** 14 + 1,
    17 * 2 ** 14 + 16,
  ]);
});

const forgeries: Forgery[] = [
  ...blockForgeries({ air, honest, blocks: BLOCKS, alsoOn: [takesMessage, takesState, leaves] }),
  ...[...Array(16).keys()].flatMap((i): Forgery[] => {
    // What a carry of this limb gives, the next limb of the word pays.
    const paid = (by: number): Record<string, number> => (i % 2 === 0 ? { [`after[${i + 1}]`]: limb(i + 1) + by } : {});
    const fits = (unit: number): boolean =>
      [limb(i) + unit, i % 2 === 0 ? limb(i + 1) + unit * 0x7f00 : 0].every((value) => value >= 0 && value < 2 ** 16);
    const unit = fits(1) ? 1 : -1;
    return [
      forge(`limb ${i} of the state after is another one`, { [`after[${i}]`]: limb(i) ^ 1 }, leaves),
      // after + 2^16 (carry - 1): the same total, with 2^16 more in the limb.
      forge(
        `limb ${i} of the state after keeps its carry`,
        {
          [`after[${i}]`]: limb(i) + 2 ** 16 * (carry(i) === 1 ? 1 : -1),
          [`carry[${i}]`]: 1 - carry(i),
          ...paid(carry(i) === 1 ? -1 : 1),
        },
        `after[${i}] is below 2^16`,
      ),
      // One unit in the limb for a carry of -1 / 2^16 = 0x7f00, which the next limb pays.
      forge(
        `limb ${i} of the state after is off by one, and its carry no bit`,
        {
          [`after[${i}]`]: limb(i) + unit,
          [`carry[${i}]`]: reduce(carry(i) + unit * 0x7f00),
          ...paid(unit * 0x7f00),
        },
        `carry[${i}] is a bit`,
      ),
    ];
  }),
];

describeForgeries(air, forgeries, {
  tables: digestProgram(air, honest),
  neverAlone: {
    ...blockNeverAlone(BLOCKS),
    [takesMessage]: 'its words are claimed, and its key has the time that the machine is at',
    [takesState]: 'its words are claimed, and its key has the time that the machine is at',
  },
});

test('no second state for the same words of the rounds', () => {
  const memory = BLOCKS.flatMap(({ name }) => [`${name}Limbs`, `${name}AgeLo`, `${name}AgeHi`]);
  const registers = ['rs1', 'rs2'].flatMap((name) => ['Address', 'Lo', 'Hi', 'Clk'].map((part) => name + part));
  const inputs = ['isReal', 'pc', 'clk', ...registers, ...memory];
  // What the rounds leave is a bus of peers: here it is among the inputs by its linear form, limb by limb.
  for (let i = 0; i < 16; i++) {
    const others = [...Array(16).keys()].filter((k) => k !== i).flatMap((k) => [`after[${k}]`, `carry[${k}]`]);
    const second = findSecondWitness(air, {
      honest,
      inputs: [...inputs, ...others, `carry[${i}]`],
      outputs: [`after[${i}]`],
      tries: 5,
    });
    if (second !== undefined) expect(messages(air, second, leaves)).not.toEqual(messages(air, honest, leaves));
  }
});
