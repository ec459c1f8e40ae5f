/**
 * A machine's instructions as one table, composed from the extensions it implements.
 *
 * Decoding is a look-up by opcode and funct3 (2^8 buckets, at most a handful of rows each), then one masked comparison
 * a row. Programs are decoded once, when they are loaded, so the step loop never comes here.
 */

import { fieldsOf, hasRoundingMode, identity } from './encoding.ts';
import { type Fields, FORMATS, type InstructionSpec } from './instruction.ts';

export interface Decoded {
  readonly spec: InstructionSpec;
  readonly fields: Fields;
}

export interface InstructionTable {
  readonly specs: readonly InstructionSpec[];
  byMnemonic(mnemonic: string): InstructionSpec | undefined;
  byOp(op: number): InstructionSpec | undefined;
  /** The instruction a word is, or undefined if this machine has none (an illegal instruction). */
  decode(word: number): Decoded | undefined;
}

interface Row {
  readonly spec: InstructionSpec;
  readonly mask: number;
  readonly match: number;
}

/**
 * Composes instruction rows.
 *
 * @throws RangeError if two rows share a mnemonic or an op id, if a member of one is out of its range, or if one word would
 * be two instructions
 */
export function defineTable(...extensions: readonly (readonly InstructionSpec[])[]): InstructionTable {
  const specs = extensions.flat();
  const byMnemonic = new Map<string, InstructionSpec>();
  const byOp = new Map<number, InstructionSpec>();
  const buckets: Row[][] = Array.from({ length: 256 }, () => []);
  for (const spec of specs) {
    checkRanges(spec);
    if (byMnemonic.has(spec.mnemonic))
      throw new RangeError(`specs: expected unique mnemonics, got ${spec.mnemonic} twice`);
    const twin = byOp.get(spec.op);
    if (twin !== undefined) {
      throw new RangeError(`specs: expected unique op ids, got ${spec.op} for ${twin.mnemonic} and ${spec.mnemonic}`);
    }
    byMnemonic.set(spec.mnemonic, spec);
    byOp.set(spec.op, spec);
    const row = { spec, ...identity(spec) };
    for (let bucket = 0; bucket < 256; bucket++) {
      if (!mayHold(bucket, row)) continue;
      const clash = buckets[bucket]!.find((other) => overlap(row, other));
      if (clash !== undefined) {
        throw new RangeError(`specs: expected disjoint encodings, got ${clash.spec.mnemonic} and ${spec.mnemonic}`);
      }
      buckets[bucket]!.push(row);
    }
  }
  return {
    specs,
    byMnemonic: (mnemonic) => byMnemonic.get(mnemonic),
    byOp: (op) => byOp.get(op),
    decode(word) {
      // 11 in the low bits marks a 32-bit instruction; 16-bit ones (C) are not part of any machine here.
      if ((word & 3) !== 3) return undefined;
      const bucket = buckets[((word >>> 2) & 31) | ((word >>> 7) & 0xe0)]!;
      for (const { spec, mask, match } of bucket) {
        if ((word & mask) >>> 0 !== match) continue;
        const fields = fieldsOf(spec, word);
        // Rounding modes 5 and 6 are reserved; an instruction that uses them is illegal (chapter 21.2).
        return hasRoundingMode(spec) && (fields.rm === 5 || fields.rm === 6) ? undefined : { spec, fields };
      }
      return undefined;
    },
  };
}

/** Whether some word is both. */
function overlap(a: Row, b: Row): boolean {
  return ((a.match ^ b.match) & a.mask & b.mask) === 0;
}

/** A bucket is opcode bits 6..2 in its low five bits and funct3 in its high three. */
function mayHold(bucket: number, { mask, match }: Row): boolean {
  const word = 3 | ((bucket & 31) << 2) | ((bucket >>> 5) << 12);
  return ((word ^ match) & mask & 0x707f) === 0;
}

/** A word that the assembler reads as one name. */
const MNEMONIC = /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/;

function checkRanges(spec: InstructionSpec): void {
  if (!MNEMONIC.test(spec.mnemonic)) {
    throw new RangeError(
      `mnemonic: expected lower-case letters, digits and dots, got ${JSON.stringify(spec.mnemonic)}`,
    );
  }
  if (!FORMATS.includes(spec.format)) {
    throw new RangeError(`format of ${spec.mnemonic}: expected one of ${FORMATS.join(', ')}, got ${spec.format}`);
  }
  const limits = { op: 255, opcode: 127, funct3: 7, funct7: 127, funct2: 3 } as const;
  for (const [name, limit] of Object.entries(limits) as [keyof typeof limits, number][]) {
    const value = spec[name] ?? 0;
    if (!Number.isInteger(value) || value < 0 || value > limit) {
      throw new RangeError(`${name} of ${spec.mnemonic}: expected an integer in 0..${limit}, got ${value}`);
    }
  }
  if ((spec.opcode & 3) !== 3)
    throw new RangeError(`opcode of ${spec.mnemonic}: expected low bits 11, got ${spec.opcode}`);
}
