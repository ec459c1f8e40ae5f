import { describe, expect, test } from 'vitest';
import { lookupLayout } from '../../stark/logup/layout.ts';
import vectors from '../../test/oracles/correctly-rounded.vectors.json' with { type: 'json' };
import { edgesOf } from '../../test/oracles/functions.ts';
import { referenceOf } from '../../test/oracles/reference.ts';
import { drawWord, randomOf } from '../../test/support/fp32.ts';
import { expectPowers, type PowerCase } from '../../test/support/fp32-power.ts';
import { fp32Exp2Air } from '../fp32-exp2/air.ts';
import { exp2Fp32 } from '../fp32-exp2/semantics.ts';
import { flagsOf } from '../fp32-round/semantics.ts';
import { fp32ExpAir } from './air.ts';
import { expFp32 } from './semantics.ts';

const FUNCTIONS = { exp: expFp32, exp2: exp2Fp32 } as const;

describe.each(['exp', 'exp2'] as const)('%s', (name) => {
  /** The word from outside, the flags of the semantics. */
  const caseOf = (a: number, word = referenceOf(name, a)): PowerCase => [name, a, word, flagsOf(FUNCTIONS[name](a))];

  test('the operands hardest to round have the result of MPFR', () => {
    const rows = vectors.hard[name].map((row) => row.split(' ').map((field) => Number.parseInt(field, 16)));
    expectPowers(rows.map(([a, word]) => caseOf(a!, word!)));
  });

  test('the surroundings of all changes of case have the result of the series', () => {
    expectPowers(edgesOf(name, 3).map((a) => caseOf(a)));
  });

  test('random words have the result of the series', () => {
    const random = randomOf(1);
    const words = Array.from({ length: 500 }, (_, i) =>
      i % 3 === 0 ? drawWord(random) : random.below(2) * 2 ** 31 + 0x3300_0000 + random.below(0x0fe0_0000),
    );
    expectPowers(words.map((a) => caseOf(a)));
  });
});

test('a row of exp takes 38 cells, one of exp2 41', () => {
  const cells = [fp32ExpAir, fp32Exp2Air].map((air) => air.main.length + lookupLayout([air]).tables[0]!.auxWidth);
  expect(cells).toEqual([38, 41]);
});
