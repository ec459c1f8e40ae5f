/** Every instruction there is, by mnemonic: where chips take the ids and encodings from. */

import type { InstructionSpec } from './instruction.ts';
import { KNOWN_INSTRUCTIONS } from './known.ts';

/** @throws RangeError if there is no such instruction */
export function specOf(mnemonic: string): InstructionSpec {
  const spec = KNOWN_INSTRUCTIONS.byMnemonic(mnemonic);
  if (spec === undefined) throw new RangeError(`mnemonic: expected one of the ISA, got ${mnemonic}`);
  return spec;
}

/** Id of an instruction: the `op` of the program table. @throws RangeError if there is no such instruction */
export const opOf = (mnemonic: string): number => specOf(mnemonic).op;
