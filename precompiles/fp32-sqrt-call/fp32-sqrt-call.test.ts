import { describe, test } from 'vitest';
import { describeForgeries } from '../../test/support/forgery.ts';
import { drawWord, oracle, randomOf } from '../../test/support/fp32.ts';
import { callForgeries, callStep, expectProven } from '../../test/support/fp32-call.ts';
import { REGISTER } from '../../vm/space.ts';
import { FP32_SQRT_BUS } from '../fp32-sqrt/bus.ts';
import { sqrtFp32 } from '../fp32-sqrt/semantics.ts';
import { fp32SqrtChip } from '../fp32-sqrt/trace.ts';
import { FP32_SQRT_INSTRUCTIONS } from './execute.ts';
import { fp32SqrtCallChip } from './trace.ts';

const CALL = {
  call: fp32SqrtCallChip,
  service: fp32SqrtChip,
  bus: FP32_SQRT_BUS,
  instructions: FP32_SQRT_INSTRUCTIONS,
};

test('any operands in any mode, dynamic included: fd, fflags, and traces that are accepted and agree', () => {
  const random = randomOf(3);
  for (let i = 0; i < 200; i++) {
    const [mode, a] = [random.below(5), drawWord(random)];
    expectProven(CALL, callStep('fsqrt.s', mode, a), oracle.sqrt(mode, a));
    const dynamic = callStep('fsqrt.s', 7, a);
    expectProven(CALL, { ...dynamic, registers: { ...dynamic.registers, [REGISTER.frm]: mode } }, oracle.sqrt(mode, a));
  }
});

describe('forgeries', () => {
  const isAnswer = ([mode, aLo, aHi, lo, hi, flags]: readonly number[]): boolean =>
    sqrtFp32(mode!, aHi! * 2 ** 16 + aLo!) === flags! * 2 ** 32 + hi! * 2 ** 16 + lo!;
  const { air, forgeries, options } = callForgeries(
    CALL,
    callStep('fsqrt.s', 0, 0x4080_0000),
    'the result is the square root',
    isAnswer,
  );
  describeForgeries(air, forgeries, options);
});
