import { describe, expect, test } from 'vitest';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { assemble } from './index.ts';
import { locate } from './source.ts';

/** Lines of the hint loads the assembler warns of. */
function unchecked(text: string): number[] {
  const { elf, diagnostics } = assemble({ path: 'main.s', text: `_start:${text}\n` }, { table });
  expect(elf).toBeDefined();
  return diagnostics.filter(({ code }) => code === 'unchecked-hint').map(({ span }) => locate(span).line);
}

const END = '\nli a7, 93\nli a0, 0\necall';

describe('a warning', () => {
  test.each([
    ['a hint that is overwritten', 'ulp.hint.w t0, 0(a1)\nli t0, 1\nulp.assert.eq t0, a1, 1'],
    ['a hint into nothing', 'ulp.hint.w zero, 0(a1)'],
    ['a hint the program ends without', 'ulp.hint.w t0, 0(a1)'],
    ['a hint only added up', 'ulp.hint.hu t0, 0(a1)\nadd t1, t0, t0\nslli t2, t1, 3'],
    ['a hint for the address of another', 'ulp.hint.w t0, 0(a1)\nulp.hint.w t1, 0(t0)\nulp.assert.eq a1, a2, 1'],
    [
      'a hint lost on every path',
      'ulp.hint.w t0, 0(a1)\nbeqz a1, 1f\nli t0, 1\nj 2f\n1: li t0, 2\n2: ulp.assert.eq t0, a0, 1',
    ],
    ['a hint lost in a loop', 'ulp.hint.w t0, 0(a1)\n1: addi t1, t0, 1\nli t0, 0\nbnez a2, 1b'],
    ['a hint moved to a float and dropped', 'ulp.hint.w t0, 0(a1)\nfmv.w.x fa0, t0\nfmv.s fa1, fa0\nfmv.w.x fa0, zero'],
  ])('for %s', (_name, text) => {
    expect(unchecked(text + END)).toContain(1);
  });
});

describe('no warning', () => {
  test.each([
    ['for a hint in an assertion', 'ulp.hint.w t0, 0(a1)\nulp.assert.eq t0, a1, 1'],
    [
      'for a hint something computed from which is in an assertion',
      'ulp.hint.w t0, 0(a1)\nslli t1, t0, 2\nxor t1, t1, a2\nulp.assert.eq t1, a1, 1',
    ],
    ['for a hint a branch decides on', 'ulp.hint.w t0, 0(a1)\nbltu t0, a1, 1f\n1:'],
    ['for a hint stored', 'ulp.hint.w t0, 0(a1)\nsw t0, 0(sp)'],
    [
      'for a hint for the address of a checked one',
      'ulp.hint.w t0, 0(a1)\nulp.hint.w t1, 0(t0)\nulp.assert.eq t1, a2, 1',
    ],
    ['for a hint made public', 'ulp.hint.w t0, 0(a1)\nulp.out t0, 0(zero)'],
    ['for a hint as a leaf index', 'ulp.hint.w t0, 0(a1)\nposeidon2.merkle a0, t0, a3'],
    [
      'for a hint added to a dot product',
      'ulp.hint.w t0, 0(a1)\nfmv.w.x fa0, t0\nbf16.dot.hopper fa0, a0, a1, a2\nfmv.x.w t1, fa0\nulp.assert.eq t1, a0, 1',
    ],
    ['for a hint given to a routine', 'ulp.hint.w a0, 0(a1)\ncall f\nj 1f\nf: ulp.assert.eq a0, a1, 1\nret\n1:'],
    ['for a hint returned', 'j 1f\nf: ulp.hint.w a0, 0(a1)\nret\n1:'],
    ['for a hint checked on one of two paths', 'ulp.hint.w t0, 0(a1)\nbeqz a1, 1f\nulp.assert.eq t0, a1, 1\n1:'],
    ['for a hint checked in the next round', '1: bnez t0, 2f\n2: ulp.hint.w t0, 0(a1)\nbnez a1, 1b'],
    ['for a hint that is the exit code', 'ulp.hint.w a0, 0(a1)\nli a7, 93\necall'],
    ['where padding lies between', 'ulp.hint.w t0, 0(a1)\n.align 4\nulp.assert.eq t0, a1, 1'],
  ])('%s', (_name, text) => {
    expect(unchecked(text + END)).toEqual([]);
  });
});
