import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectAccepted, FP32_EDGES } from '../../test/support/fp32-frame.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { type Step, stepped } from '../../test/support/step.ts';
import { FP32_SIGN_INSTRUCTIONS } from './execute.ts';
import { SIGN_INJECTIONS } from './semantics.ts';
import { fp32SignChip } from './trace.ts';

const MNEMONICS = ['fsgnj.s', 'fsgnjn.s', 'fsgnjx.s'];
const step = (mnemonic: string, a: number, b: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rs2: 2 },
  registers: { 33: a, 34: b },
});
const run = (steps: readonly Step[]) => stepped(FP32_SIGN_INSTRUCTIONS, [fp32SignChip], steps);

test('a sign is injected, inverted or multiplied, and 31 bits stay', () => {
  const check = (a: number, b: number): void => {
    const [x, y] = [BigInt(a), BigInt(b)];
    const signs = [y >> 31n, 1n - (y >> 31n), (x >> 31n) ^ (y >> 31n)];
    MNEMONICS.forEach((mnemonic, i) => {
      expect(BigInt(SIGN_INJECTIONS[mnemonic]!(a, b))).toBe((signs[i]! << 31n) + (x % 2n ** 31n));
    });
  };
  for (const a of FP32_EDGES) for (const b of FP32_EDGES) check(a, b);
  forAll(fc.tuple(f32(), f32()), ([a, b]) => check(a, b));
});

test('an honest trace of any words is accepted', () => {
  forAll(fc.tuple(f32(), f32()), ([a, b]) => {
    const steps = MNEMONICS.flatMap((mnemonic) => [step(mnemonic, a, b), step(mnemonic, a, a)]);
    expectAccepted(fp32SignChip, run(steps).trace(fp32SignChip));
  });
});
