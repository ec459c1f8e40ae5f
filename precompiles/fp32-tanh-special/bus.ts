import { defineBus } from '../../stark/air/bus.ts';

/** The fields are in `cases.ts`. */
export const TANH_CASE_BUS = defineBus('fp32-tanh-case', 'table', [
  'firstHi',
  'firstLo',
  'lastHi',
  'lastLo',
  'limbHi',
  'limbLo',
  'signed',
  'copies',
  'flags',
]);
