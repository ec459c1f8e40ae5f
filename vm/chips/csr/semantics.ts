/**
 * Zicsr on the parts of fcsr: what rd receives, and what frm and fflags hold afterwards. RISC-V Unprivileged ISA, chapter 6
 * and 21.2: fcsr is fflags in bits 0 to 4 and frm in bits 5 to 7; further bits are 0 and ignored when written.
 */

/** Which parts an instruction names. */
export type FcsrName = 'fflags' | 'frm' | 'fcsr';
export type CsrAction = 'write' | 'set' | 'clear';

export interface Fcsr {
  readonly frm: number;
  readonly fflags: number;
}

export const FLAGS_BITS = 5;
export const FRM_BITS = 3;

/** Value of the register as an instruction reads it. */
export function readFcsr(name: FcsrName, { frm, fflags }: Fcsr): number {
  if (name === 'frm') return frm;
  return name === 'fflags' ? fflags : fflags + frm * 2 ** FLAGS_BITS;
}

/** The parts after an instruction with this source operand, a u32. */
export function updateFcsr(name: FcsrName, action: CsrAction, before: Fcsr, source: number): Fcsr {
  const old = readFcsr(name, before);
  const value = action === 'write' ? source : action === 'set' ? old | source : old & ~source;
  const low = (bits: number, shift = 0): number => (value >>> shift) & (2 ** bits - 1);
  if (name === 'frm') return { ...before, frm: low(FRM_BITS) };
  if (name === 'fflags') return { ...before, fflags: low(FLAGS_BITS) };
  return { frm: low(FRM_BITS, FLAGS_BITS), fflags: low(FLAGS_BITS) };
}
