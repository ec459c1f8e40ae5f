/** Events of chips that no single instruction on random operands reaches: several in a row, or operands of some size. */
import type { Machine } from '../machine/machine.ts';
import { REGISTER } from '../vm/space.ts';
import { type DirectedStep, directedEvent, type HonestEvent } from './honest.ts';
import { type Random, seeded } from './random.ts';
import { emptyProgram } from './step.ts';

interface Directed {
  readonly steps: readonly DirectedStep[];
  /** Words of the registers before, by address. */
  readonly registers: Readonly<Record<number, number>>;
}

const BLOCK_BYTES = 32;
const [A0, A1, B0, B1, BLOCKS] = [10, 11, 12, 13, 14];

/** Four dot products over the same blocks, one after the other: where no operand is special, they share rows. */
const dotTile = (random: Random): Directed => {
  const place = (): number => BLOCK_BYTES * random.below(30);
  const pairs = [
    [A0, B0],
    [A0, B1],
    [A1, B0],
    [A1, B1],
  ] as const;
  return {
    steps: pairs.map(([rs1, rs2], rd) => ({
      mnemonic: 'bf16.dot.hopper',
      fields: { rd, rs1, rs2, rs3: BLOCKS },
    })),
    registers: {
      ...{ [A0]: place(), [A1]: place(), [B0]: place(), [B1]: place(), [BLOCKS]: 1 + random.below(2) },
      // The accumulators: 0, or a number near 1.
      ...Object.fromEntries(
        pairs.map((_, i) => [REGISTER.f0 + i, random.below(2) * (0x3f00_0000 + random.below(2 ** 24))]),
      ),
    },
  };
};

/** A dot product onto an infinity or a subnormal number. */
const dotOnto =
  (model: string) =>
  (random: Random): Directed => ({
    steps: [{ mnemonic: `bf16.dot.${model}`, fields: { rd: 0, rs1: A0, rs2: B0, rs3: BLOCKS } }],
    registers: {
      ...{ [A0]: BLOCK_BYTES * random.below(30), [B0]: BLOCK_BYTES * random.below(30), [BLOCKS]: 1 },
      [REGISTER.f0]: random.pick([0x7f80_0000, 0x0000_0001, 0x7fc0_0000]),
    },
  });

/** More words than the leaves of one tree: there are nodes above. */
const pairwiseSum = (random: Random): Directed => ({
  steps: [{ mnemonic: 'fp32.sum.pairwise.ram', fields: { rd: 0, rs1: A0, rs2: B0 } }],
  registers: { [A0]: 4 * emptyProgram.ramBase, [B0]: 33 + random.below(64) },
});

const RARE: Readonly<Record<string, (random: Random) => Directed>> = {
  'bf16-dot-tile': dotTile,
  'bf16-dot-fma-slow': dotOnto('fma'),
  'bf16-dot-amx-slow': dotOnto('amx'),
  'fp32-tree-node': pairwiseSum,
};

/** Not every draw gives the chip a row: a tile needs four finite blocks. */
const DRAWS = 8;

/**
 * At most `count` events that give the chip rows, with the rows of this chip alone; none for chips that random
 * instructions reach.
 */
export function rareEvents(machine: Machine, chip: string, count: number, seed: number): HonestEvent[] {
  const draw = RARE[chip];
  if (draw === undefined || !machine.chips.has(chip)) return [];
  const random = seeded(seed);
  const events: HonestEvent[] = [];
  for (let i = 0; i < DRAWS * count && events.length < count; i++) {
    const { steps, registers } = draw(random);
    const event = directedEvent(machine, steps, registers, seed + i);
    const rows = event?.rows.get(chip);
    if (event !== undefined && rows !== undefined) events.push({ ...event, rows: new Map([[chip, rows]]) });
  }
  return events;
}
