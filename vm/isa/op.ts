/** Every instruction there is, by mnemonic: where chips take the ids and encodings from. */
import { F } from './f.ts';
import type { InstructionSpec } from './instruction.ts';
import { M } from './m.ts';
import { RV32I } from './rv32i.ts';
import { XULP } from './xulp.ts';
import { ZFBFMIN } from './zfbfmin.ts';
import { ZICSR } from './zicsr.ts';

const BY_MNEMONIC = new Map([...RV32I, ...M, ...F, ...ZICSR, ...ZFBFMIN, ...XULP].map((spec) => [spec.mnemonic, spec]));

/** @throws {RangeError} if there is no such instruction. */
export function specOf(mnemonic: string): InstructionSpec {
  const spec = BY_MNEMONIC.get(mnemonic);
  if (spec === undefined) throw new RangeError(`mnemonic: expected one of the ISA, got ${mnemonic}`);
  return spec;
}

/** Id of an instruction: the `op` of the program table. @throws {RangeError} if there is no such instruction. */
export const opOf = (mnemonic: string): number => specOf(mnemonic).op;
