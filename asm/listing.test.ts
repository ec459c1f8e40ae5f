import { expect, test } from 'vitest';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { assemble, listing, readElf } from './index.ts';

const TEXT = `.macro double reg
  add \\reg, \\reg, \\reg
.endm
.globl _start
_start:
  li a0, 5
  double a0
  ulp.assert.eq a0, a1, "ten"
again:
  bnez a0, again
  ret
.word 0
`;

test('symbols, source lines, words and instructions', () => {
  const image = readElf(assemble({ path: 'a.s', text: TEXT }, { table }).elf!);
  const lines = listing(image, { table, pseudo: true, source: (path) => (path === 'a.s' ? TEXT : undefined) });
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "00010000 <_start>:
    # a.s:6  li a0, 5
       10000:  00500513  li       a0, 5
    # a.s:7  double a0
    # a.s:2  add \\reg, \\reg, \\reg
       10004:  00a50533  add      a0, a0, a0
    # a.s:8  ulp.assert.eq a0, a1, "ten"
       10008:  00b5408b  ulp.assert.eq a0, a1, 1  # "ten"

    0001000c <again>:
    # a.s:10  bnez a0, again
       1000c:  00051063  bnez     a0, again
    # a.s:11  ret
       10010:  00008067  ret
       10014:  00000000  .word    0x00000000"
  `);
  expect(
    listing({ ...image, lines: [] }, { table })
      .slice(0, 3)
      .join('\n'),
  ).toMatchInlineSnapshot(`
    "00010000 <_start>:
       10000:  00500513  addi     a0, zero, 5
       10004:  00a50533  add      a0, a0, a0"
  `);
});
