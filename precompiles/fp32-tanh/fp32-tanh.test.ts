import { expect, test } from 'vitest';
import { lookupLayout } from '../../stark/logup/layout.ts';
import { edgesOf } from '../../test/oracles/functions.ts';
import { referenceOf } from '../../test/oracles/reference.ts';
import { drawWord, randomOf } from '../../test/support/fp32.ts';
import { tableOracle } from '../../test/support/fp32-exponential.ts';
import { expectFunction } from '../../test/support/fp32-function.ts';
import { opOf } from '../../vm/isa/op.ts';
import { EXPONENTIAL_BUS } from '../fp32-exponential/bus.ts';
import { headLogTable, stepLogTable } from '../fp32-exponential/log-tables.ts';
import { fp32ExponentialChip } from '../fp32-exponential/trace.ts';
import { TANH_CASES, tanhCase, tanhCaseTable } from '../fp32-tanh-special/cases.ts';
import { fp32TanhSpecialChip } from '../fp32-tanh-special/trace.ts';
import { fp32TanhAir } from './air.ts';
import { END_WINDOWS, FIRST_WINDOW } from './bus.ts';
import { recordTanh } from './execute.ts';
import { fp32TanhChip } from './trace.ts';
import { tanhWindowTable } from './windows.ts';

const CHIPS = [fp32TanhChip, fp32TanhSpecialChip, fp32ExponentialChip];
const TABLES = Object.fromEntries(
  [tanhWindowTable, tanhCaseTable, headLogTable, stepLogTable].map((table) => [
    table.provider.bus.name,
    tableOracle(table),
  ]),
);
const SIGN = 0x8000_0000;

/** Exact only at zeros and infinities; a subnormal result is one of a subnormal operand. IEEE 754-2019, 7.5 and 9.2. */
function flags(a: number): number {
  const magnitude = a & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return (a & 0x40_0000) === 0 ? 16 : 0;
  if (magnitude === 0 || magnitude === 0x7f80_0000) return 0;
  return magnitude < 0x80_0000 ? 3 : 1;
}

const expectTanh = (words: readonly number[]): void =>
  expectFunction('tanh', opOf('fp32.tanh'), CHIPS, recordTanh, words, flags, {
    asked: [EXPONENTIAL_BUS],
    tables: TABLES,
  });

test('the traces of edges and of any operands are accepted and answer with the result', () => {
  const random = randomOf(21);
  const inWindows = (): number => FIRST_WINDOW * 2 ** 16 + random.below((END_WINDOWS - FIRST_WINDOW) * 2 ** 16);
  expectTanh([
    ...edgesOf('tanh', 2),
    ...Array.from({ length: 200 }, () => random.below(2) * SIGN + inWindows()),
    ...Array.from({ length: 50 }, () => drawWord(random)),
  ]);
});

test('so are those of the operands hardest to round, next to a power of two, and at the ends of windows and cases', () => {
  const hard = [0x3ac3_7de2, 0x3eee_0566, 0x3cd4_1b91, 0x40ac_b4d0, 0x40c5_e8ca, 0x3d7c_3055, 0x39b8_9ba2, 0x39b8_9ba3];
  const windows = Array.from({ length: END_WINDOWS - FIRST_WINDOW }, (_, i) => (FIRST_WINDOW + i) * 2 ** 16);
  const ends = windows.filter((_, i) => i % 19 === 0 || i % 128 > 125).flatMap((first) => [first, first + 0xffff]);
  expectTanh([...hard, 0x3d80_2ac4, 0x3d00_0aac, ...ends, ...TANH_CASES.flatMap(({ first, last }) => [first, last])]);
});

test('windows and cases together have every magnitude once', () => {
  const [first, end] = [FIRST_WINDOW * 2 ** 16, END_WINDOWS * 2 ** 16];
  const all = [...TANH_CASES.map((c) => [c.first, c.last + 1]), [first, end]].sort(([a], [b]) => a! - b!);
  expect(all[0]![0]).toBe(0);
  expect(all.slice(1).map(([start]) => start)).toEqual(all.slice(0, -1).map(([, until]) => until));
  expect(all.at(-1)![1]).toBe(2 ** 31);
  expect([tanhCase(first - 1), tanhCase(first), tanhCase(end - 1), tanhCase(end)].map((c) => c !== undefined)).toEqual([
    ...[true, false, false, true],
  ]);
});

test('every case has the results of both ends, and of what is between', () => {
  const random = randomOf(22);
  for (const { first, last, word, signed, copies } of TANH_CASES) {
    for (const magnitude of [
      first,
      last,
      ...Array.from({ length: 20 }, () => first + random.below(last - first + 1)),
    ]) {
      for (const sign of [0, SIGN]) {
        expect(word + signed * sign + copies * magnitude, magnitude.toString(16)).toBe(
          referenceOf('tanh', magnitude + sign),
        );
      }
    }
  }
});

test('no result of a window is rounded up to a power of two', () => {
  for (let exponent = 127 - 11; exponent < 127; exponent++) {
    const power = exponent * 2 ** 23;
    let [below, above] = [FIRST_WINDOW * 2 ** 16, END_WINDOWS * 2 ** 16];
    while (above - below > 1) {
      const middle = Math.floor((below + above) / 2);
      if (referenceOf('tanh', middle) < power) below = middle;
      else above = middle;
    }
    // `above` is the first whose rounded result is the power. If the exact one were below it, there would be no row.
    expectTanh([below, above]);
  }
});

test('a result takes 69 cells beside the exponential and the call', () => {
  expect([fp32TanhAir.main.length, fp32TanhAir.interactions.length]).toEqual([34, 20]);
  expect(fp32TanhAir.main.length + lookupLayout([fp32TanhAir]).tables[0]!.auxWidth).toBe(69);
  expect(fp32TanhSpecialChip.air.main.length + lookupLayout([fp32TanhSpecialChip.air]).tables[0]!.auxWidth).toBe(27);
});
