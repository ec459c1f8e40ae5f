import { expect, test } from 'vitest';
import { findSecondWitness } from '../kit/determinism.ts';
import type { Random } from '../kit/random.ts';
import { recordDivision } from '../precompiles/fp32-div/execute.ts';
import { divFp32 } from '../precompiles/fp32-div/semantics.ts';
import { fp32DivChip } from '../precompiles/fp32-div/trace.ts';
import { recordFused } from '../precompiles/fp32-fma/execute.ts';
import { fmaFp32 } from '../precompiles/fp32-fma/semantics.ts';
import { fp32FmaChip } from '../precompiles/fp32-fma/trace.ts';
import { recordMultiplication } from '../precompiles/fp32-mul/execute.ts';
import { mulFp32 } from '../precompiles/fp32-mul/semantics.ts';
import { fp32MulChip } from '../precompiles/fp32-mul/trace.ts';
import { flagsOf, wordOf } from '../precompiles/fp32-round/semantics.ts';
import { fp32SpecialChip } from '../precompiles/fp32-special/trace.ts';
import { recordSquareRoot } from '../precompiles/fp32-sqrt/execute.ts';
import { sqrtFp32 } from '../precompiles/fp32-sqrt/semantics.ts';
import { fp32SqrtChip } from '../precompiles/fp32-sqrt/trace.ts';
import type { Machine } from '../vm/executor/machine.ts';
import { drawAddend, drawWord, oracle, type RecordedChip, randomOf, served } from './support/fp32.ts';
import { SERVICE_TABLES, serviceAir } from './support/fp32-search.ts';

type Drawn = readonly [mode: number, negations: number, a: number, b: number, c: number];

function draw(random: Random): Drawn {
  const [a, b] = [drawWord(random), drawWord(random)];
  return [random.below(5), random.below(4), a, b, drawAddend(random, a, b)];
}

interface Service {
  readonly name: string;
  readonly chip: RecordedChip;
  readonly inputs: readonly string[];
  readonly compute: (drawn: Drawn) => number;
  readonly expected: (drawn: Drawn) => readonly [number, number];
  readonly record: (machine: Machine, drawn: Drawn) => void;
}

const SERVICES: readonly Service[] = [
  {
    name: 'fp32-mul',
    chip: fp32MulChip,
    inputs: ['mode', 'aLo', 'aHi', 'bLo', 'bHi'],
    compute: ([mode, , a, b]) => mulFp32(mode, a, b),
    expected: ([mode, , a, b]) => oracle.mul(mode, a, b),
    record: (machine, [mode, , a, b]) => recordMultiplication(machine, mode, a, b),
  },
  {
    name: 'fp32-div',
    chip: fp32DivChip,
    inputs: ['mode', 'aLo', 'aHi', 'bLo', 'bHi'],
    compute: ([mode, , a, b]) => divFp32(mode, a, b),
    expected: ([mode, , a, b]) => oracle.div(mode, a, b),
    record: (machine, [mode, , a, b]) => recordDivision(machine, mode, a, b),
  },
  {
    name: 'fp32-sqrt',
    chip: fp32SqrtChip,
    inputs: ['mode', 'aLo', 'aHi'],
    compute: ([mode, , a]) => sqrtFp32(mode, a),
    expected: ([mode, , a]) => oracle.sqrt(mode, a),
    record: (machine, [mode, , a]) => recordSquareRoot(machine, mode, a),
  },
  {
    name: 'fp32-fma',
    chip: fp32FmaChip,
    inputs: ['mode', 'negateProduct', 'negateAddend', 'aLo', 'aHi', 'bLo', 'bHi', 'cLo', 'cHi'],
    compute: ([mode, negations, a, b, c]) => fmaFp32(mode, negations, a, b, c),
    expected: ([mode, negations, a, b, c]) => oracle.fma(mode, negations & 1, negations >>> 1, a, b, c),
    record: (machine, drawn) => recordFused(machine, ...drawn),
  },
];
const SPECIAL_INPUTS = ['isMul', 'isDiv', 'isSqrt', 'isFma', 'mode', 'negateProduct', 'negateAddend'];
const OUTPUTS = ['outLo', 'outHi', 'flags'];
const seed = Number(process.env['SEED'] ?? 1);

test.each(SERVICES)('$name: 10^6 operations agree with exact arithmetic', ({ compute, expected }) => {
  const random = randomOf(seed);
  for (let i = 0; i < 1_000_000; i++) {
    const drawn = draw(random);
    const result = compute(drawn);
    const [word, flags] = expected(drawn);
    if (wordOf(result) !== word || flagsOf(result) !== flags) expect.fail(`seed ${seed}: ${drawn}`);
  }
});

test.each(SERVICES)('$name: the search for a second result finds none for 400 rows', ({ chip, inputs, record }) => {
  const random = randomOf(seed + 1);
  for (let i = 0; i < 400; i++) {
    const drawn = draw(random);
    const traces = served([chip], (machine) => record(machine, drawn));
    const isSpecial = traces.get(chip.air.name)!.main.length === 0;
    const { air } = isSpecial ? fp32SpecialChip : chip;
    const fixed = isSpecial ? [...SPECIAL_INPUTS, ...inputs] : inputs;
    const honest = traces.get(air.name)!;
    const query = { honest, inputs: fixed, outputs: OUTPUTS, tables: SERVICE_TABLES, seed: i, tries: 200 };
    expect(findSecondWitness(serviceAir(air), query), `seed ${seed}: ${drawn}`).toBeUndefined();
  }
});
