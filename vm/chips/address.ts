/**
 * rs1 + imm modulo 2^32 as limbs: the byte address of the instructions that reach a tape or a public space.
 *
 * Assumes  rs1 and imm are limbs below 2^16 (memory bus, program bus); the chip's low limb is below 2^16 as an integer,
 *          because it is composed of range-checked parts.
 * Ensures  low + 2^16 addressHi = rs1 + imm modulo 2^32.
 * Proof    rs1Lo + immLo = low + 2^16 carryLo: both sides are below 2^17 + 2^16 < p, so this is an equation of integers
 *          and carryLo a true carry; the same for the high limbs, where carryHi is dropped. Were a carry not a bit, the
 *          limb could be any: 0 + 0 = low - low, with carry -low / 2^16.
 * Padding  all zero: 0 + 0 = 0.
 */
import { type AirBuilder, bit, given, u16 } from '../../stark/air/air.ts';
import type { Expr } from '../../stark/air/expr.ts';

export const addressColumns = {
  immLo: given('the program bus', 'low limb of the immediate'),
  immHi: given('the program bus', 'high limb of the immediate'),
  carryLo: bit('carry out of the low limb of the address'),
  carryHi: bit('carry out of the high limb, dropped'),
  addressHi: u16('high limb of the address'),
};

type AddressCells = { readonly [K in 'rs1Lo' | 'rs1Hi' | keyof typeof addressColumns]: Expr };

/** `low` is the chip's low limb of the address. */
export function addressAddsUp(
  { assertZero }: Pick<AirBuilder<never>, 'assertZero'>,
  { rs1Lo, rs1Hi, immLo, immHi, carryLo, carryHi, addressHi }: AddressCells,
  low: Expr,
): void {
  assertZero(
    'the low limb of the address adds up',
    rs1Lo
      .plus(immLo)
      .minus(low)
      .minus(carryLo.times(2 ** 16)),
  );
  assertZero(
    'the high limb of the address adds up',
    rs1Hi
      .plus(immHi)
      .plus(carryLo)
      .minus(addressHi)
      .minus(carryHi.times(2 ** 16)),
  );
}

/** Writes the cells of `addressColumns`, which are contiguous from `offsets.immLo`; returns the address, a u32. */
export function writeAddress(cells: Uint32Array, at: number, rs1: number, imm: number): number {
  const low = (rs1 & 0xffff) + (imm & 0xffff);
  const high = (rs1 >>> 16) + (imm >>> 16) + (low >>> 16);
  cells[at] = imm & 0xffff;
  cells[at + 1] = imm >>> 16;
  cells[at + 2] = low >>> 16;
  cells[at + 3] = high >>> 16;
  cells[at + 4] = high & 0xffff;
  return (rs1 + imm) >>> 0;
}
