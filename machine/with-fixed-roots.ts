/** A machine with fixed tables of a user's: its roots are computed, not constants of this version. */
import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { fixedRoots } from '../stark/prover/fixed.ts';
import { relationDigest } from '../stark/relation.ts';
import type { Extension, Machine } from './machine.ts';

export const hasTables = (extensions: readonly Extension[]): boolean =>
  extensions.some(({ tables = [] }) => tables.length > 0);

/** The machine with the roots of all its fixed tables. **Cost**: about a second. Not needed without extra tables. */
export async function withFixedRoots(machine: Machine, roots?: Readonly<Record<string, string>>): Promise<Machine> {
  return { ...machine, relation: { ...machine.relation, fixedRoots: roots ?? (await fixedRoots(machine.relation)) } };
}

/**
 * Names the roots of a machine with extra tables, 64 hex digits: its relation as composed with the constants of this
 * version, which stand for the cells of the built-in tables, and the cells of the extra ones.
 */
export function fixedTablesKey(machine: Machine, extra: readonly Extension[]): string {
  const hash = blake3.create().update(utf8ToBytes(relationDigest(machine.relation)));
  for (const { air } of extra.flatMap(({ tables = [] }) => tables)) {
    for (const column of machine.relation.fixedTables.get(air.name)!.columns()) {
      hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    }
  }
  return bytesToHex(hash.digest());
}
