import { describe, test } from 'vitest';
import { paddingRow } from '../../kit/step.ts';
import { describeForgeries, withCells } from '../../test/support/forgery.ts';
import { drawAddend, drawWord, oracle, randomOf } from '../../test/support/fp32.ts';
import { callForgeries, callStep, expectProven } from '../../test/support/fp32-call.ts';
import { REGISTER } from '../../vm/space.ts';
import { FP32_FMA_BUS } from '../fp32-fma/bus.ts';
import { fmaFp32 } from '../fp32-fma/semantics.ts';
import { fp32FmaChip } from '../fp32-fma/trace.ts';
import { fp32FmaCallAir } from './air.ts';
import { FP32_FMA_INSTRUCTIONS } from './execute.ts';
import { fp32FmaCallChip } from './trace.ts';

const CALL = {
  call: fp32FmaCallChip,
  service: fp32FmaChip,
  bus: FP32_FMA_BUS,
  instructions: FP32_FMA_INSTRUCTIONS,
};

const FUSED = [
  ['fmadd.s', 0, 0],
  ['fmsub.s', 0, 1],
  ['fnmsub.s', 1, 0],
  ['fnmadd.s', 1, 1],
] as const;

test.each(FUSED)(
  '%s of any operands in any mode, dynamic included: fd, fflags, and traces that are accepted and agree',
  (mnemonic, negateProduct, negateAddend) => {
    const random = randomOf(3);
    for (let i = 0; i < 60; i++) {
      const [mode, a, b] = [random.below(5), drawWord(random), drawWord(random)];
      const c = drawAddend(random, a, b);
      const expected = oracle.fma(mode, negateProduct, negateAddend, a, b, c);
      expectProven(CALL, callStep(mnemonic, mode, a, b, c), expected);
      const dynamic = callStep(mnemonic, 7, a, b, c);
      expectProven(CALL, { ...dynamic, registers: { ...dynamic.registers, [REGISTER.frm]: mode } }, expected);
    }
  },
);

describe('forgeries', () => {
  const word = (hi: number | undefined, lo: number | undefined): number => hi! * 2 ** 16 + lo!;
  const isAnswer = (tuple: readonly number[]): boolean => {
    const [mode, negateProduct, negateAddend, aLo, aHi, bLo, bHi, cLo, cHi, lo, hi, flags] = tuple;
    const negations = negateProduct! + 2 * negateAddend!;
    return (
      fmaFp32(mode!, negations, word(aHi, aLo), word(bHi, bLo), word(cHi, cLo)) === flags! * 2 ** 32 + word(hi, lo)
    );
  };
  const step = callStep('fmadd.s', 0, 0x4040_0000, 0x4000_0000, 0x3f80_0000);
  const { air, forgeries, options } = callForgeries(CALL, step, 'the result is the fused sum', isAnswer, (honest) => [
    {
      claim: 'fmadd.s is fmsub.s',
      honest,
      forged: withCells(fp32FmaCallAir, honest, 0, { negateAddend: 1, outHi: 0x40a0 }),
      rejectedBy: ['the program has this instruction'],
    },
    ...['negateProduct', 'negateAddend'].map((selector) => ({
      claim: `${selector} on padding is any value`,
      honest: paddingRow(fp32FmaCallChip),
      forged: withCells(fp32FmaCallAir, paddingRow(fp32FmaCallChip), 0, { [selector]: 2 }),
      rejectedBy: [`${selector} is a bit`],
    })),
  ]);
  describeForgeries(air, forgeries, options);
});
