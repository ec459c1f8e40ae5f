/**
 * `ulp.config.ts`: the user's chips, tables and instructions. The file and what it imports run as they are, with types
 * removed, and import `ulpvm/...` from the package that runs.
 */
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { nearest } from '../../asm/suggest.ts';
import type { UserExtension } from '../../kit/config.ts';
import { TraceError } from '../../vm/chip.ts';
import { CliError, cliErrorOf } from '../cli-error.ts';
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
  if (!/\.m?[jt]s$/.test(path)) {
    throw new CliError('file', `--config ${path}: expected a module: a .ts, .js or .mjs file`, { help: GUIDE });
  }
  await io.readFile(path); // says what is wrong with it as a file
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
  // A top-level await of what never comes would end the process without a word, when nothing is left to do.
  let stop = (): void => {};
  const idle = new Promise<never>((_, reject) => {
    stop = () => reject(new CliError('config', `${shown(path)}: a top-level await never ends`, { help: GUIDE }));
    process.once('beforeExit', stop);
  });
  try {
    return await Promise.race([import(pathToFileURL(path).href) as Promise<T>, idle]);
  } catch (cause) {
    throw cause instanceof CliError ? cause : placed(cause, shown(path));
  } finally {
    process.off('beforeExit', stop);
  }
}

/** The next step where no better one is known. */
export const GUIDE = 'docs/write-a-chip.md builds an extension from nothing';

/** What is said of a column that an air does not have. */
const OF_NOTHING = /of undefined \(reading '(?:plus|minus|times|not|0)'\)/;

/** Any error of a user's module as one line with a place. */
export function placed(cause: unknown, path: string): CliError {
  // It names chip, row and column, which is nearer than whoever asked for the row.
  if (cause instanceof TraceError) return cliErrorOf(cause);
  const text = cause instanceof Error ? cause.message : String(cause);
  const help = OF_NOTHING.test(text) ? 'a column that the chip does not declare under `columns` is undefined' : GUIDE;
  // The stripper and Node's parser put the place before the message, or above the stack.
  const [, strippedFile, strippedPlace, rest] = /^(\/[^:\n]+):(\d+:\d+): ([\s\S]*)$/.exec(text) ?? [];
  if (rest !== undefined)
    return new CliError('config', `${shown(strippedFile!)}:${strippedPlace}: ${rest}`, { cause, help });
  if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND') {
    const [, wanted, from] = /Cannot find (?:module|package) '([^']+)' imported from (.+)$/.exec(text) ?? [];
    if (wanted !== undefined) {
      const importer = from!.startsWith('file:') ? fileURLToPath(from!) : from!;
      return new CliError('config', `${importPlace(importer, wanted)}: cannot find ${shown(wanted)}`, {
        cause,
        help: wanted.startsWith('/')
          ? 'paths start from the file that imports, and end in the name of a file: ./chip/air.ts'
          : `it is a package: \`npm install ${wanted}\``,
      });
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

/** "a list", "an object". */
const withArticle = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;

const kindOf = (got: unknown): string =>
  got === undefined ? 'nothing' : got === null ? 'null' : withArticle(Array.isArray(got) ? 'list' : typeof got);

/** Objects inside of members: what makes them, and a part that all of them have. */
const PARTS = {
  air: { from: 'what defineAir returns', part: 'interactions' },
  provider: { from: 'what fixedTable returns', part: 'multiplicities' },
  spec: { from: 'an InstructionSpec', part: 'mnemonic' },
};

const MEMBERS = ['name', 'chips', 'tables', 'instructions', 'forgeries'];

function extensionsOf(path: string, value: unknown): readonly UserExtension[] {
  const refuse = (where: string, expected: string, got: unknown): never => {
    throw new CliError('config', `${path}: ${where}: expected ${expected}, got ${kindOf(got)}`, {
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
          refuse(`${where}[${i}].${key}`, `${withArticle(what)}: ${Object.keys(keys).join(', ')}`, member);
      }
      for (const [key, { from, part }] of Object.entries(PARTS)) {
        const member = key in keys ? (item as Record<string, object | null>)[key] : undefined;
        if (member !== undefined && !(part in (member ?? {}))) refuse(`${where}[${i}].${key}`, from, member);
      }
    });
  };
  if (!Array.isArray(value)) refuse('default export', 'a list of extensions', value);
  (value as Record<string, unknown>[]).forEach((extension, i) => {
    const where = `extension ${i}`;
    if (typeof extension !== 'object' || extension === null) refuse(where, 'an object', extension);
    const unknown = Object.keys(extension).find((key) => !MEMBERS.includes(key));
    if (unknown !== undefined) {
      throw new CliError('config', `${path}: ${where}: expected ${MEMBERS.join(', ')}, got ${unknown}`, {
        help: `did you mean ${nearest(unknown, MEMBERS) ?? MEMBERS.slice(1).join(' or ')}?`,
      });
    }
    if (typeof extension['name'] !== 'string') refuse(`${where}, name`, 'a string', extension['name']);
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
