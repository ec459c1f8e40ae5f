import { afterAll, describe, expect, it } from 'vitest';
import type { Codeword } from '../deep/batch.ts';
import * as K from '../field/quintic.ts';
import { Arena } from '../kernels/memory.ts';
import { createPool } from '../kernels/pool.ts';
import { domainPoint } from '../poly/domain.ts';
import { extAt, randomExt, residues } from '../quotient/tables.fixture.ts';
import { foldGroup } from './fold.ts';
import { finalPolynomial, foldCodeword } from './fold-codeword.ts';

const next = residues(7);
const polynomial = (length: number) => Array.from({ length }, () => randomExt(next));
/** sum_j beta^j g_j for the parts g_j of f(x) = sum_j x^j g_j(x^k). */
const foldPolynomial = (coefficients: readonly K.Ext[], arity: number, beta: K.Ext) =>
  Array.from({ length: coefficients.length / arity }, (_, i) =>
    K.evaluate(coefficients.slice(i * arity, (i + 1) * arity), beta),
  );

describe('one group', () => {
  it.each([1, 2, 3])('folds by 2^%i to the value of the folded polynomial', (logArity) => {
    const arity = 2 ** logArity;
    const coefficients = polynomial(16);
    const beta = randomExt(next);
    for (const leaf of [0, 1, 5]) {
      const at = (index: number) => domainPoint(4, 2, index);
      const group = Array.from({ length: arity }, (_, t) => K.evaluate(coefficients, K.fromBase(at(leaf * arity + t))));
      const point = domainPoint(4 - logArity, 2, leaf);
      const expected = K.evaluate(foldPolynomial(coefficients, arity, beta), K.fromBase(point));
      expect(foldGroup(group, at(leaf * arity), beta)).toEqual(expected);
    }
  });
});

for (const threads of [1, 2]) {
  const arena = new Arena();
  const pool = createPool(arena.memory, threads);
  afterAll(() => pool.close());
  const codewordOf = (coefficients: readonly K.Ext[], logHeight: number, logBlowup: number): Codeword => {
    const size = 2 ** (logHeight + logBlowup);
    const address = arena.alloc(20 * size);
    const data = arena.u32(address, 5 * size);
    for (let i = 0; i < size; i++) {
      data.set(K.evaluate(coefficients, K.fromBase(domainPoint(logHeight, logBlowup, i))), 5 * i);
    }
    return { address, logHeight, logBlowup };
  };

  describe(`a codeword on ${threads} thread(s)`, () => {
    it.each([
      [1, 2],
      [2, 2],
      [3, 3],
      [3, 1],
    ])('folds by 2^%i as its groups do (blowup 2^%i)', async (logArity, logBlowup) => {
      const codeword = codewordOf(polynomial(64), 6, logBlowup);
      const beta = randomExt(next);
      const folded = await foldCodeword({ arena, pool }, codeword, logArity, beta);
      const size = 2 ** (6 + logBlowup);
      const from = arena.u32(codeword.address, 5 * size);
      const to = arena.u32(folded.address, (5 * size) / 2 ** logArity);
      for (let leaf = 0; leaf < size / 2 ** logArity; leaf++) {
        const first = leaf * 2 ** logArity;
        const group = Array.from({ length: 2 ** logArity }, (_, t) => extAt(from, 5 * (first + t)));
        expect(extAt(to, 5 * leaf)).toEqual(foldGroup(group, domainPoint(6, logBlowup, first), beta));
      }
    });

    it('ends in the folded polynomial, and in none where the degree is too high', async () => {
      const coefficients = polynomial(64);
      const beta = randomExt(next);
      const folded = await foldCodeword({ arena, pool }, codewordOf(coefficients, 6, 2), 3, beta);
      expect(finalPolynomial(arena, folded)).toEqual(foldPolynomial(coefficients, 8, beta));
      const words = arena.u32(folded.address, 5);
      words[0] = (words[0]! + 1) % 0x7f00_0001;
      expect(finalPolynomial(arena, folded)).toBeUndefined();
    });
  });
}
