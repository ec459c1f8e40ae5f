/**
 * `ulp.config.ts`: the user's chips, tables and instructions. The file and what it imports run as they are, with types
 * removed, and import `ulpvm/...` from the package that runs.
 */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { UserExtension } from '../../kit/config.ts';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { shown, userPlaceOf } from './user-place.ts';

export const CONFIG_NAMES = ['ulp.config.ts', 'ulp.config.js', 'ulp.config.mjs'] as const;

export interface Config {
  readonly path: string;
  readonly extensions: readonly UserExtension[];
}

/**
 * The file that was named, or the first of CONFIG_NAMES in the working directory; undefined if there is none.
 * @throws {CliError} `file` if the one that was named is missing; `config` with the place of what is wrong in it
 */
export async function readConfig(io: Io, named: string | undefined): Promise<Config | undefined> {
  const path = named ?? (await firstExisting(io));
  if (path === undefined) return undefined;
  if (!(await io.exists(path))) throw new CliError('file', `cannot read ${path}: no such file or directory`);
  const module = await importUser<{ readonly default?: unknown }>(resolve(path));
  return { path, extensions: extensionsOf(path, module.default) };
}

async function firstExisting(io: Io): Promise<string | undefined> {
  for (const name of CONFIG_NAMES) if (await io.exists(name)) return name;
  return undefined;
}

/** Imports a module of the user's. @throws {CliError} `config` */
async function importUser<T>(path: string): Promise<T> {
  await import('../../loader/index.ts');
  try {
    return (await import(pathToFileURL(path).href)) as T;
  } catch (cause) {
    throw placed(cause, shown(path));
  }
}

/** Any error of a user's module as one line with a place. */
export function placed(cause: unknown, path: string): CliError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const help = 'docs/write-a-chip.md builds an extension from nothing';
  // The stripper and Node's parser put the place before the message, or above the stack.
  const [, strippedFile, strippedPlace, rest] = /^(\/[^:\n]+):(\d+:\d+): ([\s\S]*)$/.exec(text) ?? [];
  if (rest !== undefined)
    return new CliError('config', `${shown(strippedFile!)}:${strippedPlace}: ${rest}`, { cause, help });
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND') {
    const [, wanted, from] = /Cannot find (?:module|package) '([^']+)' imported from (.+)$/.exec(text) ?? [];
    if (wanted !== undefined) {
      const importer = from!.startsWith('file:') ? fileURLToPath(from!) : from!;
      return new CliError('config', `${importPlace(importer, wanted)}: cannot find ${shown(wanted)}`, { cause, help });
    }
  }
  const place = userPlaceOf(cause) ?? parserPlace(cause) ?? path;
  return new CliError('config', `${place}: ${text}`, { cause, help });
}

/** "config.ts:3" of the line that imports a missing module. */
function importPlace(importer: string, wanted: string): string {
  const line = readFileSync(importer, 'utf8')
    .split('\n')
    .findIndex((text) => /\bimport\b|\bfrom\b/.test(text) && text.includes(basename(wanted).replace(/\.\w+$/, '')));
  return line < 0 ? shown(importer) : `${shown(importer)}:${line + 1}`;
}

/** Node prints "file:///a/b.mjs:3" before the message of a syntax error. */
function parserPlace(cause: unknown): string | undefined {
  const [, url, line] = (cause instanceof Error && /^(file:\/\/\S+?):(\d+)\n/.exec(cause.stack ?? '')) || [];
  return url === undefined ? undefined : `${shown(fileURLToPath(url))}:${line}`;
}

function extensionsOf(path: string, value: unknown): readonly UserExtension[] {
  const refuse = (where: string, expected: string, got: unknown): never => {
    const what =
      got === undefined ? 'nothing' : got === null ? 'null' : Array.isArray(got) ? 'a list' : `a ${typeof got}`;
    throw new CliError('config', `${path}: ${where}: expected ${expected}, got ${what}`, {
      help: 'export default defineConfig([{ name, chips, tables, instructions }])',
    });
  };
  const members = (where: string, list: unknown, keys: Readonly<Record<string, string>>, what: string): void => {
    if (list === undefined) return;
    if (!Array.isArray(list)) refuse(where, `a list of ${what}s`, list);
    (list as unknown[]).forEach((item, i) => {
      for (const [key, type] of Object.entries(keys)) {
        const member = (item as Record<string, unknown> | undefined)?.[key];
        if (typeof member !== type)
          refuse(`${where}[${i}].${key}`, `a ${what}: ${Object.keys(keys).join(', ')}`, member);
      }
    });
  };
  if (!Array.isArray(value)) refuse('default export', 'a list of extensions', value);
  (value as Record<string, unknown>[]).forEach((extension, i) => {
    const where = `extension ${i}`;
    if (typeof extension?.['name'] !== 'string') refuse(`${where}, name`, 'a string', extension?.['name']);
    members(`${where}, chips`, extension['chips'], { air: 'object', rows: 'function', fill: 'function' }, 'chip');
    members(
      `${where}, tables`,
      extension['tables'],
      { air: 'object', provider: 'object', fixedRow: 'function' },
      'table',
    );
    const keys = { spec: 'object', decode: 'function', execute: 'function' };
    members(`${where}, instructions`, extension['instructions'], keys, 'instruction');
    const { forgeries } = extension;
    if (forgeries !== undefined && typeof forgeries !== 'function') {
      refuse(`${where}, forgeries`, "a function: () => import('./forgeries.ts')", forgeries);
    }
  });
  return value as readonly UserExtension[];
}
