/**
 * Table `fp32-special`: the cases that take no arithmetic and what they give (`outcome.ts`). No tuple has a case whose
 * result takes arithmetic.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    every case is listed once, and looked up by its first six fields.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { fixedTable } from '../../vm/chips/table.ts';
import { caseIndex, OUTCOMES } from './outcome.ts';

/** Fields 0 to 5 are the case; limb is the high limb but for signs, the next three say whose sign is added. */
export const SPECIAL_BUS = defineBus('fp32-special', 'table', [
  'operation',
  'aClass',
  'bClass',
  'cClass',
  'aIsNegative',
  'opposed',
  'limb',
  'productSigned',
  'addendSigned',
  'modeSigned',
  'copies',
  'flags',
]);

const bit = (condition: boolean): number => (condition ? 1 : 0);

const TUPLES = OUTCOMES.map(([key, { limb, sign, copies, flags }]) => [
  ...key,
  limb,
  bit(sign === 'product'),
  bit(sign === 'addend'),
  bit(sign === 'mode'),
  bit(copies),
  flags,
]);
const placeOf = new Map(TUPLES.map(([op, a, b, c, s, o], place) => [caseIndex(op!, a!, b!, c!, s!, o!), place]));

export const specialCaseTable = fixedTable({
  name: 'fp32-special-cases',
  bus: SPECIAL_BUS,
  perRow: 1,
  count: TUPLES.length,
  tupleAt: (index) => TUPLES[index]!,
  indexOf: (tuple) => {
    const place = placeOf.get(caseIndex(tuple[0]!, tuple[1]!, tuple[2]!, tuple[3]!, tuple[4]!, tuple[5]!));
    return place !== undefined && TUPLES[place]!.every((value, i) => value === tuple[i]) ? place : undefined;
  },
});
