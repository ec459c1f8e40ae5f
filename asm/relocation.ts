/**
 * Relocations: how an address is written into an instruction or a number. S is the symbol's address, A the addend, P the
 * place's own address; all sums are modulo 2^32.
 *
 * Source: RISC-V ELF psABI Specification 1.0, chapter 8.4.
 */

import { withImmediate } from '../vm/isa/encoding.ts';
import { fail } from './diagnostic.ts';
import { checkReach } from './immediate.ts';
import type { Span } from './source.ts';

export const RELOCATION = {
  R_RISCV_NONE: 0,
  R_RISCV_32: 1,
  R_RISCV_BRANCH: 16,
  R_RISCV_JAL: 17,
  R_RISCV_CALL: 18,
  R_RISCV_CALL_PLT: 19,
  R_RISCV_PCREL_HI20: 23,
  R_RISCV_PCREL_LO12_I: 24,
  R_RISCV_PCREL_LO12_S: 25,
  R_RISCV_HI20: 26,
  R_RISCV_LO12_I: 27,
  R_RISCV_LO12_S: 28,
  R_RISCV_ADD8: 33,
  R_RISCV_ADD16: 34,
  R_RISCV_ADD32: 35,
  R_RISCV_ADD64: 36,
  R_RISCV_SUB8: 37,
  R_RISCV_SUB16: 38,
  R_RISCV_SUB32: 39,
  R_RISCV_SUB64: 40,
  R_RISCV_ALIGN: 43,
  R_RISCV_RELAX: 51,
  R_RISCV_SUB6: 52,
  R_RISCV_SET6: 53,
  R_RISCV_SET8: 54,
  R_RISCV_SET16: 55,
  R_RISCV_SET32: 56,
  R_RISCV_32_PCREL: 57,
} as const;

const NAMES = new Map<number, string>(Object.entries(RELOCATION).map(([name, number]) => [number, name]));

export function relocationName(type: number): string {
  return NAMES.get(type) ?? `relocation ${type}`;
}

/** Whether this type is known here. */
export function isKnownRelocation(type: number): boolean {
  return NAMES.has(type);
}

/** Types that write nothing: what they say is for a linker that shortens code, which this one never does. */
export function isHint(type: number): boolean {
  return type === RELOCATION.R_RISCV_NONE || type === RELOCATION.R_RISCV_RELAX;
}

/** Types whose symbol is the label of the instruction with the upper part. */
export function isPcrelLow(type: number): boolean {
  return type === RELOCATION.R_RISCV_PCREL_LO12_I || type === RELOCATION.R_RISCV_PCREL_LO12_S;
}

/** Bytes a relocation changes; 0 for those that change none. */
export function relocationBytes(type: number): number {
  const name = relocationName(type);
  if (isHint(type) || type === RELOCATION.R_RISCV_ALIGN) return 0;
  if (name.startsWith('R_RISCV_CALL')) return 8;
  const width = /(?:ADD|SUB|SET)(\d+)$/.exec(name)?.[1];
  return width === undefined ? 4 : Math.ceil(Number(width) / 8);
}

/**
 * Applies one relocation in place.
 *
 * @param value S + A; for the low part of a pair the offset of its upper part's target from that upper part
 * @param pc P
 * @throws DiagnosticError if the target is out of reach, or code would have to be moved
 */
export function applyRelocation(bytes: Uint8Array, at: number, type: number, value: number, pc: number, span: Span) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = view.getUint32.bind(view);
  const immediate = (format: 'I' | 'S' | 'B' | 'U' | 'J', imm: number, offset = at): void =>
    view.setUint32(offset, withImmediate(format, word(offset, true), imm), true);
  const distance = (value - pc) | 0;
  switch (type) {
    case RELOCATION.R_RISCV_NONE:
    case RELOCATION.R_RISCV_RELAX:
      return;
    case RELOCATION.R_RISCV_ALIGN: {
      // `value` is the number of bytes of nops. All of them stay, so what follows them must be aligned as it is.
      const alignment = 2 ** Math.ceil(Math.log2(value + 1));
      if ((pc + value) % alignment === 0) return;
      const help = 'assemble it by `-mno-relax`, then the padding is exact';
      throw fail('needs-relaxation', `code has to be moved to align it to ${alignment} bytes`, span, help);
    }
    case RELOCATION.R_RISCV_32:
    case RELOCATION.R_RISCV_SET32:
      return view.setUint32(at, value, true);
    case RELOCATION.R_RISCV_32_PCREL:
      return view.setInt32(at, distance, true);
    case RELOCATION.R_RISCV_BRANCH:
      checkReach(aligned(distance, span), 4096, span);
      return immediate('B', distance);
    case RELOCATION.R_RISCV_JAL:
      checkReach(aligned(distance, span), 0x100000, span);
      return immediate('J', distance);
    case RELOCATION.R_RISCV_CALL:
    case RELOCATION.R_RISCV_CALL_PLT:
      immediate('U', upper(aligned(distance, span)));
      return immediate('I', distance, at + 4);
    case RELOCATION.R_RISCV_PCREL_HI20:
      return immediate('U', upper(distance));
    case RELOCATION.R_RISCV_HI20:
      return immediate('U', upper(value | 0));
    case RELOCATION.R_RISCV_LO12_I:
    case RELOCATION.R_RISCV_PCREL_LO12_I:
      return immediate('I', value);
    case RELOCATION.R_RISCV_LO12_S:
    case RELOCATION.R_RISCV_PCREL_LO12_S:
      return immediate('S', value);
    case RELOCATION.R_RISCV_ADD8:
      return view.setUint8(at, view.getUint8(at) + value);
    case RELOCATION.R_RISCV_SUB8:
      return view.setUint8(at, view.getUint8(at) - value);
    case RELOCATION.R_RISCV_SET8:
      return view.setUint8(at, value);
    case RELOCATION.R_RISCV_SUB6:
      return view.setUint8(at, (view.getUint8(at) & 0xc0) | ((view.getUint8(at) - value) & 0x3f));
    case RELOCATION.R_RISCV_SET6:
      return view.setUint8(at, (view.getUint8(at) & 0xc0) | (value & 0x3f));
    case RELOCATION.R_RISCV_ADD16:
      return view.setUint16(at, view.getUint16(at, true) + value, true);
    case RELOCATION.R_RISCV_SUB16:
      return view.setUint16(at, view.getUint16(at, true) - value, true);
    case RELOCATION.R_RISCV_SET16:
      return view.setUint16(at, value, true);
    case RELOCATION.R_RISCV_ADD32:
      return view.setUint32(at, word(at, true) + value, true);
    case RELOCATION.R_RISCV_SUB32:
      return view.setUint32(at, word(at, true) - value, true);
    case RELOCATION.R_RISCV_ADD64:
      return view.setBigUint64(at, view.getBigUint64(at, true) + BigInt(value), true);
    case RELOCATION.R_RISCV_SUB64:
      return view.setBigUint64(at, view.getBigUint64(at, true) - BigInt(value), true);
    default:
      throw new RangeError(`type: expected a known relocation, got ${type}`);
  }
}

/** What a sign-extended lower part of 12 bits leaves for the upper part: the nearest multiple of 4096. */
function upper(value: number): number {
  return (value - ((value << 20) >> 20)) | 0;
}

function aligned(distance: number, span: Span): number {
  if (distance % 4 === 0) return distance;
  throw fail('misaligned-target', 'instructions are at multiples of 4 bytes', span);
}
