import { expect, test } from 'vitest';
import { expectAccepted, FP32_EDGES } from '../../test/support/fp32-frame.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { type Step, stepped } from '../../test/support/step.ts';
import { FP32_CLASS_INSTRUCTIONS } from './execute.ts';
import { classOf } from './semantics.ts';
import { fp32ClassChip } from './trace.ts';

const step = (word: number): Step => ({ mnemonic: 'fclass.s', fields: { rd: 3, rs1: 1 }, registers: { 33: word } });
const run = (words: readonly number[]) => stepped(FP32_CLASS_INSTRUCTIONS, [fp32ClassChip], words.map(step));

/** The table of RISC-V Unprivileged ISA, 21.9, bit by bit: meaning of rd[bit]. */
const MEANINGS: readonly ((word: bigint) => boolean)[] = (() => {
  const infinity = 0xffn << 23n;
  const magnitude = (x: bigint): bigint => x & 0x7fff_ffffn;
  const negative = (x: bigint): boolean => x >> 31n === 1n;
  const isNormal = (m: bigint): boolean => m >= 1n << 23n && m < infinity;
  const isSubnormal = (m: bigint): boolean => m > 0n && m < 1n << 23n;
  const quiet = (x: bigint): boolean => (x & (1n << 22n)) !== 0n;
  return [
    (x) => negative(x) && magnitude(x) === infinity,
    (x) => negative(x) && isNormal(magnitude(x)),
    (x) => negative(x) && isSubnormal(magnitude(x)),
    (x) => negative(x) && magnitude(x) === 0n,
    (x) => !negative(x) && magnitude(x) === 0n,
    (x) => !negative(x) && isSubnormal(magnitude(x)),
    (x) => !negative(x) && isNormal(magnitude(x)),
    (x) => !negative(x) && magnitude(x) === infinity,
    (x) => magnitude(x) > infinity && !quiet(x),
    (x) => magnitude(x) > infinity && quiet(x),
  ];
})();

test('the class of a word is the one bit of the table that means it', () => {
  const check = (word: number): void => {
    expect(classOf(word)).toBe(MEANINGS.reduce((sum, means, bit) => sum + (means(BigInt(word)) ? 2 ** bit : 0), 0));
  };
  FP32_EDGES.forEach(check);
  forAll(f32(), check, 1000);
});

test('an honest trace of any word is accepted', () => {
  expectAccepted(fp32ClassChip, run(FP32_EDGES).trace(fp32ClassChip));
  forAll(f32(), (word) => expectAccepted(fp32ClassChip, run([word]).trace(fp32ClassChip)));
});
