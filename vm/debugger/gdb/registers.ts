/**
 * Registers as gdb numbers them: x0..x31, pc, f0..f31, then fflags, frm, fcsr, each 32 bits little-endian.
 *
 * Source: Debugging with GDB (13), appendix G.5.11 "RISC-V Features"; numbers are in order of the description.
 */
import { F_NAMES, X_NAMES } from '../../isa/registers.ts';
import { REGISTER } from '../../space.ts';
import type { ObservedMachine } from '../observed-machine.ts';
import type { Edit } from '../timeline.ts';

const PC = 32;
const F0 = 33;
const [FFLAGS, FRM, FCSR] = [65, 66, 67];
export const NUM_REGISTERS = 68;

/** The target description. The float type makes gdb print f registers as numbers. */
export const TARGET_XML = [
  '<?xml version="1.0"?>',
  '<!DOCTYPE target SYSTEM "gdb-target.dtd">',
  '<target version="1.0">',
  '<architecture>riscv:rv32</architecture>',
  '<feature name="org.gnu.gdb.riscv.cpu">',
  ...X_NAMES.map((name, i) => {
    const type = name === 'ra' ? 'code_ptr' : ['sp', 'gp', 'tp', 's0'].includes(name) ? 'data_ptr' : 'int';
    return `<reg name="${name === 's0' ? 'fp' : name}" bitsize="32" type="${type}" regnum="${i}"/>`;
  }),
  `<reg name="pc" bitsize="32" type="code_ptr" regnum="${PC}"/>`,
  '</feature>',
  '<feature name="org.gnu.gdb.riscv.fpu">',
  ...F_NAMES.map((name, i) => `<reg name="${name}" bitsize="32" type="ieee_single" regnum="${F0 + i}"/>`),
  `<reg name="fflags" bitsize="32" type="int" regnum="${FFLAGS}"/>`,
  `<reg name="frm" bitsize="32" type="int" regnum="${FRM}"/>`,
  `<reg name="fcsr" bitsize="32" type="int" regnum="${FCSR}"/>`,
  '</feature>',
  '</target>',
].join('\n');

/** The u32 in register `number`, or undefined if there is none. */
export function readRegister({ registers, pc }: ObservedMachine, number: number): number | undefined {
  const [frm, fflags] = [registers[REGISTER.frm]!, registers[REGISTER.fflags]!];
  switch (number) {
    case PC:
      return pc;
    case FFLAGS:
      return fflags;
    case FRM:
      return frm;
    case FCSR:
      return (frm << 5) | fflags;
  }
  if (number < 0 || number >= FFLAGS) return undefined;
  return registers[number < PC ? REGISTER.x0 + number : REGISTER.f0 + number - F0];
}

/** The changes that put a value there, or undefined if there is no such register. Writes to x0 do nothing, as in a run. */
export function registerEdits(number: number, value: number): readonly Edit[] | undefined {
  switch (number) {
    case 0:
      return [];
    case PC:
      return [{ pc: value }];
    case FFLAGS:
      return [{ register: REGISTER.fflags, value: value & 31 }];
    case FRM:
      return [{ register: REGISTER.frm, value: value & 7 }];
    case FCSR:
      return [
        { register: REGISTER.frm, value: (value >>> 5) & 7 },
        { register: REGISTER.fflags, value: value & 31 },
      ];
  }
  if (!(number > 0 && number < FFLAGS)) return undefined;
  return [{ register: number < PC ? REGISTER.x0 + number : REGISTER.f0 + number - F0, value }];
}

/** Bytes as gdb writes them, two digits each. */
export const bytesDigits = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The bytes of digits, or undefined if it is no even number of digits. */
export function bytesOf(digits: string): readonly number[] | undefined {
  if (!/^([0-9a-f]{2})*$/i.test(digits)) return undefined;
  return (digits.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
}

/** A word of four bytes in target order. */
export const wordOf = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]): number =>
  (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;

/** A word in target order: the low byte first. */
export const wordDigits = (word: number): string => bytesDigits([0, 8, 16, 24].map((shift) => (word >>> shift) & 0xff));
