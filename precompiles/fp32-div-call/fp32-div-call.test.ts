import { describe, test } from 'vitest';
import { describeForgeries } from '../../test/support/forgery.ts';
import { drawWord, oracle, randomOf } from '../../test/support/fp32.ts';
import { callForgeries, callStep, expectProven } from '../../test/support/fp32-call.ts';
import { REGISTER } from '../../vm/space.ts';
import { FP32_DIV_BUS } from '../fp32-div/bus.ts';
import { divFp32 } from '../fp32-div/semantics.ts';
import { fp32DivChip } from '../fp32-div/trace.ts';
import { FP32_DIV_INSTRUCTIONS } from './execute.ts';
import { fp32DivCallChip } from './trace.ts';

const CALL = {
  call: fp32DivCallChip,
  service: fp32DivChip,
  bus: FP32_DIV_BUS,
  instructions: FP32_DIV_INSTRUCTIONS,
};

test('any operands in any mode, dynamic included: fd, fflags, and traces that are accepted and agree', () => {
  const random = randomOf(3);
  for (let i = 0; i < 200; i++) {
    const [mode, a, b] = [random.below(5), drawWord(random), drawWord(random)];
    expectProven(CALL, callStep('fdiv.s', mode, a, b), oracle.div(mode, a, b));
    const dynamic = callStep('fdiv.s', 7, a, b);
    expectProven(
      CALL,
      { ...dynamic, registers: { ...dynamic.registers, [REGISTER.frm]: mode } },
      oracle.div(mode, a, b),
    );
  }
});

describe('forgeries', () => {
  const isAnswer = ([mode, aLo, aHi, bLo, bHi, lo, hi, flags]: readonly number[]): boolean =>
    divFp32(mode!, aHi! * 2 ** 16 + aLo!, bHi! * 2 ** 16 + bLo!) === flags! * 2 ** 32 + hi! * 2 ** 16 + lo!;
  const { air, forgeries, options } = callForgeries(
    CALL,
    callStep('fdiv.s', 0, 0x4040_0000, 0x4000_0000),
    'the result is the quotient',
    isAnswer,
  );
  describeForgeries(air, forgeries, options);
});
