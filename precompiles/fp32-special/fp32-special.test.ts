import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import { paddingRow } from '../../kit/step.ts';
import type { Rows } from '../../stark/air/check.ts';
import { type Felt, mul } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { settled } from '../../test/support/forgery-search.ts';
import { oracle, randomOf, served } from '../../test/support/fp32.ts';
import { ANSWERS, SERVICE_TABLES, serviceForgeries } from '../../test/support/fp32-search.ts';
import { fp32SpecialAir } from './air.ts';
import { recordSpecial } from './execute.ts';
import { OPERATION } from './outcome.ts';
import { specialResult } from './semantics.ts';
import { specialCaseTable } from './table.ts';
import { fp32SpecialChip } from './trace.ts';

const [ZERO, ONE, LEAST, INFINITY, QUIET, SIGNALING] = [0, 0x3f80_0000, 1, 0x7f80_0000, 0x7fc0_0001, 0x7f80_0001];
const [NEGATIVE, THREE] = [0x8000_0000, 0x4040_0000];

test('gives what exact arithmetic gives wherever it gives anything, for all classes, signs and modes', () => {
  const words = [ZERO, ONE, LEAST, INFINITY, QUIET, SIGNALING].flatMap((word) => [word, word + NEGATIVE]);
  const wrong: number[][] = [];
  const compare = (operation: number, mode: number, negations: number, abc: number[], expected: number[]): void => {
    const result = specialResult(operation, mode, negations, abc[0]!, abc[1]!, abc[2]!);
    if (result >= 0 && result !== expected[1]! * 2 ** 32 + expected[0]!)
      wrong.push([operation, mode, negations, ...abc]);
  };
  for (let mode = 0; mode < 5; mode++) {
    for (const a of words) {
      compare(OPERATION.sqrt, mode, 0, [a, 0, 0], oracle.sqrt(mode, a));
      for (const b of words) {
        compare(OPERATION.mul, mode, 0, [a, b, 0], oracle.mul(mode, a, b));
        compare(OPERATION.div, mode, 0, [a, b, 0], oracle.div(mode, a, b));
        for (const c of words) {
          for (let n = 0; n < 4; n++)
            compare(OPERATION.fma, mode, n, [a, b, c], oracle.fma(mode, n & 1, n >>> 1, a, b, c));
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('every tuple of the table is found where it stands, and no other result of its case', () => {
  const { fixedRow, fixedRows, provider } = specialCaseTable;
  const random = randomOf(7);
  for (let row = 0; row < fixedRows; row++) {
    const tuple = fixedRow(row);
    expect(provider.positionOf(tuple)).toBe(row);
    const field = 6 + random.below(6);
    expect(provider.positionOf(tuple.with(field, tuple[field]! + 1))).toBeUndefined();
  }
  for (const [operation, c] of [
    [OPERATION.mul, 0],
    [OPERATION.div, 0],
    [OPERATION.fma, 0],
    [OPERATION.fma, 1],
  ]) {
    expect(provider.positionOf([operation!, 1, 1, c!, 0, 0, 0, 0, 0, 0, 0, 0])).toBeUndefined();
  }
});

const rowOf = (operation: number, mode: number, negations: number, a: number, b = 0, c = 0): Rows =>
  served([], (machine) => recordSpecial(machine, operation, mode, negations, a, b, c)).get('fp32-special')!;

const INPUTS = {
  mul: ['mode', 'isMul', 'isDiv', 'isSqrt', 'isFma', 'aLo', 'aHi', 'bLo', 'bHi'],
  sqrt: ['mode', 'isMul', 'isDiv', 'isSqrt', 'isFma', 'aLo', 'aHi'],
  fma: [
    ...['mode', 'isMul', 'isDiv', 'isSqrt', 'isFma', 'negateProduct', 'negateAddend'],
    ...['aLo', 'aHi', 'bLo', 'bHi', 'cLo', 'cHi'],
  ],
};
const { mul: MUL, div: DIV, sqrt: SQRT, fma: FMA } = OPERATION;
const bases = [
  { name: '1 * infinity', inputs: INPUTS.mul, honest: rowOf(MUL, 0, 0, ONE, INFINITY) },
  { name: '-0 * 2^-149', inputs: INPUTS.mul, honest: rowOf(MUL, 1, 0, NEGATIVE, LEAST) },
  { name: '1 / 0, down', inputs: INPUTS.mul, honest: rowOf(DIV, 2, 0, ONE, ZERO) },
  { name: 'infinity / signaling', inputs: INPUTS.mul, honest: rowOf(DIV, 3, 0, INFINITY, SIGNALING) },
  { name: 'sqrt(-1)', inputs: INPUTS.sqrt, honest: rowOf(SQRT, 4, 0, ONE + NEGATIVE) },
  { name: 'sqrt(-0)', inputs: INPUTS.sqrt, honest: rowOf(SQRT, 0, 0, NEGATIVE) },
  { name: '-(0 * 1) + 0, down', inputs: INPUTS.fma, honest: rowOf(FMA, 2, 1, ZERO, ONE, ZERO) },
  { name: '0 * 1 - 3', inputs: INPUTS.fma, honest: rowOf(FMA, 1, 2, ZERO, ONE, THREE + 0x1234) },
  { name: '1 * 1 + quiet', inputs: INPUTS.fma, honest: rowOf(FMA, 0, 0, ONE, ONE, QUIET) },
  { name: 'infinity * 1 - infinity', inputs: INPUTS.fma, honest: rowOf(FMA, 0, 2, INFINITY, ONE, INFINITY) },
];

test('the search for a second result finds none', () => {
  const outputs = ['outLo', 'outHi', 'flags'];
  for (const [seed, { name, honest, inputs }] of bases.entries()) {
    const query = { honest, inputs, outputs, tables: SERVICE_TABLES, seed, tries: 60 };
    expect(findSecondWitness(fp32SpecialAir, query), name).toBeUndefined();
  }
});

const forge = (rows: Rows, changes: Record<string, number>): Rows => withCells(fp32SpecialAir, rows, 0, changes);
const requests: readonly (readonly [string, Rows, Rows])[] = [
  ['the product was asked for', bases[0]!.honest, bases[1]!.honest],
  ['the quotient was asked for', bases[2]!.honest, bases[3]!.honest],
  ['the square root was asked for', bases[4]!.honest, bases[5]!.honest],
  ['the fused sum was asked for', bases[6]!.honest, bases[7]!.honest],
];
/** The row with other cells, and what follows from them for the case and the result. */
const claiming = (rows: Rows, changes: Record<string, number>): Rows =>
  settled(
    fp32SpecialAir,
    forge(rows, changes),
    [
      ['the product has this sign', 'productSign'],
      ['opposed tells whether the signs differ', 'opposed'],
      ['fp32-special'],
      ['the high limb is that of the outcome', 'outHi'],
      ['the low limb is 0 or that of the addend', 'outLo'],
    ],
    ANSWERS,
  );
const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  ...{ claim, honest, forged: claiming(honest, changes), rejectedBy },
});
const rowsOf = (...rows: readonly Rows[]): Rows => ({ main: rows.flatMap(({ main }) => main) });

/** Infinity in all operations: positive, positive, NaN and invalid, positive. */
const OPERATIONS = {
  isMul: rowOf(MUL, 0, 0, INFINITY, INFINITY),
  isDiv: rowOf(DIV, 0, 0, INFINITY, INFINITY),
  isSqrt: rowOf(SQRT, 0, 0, INFINITY),
  isFma: rowOf(FMA, 0, 0, INFINITY, INFINITY),
};
const quiet = (operation: number): Rows => rowOf(operation, 0, 0, QUIET, QUIET);
const cell = (rows: Rows, name: string): number => cells(fp32SpecialAir, rows, name)[0]!;
const twice = (rows: Rows, name: string): number => mul(cell(rows, name) as Felt, 2 as Felt);

const infinities = {
  a: rowOf(FMA, 0, 0, INFINITY, ONE, ZERO),
  b: rowOf(FMA, 0, 0, ONE, INFINITY, ZERO),
  c: rowOf(FMA, 0, 0, ONE, ONE, INFINITY),
};
const signals = {
  a: rowOf(FMA, 0, 0, SIGNALING, ONE, ZERO),
  b: rowOf(FMA, 0, 0, ONE, SIGNALING, ZERO),
  c: rowOf(FMA, 0, 0, ONE, ONE, SIGNALING),
};
const quiets = {
  a: rowOf(FMA, 0, 0, QUIET, ONE, ZERO),
  b: rowOf(FMA, 0, 0, ONE, QUIET, ZERO),
  c: rowOf(FMA, 0, 0, ONE, ONE, QUIET),
};
const finite = {
  a: rowOf(FMA, 0, 0, ONE, INFINITY, ZERO),
  b: rowOf(FMA, 0, 0, INFINITY, ONE, ZERO),
  c: rowOf(FMA, 0, 0, INFINITY, ONE, ONE),
};

const byHand: Forgery[] = [
  ...requests.map(([name, honest, forged]) => ({ claim: `another one: ${name}`, honest, forged, rejectedBy: [name] })),
  ...(['isMul', 'isDiv', 'isSqrt', 'isFma'] as const).map((name): Forgery => {
    const other = name === 'isDiv' ? 'isMul' : 'isDiv';
    const zeros = Object.fromEntries(fp32SpecialAir.main.map((column) => [column.name, 0]));
    const request = { aHi: INFINITY >>> 16, bHi: name === 'isSqrt' ? 0 : INFINITY >>> 16 };
    const honestOther = name === 'isSqrt' ? rowOf(DIV, 0, 0, INFINITY, ZERO) : OPERATIONS[other];
    const taken = forge(honestOther, { ...zeros, ...request, [name]: -1, [other]: 1, outHi: 1, limb: 1 });
    return {
      claim: `a row takes back one answer (${name}) and gives another one without a look-up`,
      honest: rowsOf(honestOther, OPERATIONS[name]),
      forged: rowsOf(taken, OPERATIONS[name], OPERATIONS[name]),
      rejectedBy: [`${name} is a bit`],
    };
  }),
  {
    claim: 'one row is a product and a quotient: quiet NaN of weight 2 signal',
    honest: rowsOf(quiet(MUL), quiet(DIV)),
    forged: rowsOf(
      claiming(quiet(DIV), {
        isMul: 1,
        ...{ aInverse: twice(quiet(DIV), 'aInverse'), bInverse: twice(quiet(DIV), 'bInverse'), cZero: 2 },
        modeInverse: twice(quiet(DIV), 'modeInverse'),
      }),
      paddingRow(fp32SpecialChip),
    ),
    rejectedBy: ['at most one operation is chosen'],
  },
  lie('1 * infinity = -infinity', bases[0]!.honest, { negateProduct: 1 }, 'only a fused product is negated'),
  lie(
    'infinity - infinity is infinity: the second one is finite',
    bases[9]!.honest,
    { cQuiet: 1, cSignaling: -1 },
    'cSignaling is a bit',
  ),
  ...(['a', 'b', 'c'] as const).flatMap((name) => [
    lie(
      `${name}, an infinity, is a quiet NaN`,
      infinities[name],
      { [`${name}Infinite`]: 0, [`${name}Zero`]: 1, [`${name}Signaling`]: 1 },
      `${name} is not special as a zero`,
    ),
    lie(
      `${name}, a NaN, is an infinity`,
      signals[name],
      { [`${name}Infinite`]: 1, [`${name}Signaling`]: 0, [`${name}Inverse`]: 0 },
      `${name} has no fraction as a zero or infinity`,
    ),
    lie(
      `${name}, a signaling NaN, is a quiet one`,
      signals[name],
      { [`${name}Quiet`]: 1, [`${name}Signaling`]: 0 },
      `${name} has its quiet bit`,
    ),
    lie(
      `${name}, a quiet NaN, is a signaling one`,
      quiets[name],
      { [`${name}Quiet`]: 0, [`${name}Signaling`]: 1 },
      `${name} has its quiet bit`,
    ),
    lie(
      `${name}, which is 1, is infinite`,
      finite[name],
      { [`${name}Infinite`]: -1, [`${name}Zero`]: 1, [`${name}Signaling`]: 1 },
      `${name}Infinite is a bit`,
    ),
  ]),
];

/** Operands that the operation lacks are the prover's: each as a NaN that would be the result. */
const absent: Forgery[] = (
  [
    ['1 * 1 is that of an addend NaN', MUL, 'c'],
    ['1 / 1 is that of an addend NaN', DIV, 'c'],
    ['sqrt(1) is that of a divisor NaN', SQRT, 'b'],
    ['sqrt(1) is that of an addend NaN', SQRT, 'c'],
  ] as const
).map(([claim, operation, name]) => {
  const ofNan = rowOf(FMA, 0, 0, ONE, name === 'b' ? QUIET : ONE, name === 'c' ? QUIET : ZERO);
  const others = operation === SQRT && name === 'c' ? { bHi: 0, bExponent: 1, bUpper: 0, bZero: 1, bInverse: 0 } : {};
  const selected = {
    isFma: 0,
    isMul: operation === MUL ? 1 : 0,
    isDiv: operation === DIV ? 1 : 0,
    isSqrt: operation === SQRT ? 1 : 0,
  };
  const forged = forge(ofNan, { ...selected, ...others });
  return { claim, honest: forged, forged, rejectedBy: ['the case has this outcome'] };
});

const query = { air: fp32SpecialAir, request: '', inputs: INPUTS.fma, bases };
describeForgeries(fp32SpecialAir, [...serviceForgeries(query, byHand), ...absent], { tables: SERVICE_TABLES });
