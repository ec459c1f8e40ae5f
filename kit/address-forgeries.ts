/** The forgeries of `vm/chips/address.ts`: another byte address than rs1 + imm modulo 2^32. A chip's test adds its own. */
import type { Air } from '../stark/air/air.ts';
import type { Rows } from '../stark/air/check.ts';
import { felt, inverse, mul, reduce } from '../stark/field/koala-bear.ts';
import { cells, type Forgery, withCells } from './forgery.ts';

export interface AddressQuery {
  readonly air: Air;
  /** Row 0 has an address whose sum carries out of neither limb. */
  readonly plain: Rows;
  /** Row 0 has address 0 from a sum of 2^32. */
  readonly wrapping: Rows;
  /** Cells that move the low limb of `plain` up by `step` <= 4, with what follows from them but for the address. */
  readonly step: number;
  readonly stepped: Readonly<Record<string, number>>;
  /** The cell of the low limb that is range-checked, the check, and its value where the low limb is 2^16. */
  readonly part: { readonly name: string; readonly bits: number };
}

export function addressForgeries({ air, plain, wrapping, step, stepped, part }: AddressQuery): Forgery[] {
  const cell = (name: string): number => cells(air, plain, name)[0]!;
  // The other tables agree to whatever the row says: only the row itself can object.
  const never = (claim: string, rows: Rows, changes: Readonly<Record<string, number>>, ...rejectedBy: string[]) => {
    const forged = withCells(air, rows, 0, changes);
    return { claim, honest: forged, forged, rejectedBy };
  };
  // -step / 2^16 mod p: a carry that adds `step` to the low limb.
  const carry = step * 0x7f00;
  const high = cell('addressHi') + carry;
  return [
    never(`the address plus ${step}`, plain, stepped, 'the low limb of the address adds up'),
    never('the address plus 2^16', plain, { addressHi: cell('addressHi') + 1 }, 'the high limb of the address adds up'),
    never(
      `a carry of -${step} / 2^16 pays for an address that is too large`,
      plain,
      { ...stepped, carryLo: carry, addressHi: high % 2 ** 16, carryHi: Math.floor(high / 2 ** 16) },
      'carryLo is a bit',
    ),
    never(
      'a carry of -1 / 2^16 pays for a high limb that is too large',
      plain,
      { addressHi: cell('addressHi') + 1, carryHi: mul(reduce(-1), inverse(felt(2 ** 16))) },
      'carryHi is a bit',
    ),
    never('the high limb keeps its carry', wrapping, { addressHi: 2 ** 16, carryHi: 0 }, 'addressHi is below 2^16'),
    never(
      'the low limb keeps its carry',
      wrapping,
      { [part.name]: 2 ** part.bits, carryLo: 0, addressHi: 2 ** 16 - 1, carryHi: 0 },
      `${part.name} is below 2^${part.bits}`,
    ),
  ];
}
