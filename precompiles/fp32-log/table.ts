/**
 * Table `fp32-ln2`: (exponent, upper, middle, lower), (127 - exponent) ln 2 = 2^-24 upper + 2^-48 middle + 2^-72 lower for
 * the exponents -24 to 254, middle and lower in [0, 2^24), upper signed.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    every entry is nearest in units of 2^-72: ln 2 is known to 96 bits below the point, and no multiple is within
 *          2^-81 of a half. Every exponent is listed once.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { centred, residue } from '../../stark/field/koala-bear.ts';
import { fixedTable } from '../../vm/chips/table.ts';
import type { Fixed } from '../fp32-exponential/semantics.ts';
import { LN2 } from '../fp32-exponential/tables.ts';

export const LN2_BUS = defineBus('fp32-ln2', 'table', ['exponent', 'upper', 'middle', 'lower']);

const FIRST_EXPONENT = -24;
const NUM_EXPONENTS = 254 - FIRST_EXPONENT + 1;
/** ln 2 in units of 2^-96. */
const UNITS = LN2.reduce((sum, limb) => (sum << 24n) + BigInt(limb), 0n);

const MULTIPLES: readonly Fixed[] = Array.from({ length: NUM_EXPONENTS }, (_, i) => {
  const rounded = (BigInt(127 - FIRST_EXPONENT - i) * UNITS + (1n << 23n)) >> 24n;
  const limb = (shift: bigint): number => Number((rounded >> shift) & 0xff_ffffn);
  return { upper: Number(rounded >> 48n), middle: limb(24n), lower: limb(0n) };
});

/** (127 - exponent) ln 2. */
export const multipleOfLn2 = (exponent: number): Fixed => MULTIPLES[exponent - FIRST_EXPONENT]!;

const tupleAt = (index: number): number[] => {
  const { upper, middle, lower } = MULTIPLES[index]!;
  return [residue(index + FIRST_EXPONENT), residue(upper), middle, lower];
};

export const ln2Table = fixedTable({
  name: 'fp32-ln2',
  bus: LN2_BUS,
  perRow: 1,
  count: NUM_EXPONENTS,
  tupleAt,
  indexOf: (tuple) => {
    const index = centred(tuple[0]!) - FIRST_EXPONENT;
    const isThere = index >= 0 && index < NUM_EXPONENTS && tupleAt(index).every((value, i) => value === tuple[i]);
    return isThere ? index : undefined;
  },
  separate: true,
});
