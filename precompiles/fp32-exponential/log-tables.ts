/**
 * Fixed tables of logarithms in three limbs (`tables.ts`), only in proofs that use the exponential relation.
 *
 * `fp32-head-log`  (head, upper, middle, lower): ln(head / 2^12), head in [2248, 8192].
 * `fp32-step-log`  (step, upper, middle, lower): ln(1 + step / 2^24), step in [-3750, 3750].
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    every entry is nearest in units of 2^-72; the tests compare it with the series of the exponential.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { centred, residue } from '../../stark/field/koala-bear.ts';
import { type FixedTable, fixedTable } from '../../vm/chips/table.ts';
import { FIRST_HEAD, FIRST_STEP, HEAD_LOGS, type LogTable, NUM_HEADS, NUM_STEPS, STEP_LOGS } from './tables.ts';

export const HEAD_LOG_BUS = defineBus('fp32-head-log', 'table', ['head', 'upper', 'middle', 'lower']);
export const STEP_LOG_BUS = defineBus('fp32-step-log', 'table', ['step', 'upper', 'middle', 'lower']);

function logTable(
  factor: 'head' | 'step',
  bus: typeof HEAD_LOG_BUS,
  first: number,
  count: number,
  logs: LogTable,
): FixedTable {
  const tupleAt = (index: number): number[] => [
    residue(first + index),
    residue(logs.upper[index]!),
    logs.middle[index]!,
    logs.lower[index]!,
  ];
  return fixedTable({
    name: `fp32-${factor}-log`,
    ...{ bus, perRow: 1, count, tupleAt, separate: true },
    indexOf: (tuple) => {
      const index = centred(tuple[0]!) - first;
      const isThere = index >= 0 && index < count && tupleAt(index).every((value, i) => value === tuple[i]);
      return isThere ? index : undefined;
    },
  });
}

export const headLogTable = logTable('head', HEAD_LOG_BUS, FIRST_HEAD, NUM_HEADS, HEAD_LOGS);
export const stepLogTable = logTable('step', STEP_LOG_BUS, FIRST_STEP, NUM_STEPS, STEP_LOGS);
