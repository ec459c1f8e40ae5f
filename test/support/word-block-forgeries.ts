/** The forgeries of `vm/chips/word-block.ts`, and those of an instruction with two pointers to blocks. */
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { felt, inverse, mul, reduce } from '../../stark/field/koala-bear.ts';
import { cells, type Forgery, withCells } from './forgery.ts';
import { frameForgeries, frameNeverAlone } from './frame-forgeries.ts';

export interface Block {
  readonly name: string;
  readonly words: number;
  /** The register that points to it. */
  readonly pointer: 'rs1' | 'rs2';
}

export interface BlockQuery {
  readonly air: Air;
  /** One row, accesses 2^16 or more old, as `stepped` makes them. */
  readonly honest: Rows;
  readonly blocks: readonly Block[];
  /** Interactions on further buses of an executed instruction, whose given fields have its time. */
  readonly alsoOn?: readonly string[];
}

const numbers = (count: number): number[] => [...Array(count).keys()];
const holds = ({ name }: Block, i: number): string => `word ${i} of ${name} holds the value last written`;
const left = ({ name }: Block, i: number): string => `word ${i} of ${name} is left with its value`;
const accessesOf = (block: Block): string[] => numbers(block.words).flatMap((i) => [holds(block, i), left(block, i)]);

/** Never the only ones to reject, with the reason. */
export const blockNeverAlone = (blocks: readonly Block[]): Record<string, string> => ({
  ...frameNeverAlone(['rs1', 'rs2']),
  ...Object.fromEntries(
    blocks.flatMap((block) =>
      numbers(block.words).map((i) => [
        left(block, i),
        'its address is the one received from, and the value it claims is what the next access receives',
      ]),
    ),
  ),
});

export function blockForgeries({ air, honest, blocks, alsoOn = [] }: BlockQuery): Forgery[] {
  const cell = (name: string): number => cells(air, honest, name)[0]!;
  const words = blocks.flatMap(accessesOf);
  const forge = (claim: string, changes: Record<string, number>, rejectedBy: readonly string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(air, honest, 0, changes),
    rejectedBy,
  });
  const asked = (claim: string, changes: Record<string, number>, rejectedBy: readonly string[]): Forgery => {
    const forged = withCells(air, honest, 0, changes);
    return { claim, honest: forged, forged, rejectedBy };
  };
  const aged = Object.fromEntries([
    ...['rs1AgeLo', 'rs2AgeLo'].map((name) => [name, cell(name) + 4] as const),
    ...blocks.flatMap(({ name, words: count }) =>
      numbers(count).map((i) => [`${name}AgeLo[${i}]`, cell(`${name}AgeLo[${i}]`) + 4] as const),
    ),
  ]);
  return [
    ...frameForgeries({ air, honest, accesses: { rs1: 0, rs2: 1 } })
      .filter(({ claim }) => !/four units|weight 2/.test(claim))
      .map((f) => (/padding/.test(f.claim) ? { ...f, rejectedBy: [...f.rejectedBy, ...words, ...alsoOn] } : f)),
    asked('one row of weight 2 stands for two instructions', { isReal: 2 }, ['isReal is a bit']),
    forge('the instruction runs four units later than the machine is at it', { clk: cell('clk') + 4, ...aged }, [
      'the machine is at this instruction',
      ...alsoOn,
    ]),
    forge('the same instruction in the next place of the program runs instead', { pc: cell('pc') + 4 }, [
      'the machine is at this instruction',
    ]),
    asked('the machine is where the program has another instruction', { pc: cell('pc') + 8 }, [
      'the program has this instruction',
    ]),
    ...blocks.flatMap((block): Forgery[] => {
      const { name, pointer } = block;
      return [
        asked(`${pointer} is no multiple of 4`, { [`${pointer}Lo`]: 2 }, [`${pointer} is a multiple of 4`]),
        forge(`${name} is elsewhere than ${pointer} says`, { [`${pointer}Lo`]: cell(`${pointer}Lo`) + 64 }, [
          `${pointer} holds the value last written`,
          ...accessesOf(block),
        ]),
        ...numbers(block.words).flatMap((i): Forgery[] => {
          const [lo, hi] = [`${name}AgeLo[${i}]`, `${name}AgeHi[${i}]`];
          const shifted = mul(reduce(cell(hi) * 2 ** 16 - 1), inverse(felt(2 ** 16)));
          return [
            forge(`word ${i} of ${name} is taken from an access that never was`, { [lo]: cell(lo) + 1 }, [
              holds(block, i),
            ]),
            forge(
              `word ${i} of ${name}: the low limb of the age takes over the high one`,
              { [lo]: cell(lo) + 2 ** 16, [hi]: cell(hi) - 1 },
              [`${lo} is below 2^16`],
            ),
            forge(
              `word ${i} of ${name}: the high limb of the age is a quotient by 2^16`,
              { [lo]: cell(lo) + 1, [hi]: shifted },
              [`${hi} is below 2^13`],
            ),
          ];
        }),
      ];
    }),
  ];
}
