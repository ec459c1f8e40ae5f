import { expect, test } from 'vitest';
import type { Rows } from '../../stark/air/check.ts';
import {
  type Cells,
  exponentialRows,
  forgeExponential,
  type PowerLimbs,
} from '../../test/support/exponential-forger.ts';
import { describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { POWER_TABLES } from '../../test/support/fp32-power.ts';
import { weightForgery } from '../../test/support/fp32-search.ts';
import { fp32ExponentialAir as air, LENT } from './air.ts';
import { exponentialRow } from './row.ts';
import { FIRST_HEAD, FIRST_STEP, HEAD_LOGS, STEP_LOGS } from './tables.ts';

/** U that head and step give but for w2 and w3: what is garbage modulo p in one sum does not spread. */
function plain(head: number, step: number, lower: number): PowerLimbs {
  const [i, k] = [head - FIRST_HEAD, step - FIRST_STEP];
  return [HEAD_LOGS.upper[i]! + STEP_LOGS.upper[k]!, HEAD_LOGS.middle[i]! + STEP_LOGS.middle[k]! + LENT, lower];
}
const PLAIN = plain(4500, 1000, 30_000_000);
const ORDINARY: PowerLimbs = [5_000_000, 123_456, 777];
/** e^U = 0.58. */
const SMALL: PowerLimbs = [-9_000_000, 4_108_864, 47_296];

/** The first of the lies whose row is rejected by this alone. */
function lie(claim: string, power: PowerLimbs, name: string, lies: Iterable<Cells>): Forgery {
  const honest = exponentialRows([power]);
  for (const cells of lies) {
    const forged = forgeExponential(power, cells);
    if (forged === undefined) continue;
    const rejectedBy = objections(air, forged, honest, POWER_TABLES);
    if (rejectedBy.length === 1 && rejectedBy[0] === name) return { claim, honest, forged, rejectedBy };
  }
  throw new RangeError(`lies: expected one that "${name}" alone rejects`);
}
const values = function* (name: string, end: number, first = 0): Generator<Cells> {
  for (let value = first; value < end; value++) yield { [name]: value };
};

const { head, step, w, digit } = structuredClone(exponentialRow(...ORDINARY));
const { step: smallStep } = structuredClone(exponentialRow(...SMALL));
const ordinary = exponentialRows([ORDINARY]);
const SUMS = ['2^-36', '2^-48', '2^-60', '2^-72', '2^-85'];

/** The honest row with one cell changed. */
function changed(power: PowerLimbs, name: string, by: number): Rows {
  const honest = exponentialRows([power]);
  const { index } = air.main.find((column) => column.name === name)!;
  return { main: [honest.main[0]!.with(index, honest.main[0]![index]! + by)] };
}

const forgeries: Forgery[] = [
  {
    claim: 'the M of another U',
    honest: ordinary,
    forged: exponentialRows([PLAIN]),
    rejectedBy: ['the exponential was asked for'],
  },
  weightForgery(air, ordinary, {}),
  lie('the logarithm of the head is off by one', ORDINARY, 'head has this logarithm', [
    { 'headLog[1]': HEAD_LOGS.middle[head - FIRST_HEAD]! + 1 },
  ]),
  lie('the logarithm of the step is off by one', ORDINARY, 'step has this logarithm', [
    { 'stepLog[1]': STEP_LOGS.middle[step - FIRST_STEP]! + 1 },
  ]),
  // Past either end of a range.
  lie('the step is one less, w0 more', SMALL, 'w0 is below 2^12 in magnitude', [{ step: smallStep - 1 }]),
  lie('the step is two more, w0 less', SMALL, 'w0 is below 2^12 in magnitude', [{ step: smallStep + 2 }]),
  ...[127, -127].map((units) =>
    lie(
      `U is ${units} units of 2^-24 more, which are ${Math.sign(units)} of 2^-48 modulo p`,
      SMALL,
      'powerCarry is below 64 in magnitude',
      [{ step: smallStep - units }],
    ),
  ),
  lie('the square is more, w2 less', ORDINARY, 'square is that of w0', [{ square: w[0]! ** 2 + 2 ** 13 }]),
  lie('w1 takes one of w0', ORDINARY, 'w1 is below 2^12', [{ w0: w[0]! - 1 }]),
  lie('w2 is a quotient modulo p', PLAIN, 'w2 is below 2^15', values('w3', 8192)),
  lie('w3 takes one of w2', ORDINARY, 'w3 is below 2^13', [{ w2: w[2]! - 1 }]),
  ...[0, 1, 2, 3].map((k) =>
    lie(
      `digit ${k} takes one of the carry`,
      PLAIN,
      `digit[${k}] is below 2^12`,
      values(`digit[${k}]`, 2 ** 13, 2 ** 12),
    ),
  ),
  lie('M is less by 4 units, left more', ORDINARY, 'left is below 2^15', [{ left: digit[4]! + 2 ** 15 }]),
  ...[0, 1, 2, 3].map((k) =>
    lie(`carry ${k} is a quotient modulo p`, PLAIN, `carry[${k}] is in range`, values(`digit[${k}]`, 4096)),
  ),
  lie('the last carry is a quotient modulo p', PLAIN, 'carry[4] is in range', values('left', 2 ** 15)),
  (() => {
    // Every product and digit is 0, whatever U is: only the table has no logarithm of 0.
    const [upper, middle, lower] = ORDINARY;
    const logs = { 'headLog[0]': upper, 'headLog[1]': middle - LENT, 'headLog[2]': lower };
    const nothing = { main: [air.main.map(() => 0)] };
    const forged = withCells(air, nothing, 0, { isReal: 1, ...logs, w2: LENT * 2 ** 12 });
    return { claim: 'M is 0', honest: ordinary, forged, rejectedBy: ['head has this logarithm'] };
  })(),
  ...SUMS.map((at, k) => ({
    claim: `the sum at ${at} is off by one`,
    honest: exponentialRows([PLAIN]),
    forged: changed(PLAIN, k < 4 ? `digit[${k}]` : 'left', 1),
    rejectedBy: [`the sum at ${at} adds up`],
  })),
];

describeForgeries(air, forgeries, { tables: POWER_TABLES });

test('the forger without lies writes the row of the executor', () => {
  for (const power of [ORDINARY, PLAIN]) expect(forgeExponential(power, {})).toEqual(exponentialRows([power]));
});
