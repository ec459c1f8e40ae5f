/**
 * Roots of the fixed tables of machines with extensions, on disk: one small JSON file a machine, named by its relation
 * and the cells of its extra tables. A file that is damaged is computed again; a folder that cannot be written is noted.
 *
 * Whoever can write there can give another machine's roots: proofs of that machine then fail to verify elsewhere, and
 * the verifying key tells. The folder is as trusted as `ulp.config.ts`.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Extension, Machine } from '../../machine/machine.ts';
import { fixedTablesKey, withFixedRoots } from '../../machine/with-fixed-roots.ts';
import { fixedCommitments, fixedRootKey } from '../../stark/layout.ts';
import { PARAMETER_SETS } from '../../stark/parameters.ts';
import { durationText } from '../format.ts';
import type { Io } from '../io.ts';

const inMemory = new Map<string, Readonly<Record<string, string>>>();

/** $XDG_CACHE_HOME/ulp, by default ~/.cache/ulp. */
export const cacheFolder = (): string => join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ulp');

/** The machine with its roots, from the cache or computed now, with a line on standard error. */
export async function withCachedRoots(io: Io, machine: Machine, extra: readonly Extension[]): Promise<Machine> {
  const key = fixedTablesKey(machine, extra);
  const path = join(cacheFolder(), 'fixed-roots', `${key}.json`);
  const roots = inMemory.get(key) ?? (await readRoots(path, machine));
  if (roots !== undefined) {
    inMemory.set(key, roots);
    return withFixedRoots(machine, roots);
  }
  const names = extra.flatMap(({ tables = [] }) => tables).map(({ air }) => air.name);
  io.err(`fixed tables of this machine (${names.join(', ')}): computing their roots, once`);
  const start = performance.now();
  const complete = await withFixedRoots(machine);
  const computed = complete.relation.fixedRoots;
  inMemory.set(key, computed);
  const kept = await writeRoots(path, computed);
  const where = kept === undefined ? path : `not kept: ${kept}`;
  io.err(`  roots        ${durationText(performance.now() - start)}, ${where}`);
  return complete;
}

/** Undefined unless the file has a root for every commitment of every parameter set. */
async function readRoots(path: string, { relation }: Machine): Promise<Readonly<Record<string, string>> | undefined> {
  const keys = PARAMETER_SETS.flatMap((set) => fixedCommitments(relation).map((c) => fixedRootKey(set.name, c.name)));
  try {
    const roots = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
    const isWhole =
      Object.keys(roots).join() === keys.join() && Object.values(roots).every((r) => /^[0-9a-f]{64}$/.test(String(r)));
    return isWhole ? (roots as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}

/** Written aside and renamed, so that nobody reads half a file. Returns why it could not be kept. */
async function writeRoots(path: string, roots: Readonly<Record<string, string>>): Promise<string | undefined> {
  try {
    await mkdir(join(path, '..'), { recursive: true });
    const aside = `${path}.${randomUUID()}`;
    await writeFile(aside, `${JSON.stringify(roots)}\n`);
    await rename(aside, path);
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}
