import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { felt, inverse, mul, P, reduce } from '../../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { trapOf } from '../../../test/support/trap.ts';
import { haltAir } from './air.ts';
import { SYSTEM_INSTRUCTIONS } from './execute.ts';
import { haltChip } from './trace.ts';

const run = (step: Step) => stepped(SYSTEM_INSTRUCTIONS, [haltChip], [step]);
const exit = (a0: number, a7 = 93): Step => ({ mnemonic: 'ecall', registers: { 10: a0, 17: a7 } });

describe('executor', () => {
  test.each([0, 1, 0xffff_ffff])('halts with exit code %i', (code) => {
    const { machine, trace } = run(exit(code));
    expect(machine.exitCode).toBe(code);
    expect(messages(haltAir, trace(haltChip), 'the exit code is a0')).toEqual([[code & 0xffff, code >>> 16]]);
  });

  test.each([0, 64, 94, 0x1_005d])('traps on call %i', (call) => {
    expect(trapOf(() => run(exit(0, call)))).toMatchObject({
      cause: 'unknown-environment-call',
      detail: `a7 = ${call}, expected 93`,
    });
  });

  test('traps on ebreak', () => expect(trapOf(() => run({ mnemonic: 'ebreak' }))?.cause).toBe('breakpoint'));
});

test('an honest trace satisfies every constraint, and padding too', () => {
  forAll(u32(), (code) => {
    const { main } = run(exit(code)).trace(haltChip);
    expect(violations(haltAir, { main: [...main, ...paddingRow(haltChip).main] })).toEqual([]);
  });
});

const [AT, PROGRAM, EXIT] = [
  'the machine is at this instruction',
  'the program has this instruction',
  'the exit code is a0',
];
const memory = ['a7', 'a0'].flatMap((name) => [
  `${name} holds the value last written`,
  `${name} is left with its value`,
]);
const honest = run(exit(0x0002_0003)).trace(haltChip);
const row = honest.main[0]!;
const padding = row.map(() => 0);
const cell = (name: string): number => cells(haltAir, honest, name)[0]!;
const forge = (changes: Record<string, number>, rows: Rows = honest) => withCells(haltAir, rows, 0, changes);
const never = (claim: string, rows: Rows, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: rows,
  forged: rows,
  rejectedBy,
});

const forgeries: Forgery[] = [
  {
    claim: 'the run halts twice, with two exit codes',
    honest: { main: [row, padding] },
    forged: { main: [row, row] },
    rejectedBy: [AT, ...memory, EXIT],
  },
  {
    claim: 'the run does not halt',
    honest,
    forged: { main: [padding] },
    rejectedBy: [AT, ...memory, EXIT],
  },
  never('a row of weight 2: two states end in one row', forge({ isReal: 2 }), 'isReal is a bit'),
  {
    claim: 'another exit code than a0 holds, which the statement says',
    honest,
    forged: forge({ a0Lo: 0, a0Hi: 0 }),
    rejectedBy: ['a0 holds the value last written', EXIT],
  },
  {
    claim: 'the run halts at an instruction that is no ecall',
    honest,
    forged: forge({ pc: cell('pc') + 4 }),
    rejectedBy: [AT, PROGRAM],
  },
  {
    claim: 'the run halts where the machine is not',
    honest: { main: [row, withCells(haltAir, honest, 0, { pc: cell('pc') + 4 }).main[0]!] },
    forged: { main: [row, row] },
    rejectedBy: [AT],
  },
  ...['a7', 'a0'].flatMap((name, after): Forgery[] => {
    const [before, low, high] = [`${name}Clk`, `${name}AgeLo`, `${name}AgeHi`];
    const holds = `${name} holds the value last written`;
    return [
      never(
        `${name} has another age than its times say`,
        forge({ [low]: cell(low) + 1 }),
        `${name} was last accessed before`,
      ),
      {
        claim: `${name} is taken from an access that never was, one unit earlier`,
        honest,
        forged: forge({ [before]: cell(before) - 1, [low]: cell(low) + 1 }),
        rejectedBy: [holds],
      },
      never(
        `the low limb of the age of ${name} takes over the high one`,
        forge({ [low]: cell(low) + 2 ** 16 * cell(high), [high]: 0 }),
        `${low} is below 2^16`,
      ),
      never(
        `${name} is taken from the future`,
        forge({ [before]: cell('clk') + after, [low]: 2 ** 16 - 1, [high]: P - 1 }),
        `${high} is below 2^13`,
      ),
      never(
        `the high limb of the age of ${name} is a quotient by 2^16`,
        forge({ [low]: cell(low) + 1, [high]: mul(reduce(cell(high) * 2 ** 16 - 1), inverse(felt(2 ** 16))) }),
        `${high} is below 2^13`,
      ),
    ];
  }),
];
describeForgeries(haltAir, forgeries, {
  neverAlone: {
    [PROGRAM]: 'the state that the row takes has its pc: with another program the machine would be elsewhere',
    ...Object.fromEntries(
      ['a7', 'a0'].map((name) => [`${name} is left with its value`, 'address and value are those received']),
    ),
    [EXIT]: 'the exit code is what a0 holds, which the memory bus fixes',
  },
});
