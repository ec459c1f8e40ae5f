import { expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import { ADD_EVENT_WORDS, FP32_ADD_SPECIAL_CHIP } from '../fp32-add/bus.ts';
import { fp32DecodeTable } from '../fp32-decode/air.ts';
import { fp32AddSpecialAir } from './air.ts';
import { fp32AddSpecialChip } from './trace.ts';

const TABLES = {
  'fp32-decode': (tuple: readonly number[]): boolean => fp32DecodeTable.provider.positionOf(tuple) !== undefined,
};
type Addition = readonly [a: number, b: number, subtract?: boolean];
const rowsOf = (...additions: Addition[]): Rows => {
  const log = new EventLog(ADD_EVENT_WORDS);
  for (const [a, b, subtract = false] of additions) {
    const at = log.push();
    log.words.set([subtract ? 8 : 0, a, b], at);
  }
  return traceOf(fp32AddSpecialChip, { logs: new Map([[FP32_ADD_SPECIAL_CHIP, log]]) } as unknown as Execution);
};

const [ONE, INF, MINUS_INF, QUIET, SIGNALING] = [0x3f80_0000, 0x7f80_0000, 0xff80_0000, 0x7fc0_0001, 0xff80_0001];
const NAN_HIGH = 0x7fc0;

// RISC-V Unprivileged ISA, 21.3 (canonical NaN) and IEEE 754-2019, 6.1, 6.2, 7.2: result high limb and flags.
test.each([
  ['inf + 1', [INF, ONE], 0x7f80, 0],
  ['1 - inf', [ONE, INF, true], 0xff80, 0],
  ['-inf + -inf', [MINUS_INF, MINUS_INF], 0xff80, 0],
  ['inf - inf', [INF, INF, true], NAN_HIGH, 16],
  ['inf + -inf', [INF, MINUS_INF], NAN_HIGH, 16],
  ['a quiet NaN + 1', [QUIET, ONE], NAN_HIGH, 0],
  ['inf - a quiet NaN', [INF, QUIET, true], NAN_HIGH, 0],
  ['1 + a signaling NaN', [ONE, SIGNALING], NAN_HIGH, 16],
  ['a quiet NaN + a signaling NaN', [QUIET, SIGNALING], NAN_HIGH, 16],
] as const)('%s', (_, addition, high, flags) => {
  const rows = { main: [...rowsOf(addition).main, ...paddingRow(fp32AddSpecialChip).main] };
  expect(violations(fp32AddSpecialAir, rows)).toEqual([]);
  expect(objections(fp32AddSpecialAir, rows, rows, TABLES)).toEqual([]);
  expect(messages(fp32AddSpecialAir, rows, 'the addition was asked for')[0]!.slice(6)).toEqual([0, high, flags]);
});

const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest,
  forged: withCells(fp32AddSpecialAir, honest, 0, changes),
  rejectedBy,
});
/** The NaN, the infinity and the number as operand a, and as operand b. */
const sides = { a: (x: number) => rowsOf([x, ONE]), b: (x: number) => rowsOf([ONE, x]) };
/** No honest row: somebody asks for the sum of two numbers and takes an infinity. */
const numbers = withCells(fp32AddSpecialAir, rowsOf([ONE, ONE]), 0, { outHi: 0x7f80 });
const both = rowsOf([INF, INF]).main[0]!;

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two additions',
    honest: { main: [both, both] },
    forged: withCells(
      fp32AddSpecialAir,
      withCells(fp32AddSpecialAir, { main: [both, both] }, 0, { isReal: 2, outHi: 0x7f80 }),
      1,
      { isReal: 0 },
    ),
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'another addition than was asked for',
    honest: rowsOf([INF, ONE]),
    forged: rowsOf([INF, 0x4000_0000]),
    rejectedBy: ['the addition was asked for'],
  },
  ...(['a', 'b'] as const).flatMap((name): Forgery[] => [
    lie(`${name} has another exponent`, sides[name](INF), { [`${name}Exponent`]: 254 }, `${name} is decoded`),
    lie(
      `the number ${name} is a NaN`,
      rowsOf(name === 'a' ? [ONE + 1, INF] : [INF, ONE + 1]),
      {
        [`${name}Nan`]: 1,
        [`${name}Inverse`]: 1,
        isNan: 1,
        outHi: NAN_HIGH,
        [`${name}Signaling`]: 1,
        invalid: 1,
      },
      `${name} is a NaN only if special`,
    ),
    lie(
      `the NaN ${name} is an infinity`,
      sides[name](QUIET),
      { [`${name}Nan`]: 0, isNan: 0, outHi: 0x7f80 },
      `${name} has no fraction as an infinity`,
    ),
    lie(
      `the infinity ${name} is a NaN`,
      sides[name](INF),
      { [`${name}Nan`]: 1, [`${name}Signaling`]: 1, isNan: 1, invalid: 1, outHi: NAN_HIGH },
      `${name} has a fraction as a NaN`,
    ),
    lie(
      `the signaling NaN ${name} is quiet`,
      sides[name](SIGNALING),
      { [`${name}Quiet`]: 1, [`${name}Signaling`]: 0, invalid: 0 },
      `${name} has this quiet bit`,
    ),
    lie(
      `the quiet bit of the signaling NaN ${name} is in its payload`,
      sides[name](QUIET),
      { [`${name}Quiet`]: 0, [`${name}Payload`]: 64, [`${name}Signaling`]: 1, invalid: 1 },
      `${name}Payload is below 2^6`,
    ),
    lie(
      `the quiet bit of ${name} is 1/64 of its payload`,
      sides[name](0x7f81_0000),
      {
        [`${name}Quiet`]: inverse(felt(64)),
        [`${name}Payload`]: 0,
        [`${name}Signaling`]: 1 - inverse(felt(64)),
        invalid: 1 - inverse(felt(64)),
      },
      `${name}Quiet is a bit`,
    ),
    lie(
      `the signaling NaN ${name} does not signal`,
      sides[name](SIGNALING),
      { [`${name}Signaling`]: 0, invalid: 0 },
      `${name} signals as a NaN that is not quiet`,
    ),
  ]),
  {
    claim: 'the sum of two numbers is an infinity',
    honest: numbers,
    forged: numbers,
    rejectedBy: ['a or b is special'],
  },
  lie(
    'inf - 1 has the sign of inf - inf',
    rowsOf([ONE, INF, true]),
    { bTermSign: 0, outHi: 0x7f80 },
    'a subtraction turns the sign of b',
  ),
  lie(
    'inf - inf is inf',
    rowsOf([INF, INF, true]),
    { clash: 0, isNan: 0, invalid: 0, outHi: 0x7f80 },
    'opposed infinities clash',
  ),
  lie(
    'a quiet NaN + 1 is an infinity',
    rowsOf([QUIET, ONE]),
    { isNan: 0, outHi: 0x7f80 },
    'a NaN or a clash gives a NaN',
  ),
  lie('inf - inf is valid', rowsOf([INF, INF, true]), { invalid: 0 }, 'a signal or a clash is invalid'),
  lie('the payload of a NaN is kept', rowsOf([QUIET, ONE]), { outHi: 0x7fc1 }, 'a NaN is the canonical one'),
  lie('inf + 1 = -inf', rowsOf([INF, ONE]), { outHi: 0xff80 }, 'an infinity has the sign of the infinite operand'),
];

describeForgeries(fp32AddSpecialAir, forgeries, { tables: TABLES });
