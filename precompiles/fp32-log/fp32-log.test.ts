import { expect, test } from 'vitest';
import { edgesOf } from '../../test/oracles/functions.ts';
import { drawWord, randomOf } from '../../test/support/fp32.ts';
import { expectFunction, flagsOfRoot } from '../../test/support/fp32-function.ts';
import { opOf } from '../../vm/isa/op.ts';
import { EXPONENTIAL_BUS } from '../fp32-exponential/bus.ts';
import { headLogTable, stepLogTable } from '../fp32-exponential/log-tables.ts';
import { fp32ExponentialChip } from '../fp32-exponential/trace.ts';
import { fp32FunctionSpecialChip } from '../fp32-function-special/trace.ts';
import { FP32_NORMALISE_BUS } from '../fp32-normalise/bus.ts';
import { fp32NormaliseChip } from '../fp32-normalise/trace.ts';
import { recordLog } from './execute.ts';
import { logRow } from './row.ts';
import { ln2Table } from './table.ts';
import { fp32LogChip } from './trace.ts';

const chips = [fp32LogChip, fp32FunctionSpecialChip, fp32NormaliseChip, fp32ExponentialChip];
const tables = Object.fromEntries(
  [ln2Table, headLogTable, stepLogTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);
const asked = [EXPONENTIAL_BUS, FP32_NORMALISE_BUS];
/** The hardest operands, those around 1, and the ends of the subnormals. */
const HARD = [
  ...[0x65d8_90d3, 0x4c5d_65a5, 0x3f7f_fff4, 0x3f80_0006, 0x3f7f_ffff, 0x3f7f_fffe, 0x3f7f_fffd, 0x3f80_0001],
  ...Array.from({ length: 23 }, (_, i) => [2 ** i - 1, 2 ** i, 2 ** i + 1]).flat(),
];

test('the traces of edges and of any operands are accepted and answer with the result', () => {
  const random = randomOf(21);
  const words = [...HARD, ...edgesOf('log', 1), ...Array.from({ length: 200 }, () => drawWord(random))];
  expectFunction('log', opOf('fp32.log'), chips, recordLog, words, (a) => flagsOfRoot('log', a), { asked, tables });
});

test('the executor finds a row whose excess has eight bits', () => {
  const random = randomOf(22);
  const words = [...HARD, ...Array.from({ length: 20_000 }, () => 1 + random.below(0x7f7f_ffff))];
  const excesses = words.filter((a) => a > 0).map((a) => logRow(a).excess);
  expect(Math.min(...excesses)).toBeGreaterThanOrEqual(37);
  expect(Math.max(...excesses)).toBeLessThanOrEqual(209);
});
