/** What the tests of correctly rounded functions share: the traces that answer for a function, against the reference. */
import { expect } from 'vitest';
import { imbalance } from '../../kit/balance.ts';
import { paddingRow } from '../../kit/step.ts';
import { FP32_ROUND_BUS } from '../../precompiles/fp32-round/bus.ts';
import { fp32RoundChip } from '../../precompiles/fp32-round/trace.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Bus } from '../../stark/air/bus.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { type FunctionName, referenceOf } from '../oracles/reference.ts';
import { messages, objections, type Tables } from './forgery.ts';
import { FP32_TABLES, type RecordedChip, served } from './fp32.ts';

/**
 * Flags of log and rsqrt: invalid for a signaling NaN and for negative operands, division by zero for zeros, and inexact
 * unless the result is exact: log 1, rsqrt of a power of 4, anything at infinity or of a quiet NaN.
 */
export function flagsOfRoot(name: 'log' | 'rsqrt', a: number): number {
  const magnitude = a & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return (a & 0x40_0000) === 0 ? 16 : 0;
  if (magnitude === 0) return 8;
  if (a >>> 31 === 1) return 16;
  if (a === 0x7f80_0000) return 0;
  if (name === 'log') return a === 0x3f80_0000 ? 0 : 1;
  const isPower =
    (a & 0x7f_ffff) === 0 ? (a >>> 23) % 2 === 1 : a < 2 ** 23 && a === 4 ** Math.floor(Math.log2(a) / 2) * 2;
  return isPower ? 0 : 1;
}

/**
 * Expects that the chips accept the traces of a function at these words, each with a padding row, that `asked` buses and
 * rounding balance, and that the requests on `fp32-function` are answered with the reference's words.
 */
export function expectFunction(
  name: FunctionName,
  op: number,
  chips: readonly RecordedChip[],
  record: (machine: Machine, a: number) => void,
  words: readonly number[],
  flags: (a: number) => number,
  { asked = [], tables = {} }: { readonly asked?: readonly Bus[]; readonly tables?: Tables } = {},
): void {
  const traces = served(chips, (machine) => words.forEach((a) => void record(machine, a)));
  const padded = [...chips, fp32RoundChip].map((chip): [Air, Rows] => [
    chip.air,
    { main: [...traces.get(chip.air.name)!.main, ...paddingRow(chip).main] },
  ]);
  for (const [air, rows] of padded) {
    expect(violations(air, rows), air.name).toEqual([]);
    expect(objections(air, rows, rows, { ...FP32_TABLES, ...tables }), air.name).toEqual([]);
  }
  for (const bus of [FP32_ROUND_BUS, ...asked]) expect(imbalance(bus, padded), bus.name).toEqual([]);
  const answers = chips.flatMap(({ air }) =>
    air.interactions
      .filter(({ bus, direction }) => bus.name === 'fp32-function' && direction === 'receive')
      .flatMap((receive) => messages(air, traces.get(air.name)!, receive.name)),
  );
  const expected = words.map((a) => {
    const word = referenceOf(name, a);
    return [op, a & 0xffff, a >>> 16, word & 0xffff, word >>> 16, flags(a)];
  });
  const inOrder = (tuples: readonly (readonly number[])[]): string[] => tuples.map((tuple) => tuple.join(' ')).sort();
  expect(inOrder(answers)).toEqual(inOrder(expected));
}
