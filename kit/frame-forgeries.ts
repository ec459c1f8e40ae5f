/**
 * The forgeries that every instruction chip has in common, those of its frame (`vm/chips/frame.ts`): another time,
 * another address, a row that stands for an instruction nobody executed. A chip's test adds its own.
 */
import type { Air } from '../stark/air/air.ts';
import type { Rows } from '../stark/air/check.ts';
import { felt, inverse, mul, P, reduce } from '../stark/field/koala-bear.ts';
import { cells, type Forgery, withCells } from './forgery.ts';

const EXECUTION = ['the machine is at this instruction', 'the machine goes on to the next instruction'];
const PROGRAM = 'the program has this instruction';

export interface FrameQuery {
  readonly air: Air;
  /** Row 0 is an executed instruction whose accesses are all 2^16 + 1 old, as `stepped` makes them. */
  readonly honest: Rows;
  /** Accesses whose columns are named by `accessColumns`, with their time after clk. */
  readonly accesses: Readonly<Record<string, number>>;
  /** Cells to change along with an access' address, for chips that derive something from it. */
  readonly alongAddress?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Cells to change along with isReal = 2 in row 0 and isReal = 0 in row 1, where isReal is in other constraints. */
  readonly alongWeight?: readonly [Readonly<Record<string, number>>, Readonly<Record<string, number>>];
  /** Interactions of an executed instruction on further buses whose tuples the other side fixes. */
  readonly alsoOn?: readonly string[];
}

/** Never the only ones to reject, with the reason. */
export const frameNeverAlone = (accesses: readonly string[]): Record<string, string> => ({
  'the machine goes on to the next instruction':
    'both its fields are claimed, so that it only counts, as often as the machine was at an instruction; that the next ' +
    'state is right is stated by constraints or by its own expressions',
  ...Object.fromEntries(
    accesses.map((name) => [
      `${name} is left with its value`,
      'its address is the one received from, and the value it claims is what the next access receives',
    ]),
  ),
});

export function frameForgeries(query: FrameQuery): Forgery[] {
  const { air, honest, accesses, alongAddress = {}, alongWeight = [{}, {}], alsoOn = [] } = query;
  const cell = (name: string): number => cells(air, honest, name)[0]!;
  const forged = (changes: Readonly<Record<string, number>>): Rows => withCells(air, honest, 0, changes);
  const names = Object.keys(accesses);
  const byMemory = names.flatMap((name) => [`${name} holds the value last written`, `${name} is left with its value`]);
  const first: Rows = { main: [honest.main[0]!] };
  const padding = first.main[0]!.map(() => 0);
  const twice: Rows = { main: [first.main[0]!, first.main[0]!] };
  const onward = Object.fromEntries(names.map((name) => [`${name}AgeLo`, cell(`${name}AgeLo`) + 4]));
  return [
    {
      claim: 'one row of weight 2 stands for two instructions',
      honest: twice,
      forged: withCells(air, withCells(air, twice, 0, { isReal: 2, ...alongWeight[0] }), 1, {
        isReal: 0,
        ...alongWeight[1],
      }),
      rejectedBy: ['isReal is a bit'],
    },
    {
      claim: 'the instruction runs four units of time later than the machine is at it',
      honest,
      forged: forged({ clk: cell('clk') + 4, ...onward }),
      rejectedBy: [EXECUTION[0]!],
    },
    {
      claim: 'a row of padding is an instruction that nobody executed',
      honest: { main: [first.main[0]!, padding] },
      forged: twice,
      rejectedBy: [...EXECUTION, ...byMemory, ...alsoOn],
    },
    {
      claim: 'an executed instruction is passed over: its row is padding',
      honest: first,
      forged: { main: [padding] },
      rejectedBy: [...EXECUTION, ...byMemory, ...alsoOn],
    },
    ...names.flatMap((name): Forgery[] => {
      const [age, before] = [`${name}AgeLo`, `${name}Clk`];
      const holds = `${name} holds the value last written`;
      const shifted = mul(reduce(cell(`${name}AgeHi`) * 2 ** 16 - 1), inverse(felt(2 ** 16)));
      return [
        {
          claim: `${name} has another age than its times say`,
          honest,
          forged: forged({ [age]: cell(age) + 1 }),
          rejectedBy: [`${name} was last accessed before`],
        },
        {
          claim: `${name} is taken from an access that never was, one unit earlier`,
          honest,
          forged: forged({ [before]: cell(before) - 1, [age]: cell(age) + 1 }),
          rejectedBy: [holds],
        },
        {
          claim: `the low limb of the age of ${name} takes over the high one`,
          honest,
          forged: forged({ [age]: 2 ** 16, [`${name}AgeHi`]: 0 }),
          rejectedBy: [`${age} is below 2^16`],
        },
        {
          claim: `the high limb of the age of ${name} is a quotient by 2^16`,
          honest,
          forged: forged({ [age]: 1, [`${name}AgeHi`]: shifted }),
          rejectedBy: [`${name}AgeHi is below 2^13`],
        },
        {
          claim: `${name} is taken from the future: an age of -1`,
          honest,
          forged: forged({
            [before]: cell('clk') + accesses[name]!,
            [age]: 2 ** 16 - 1,
            [`${name}AgeHi`]: P - 1,
          }),
          rejectedBy: [`${name}AgeHi is below 2^13`, holds],
        },
        ...(air.main.some((column) => column.name === `${name}Address`)
          ? [
              {
                claim: `${name} is another register`,
                honest,
                forged: forged({ [`${name}Address`]: cell(`${name}Address`) + 17, ...alongAddress[name] }),
                rejectedBy: [PROGRAM, holds, `${name} is left with its value`],
              },
            ]
          : []),
      ];
    }),
  ];
}

/**
 * rs1 and rs2 change places, addresses and times: what the memory bus sees is the same if both hold the same value. Row 0
 * accesses rs1 at clk and rs2 at clk + 1.
 */
export function swapOperands(air: Air, rows: Rows): Rows {
  const cell = (name: string): number => cells(air, rows, name)[0]!;
  const age = (name: string, now: number, before: number) => ({
    [`${name}AgeLo`]: (now - before - 1) % 2 ** 16,
    [`${name}AgeHi`]: Math.floor((now - before - 1) / 2 ** 16),
  });
  return withCells(air, rows, 0, {
    rs1Address: cell('rs2Address'),
    rs1Clk: cell('rs2Clk'),
    ...age('rs1', cell('clk'), cell('rs2Clk')),
    rs2Address: cell('rs1Address'),
    rs2Clk: cell('rs1Clk'),
    ...age('rs2', cell('clk') + 1, cell('rs1Clk')),
  });
}
