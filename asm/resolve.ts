/**
 * Which objects a program consists of and what its names mean: one strong definition a name, a weak one only without a
 * strong one, members of archives only for names that nothing else defines.
 *
 * Source: System V ABI, chapter 4 (symbol table).
 */

import type { Archive } from './archive.ts';
import { DiagnosticError, fail } from './diagnostic.ts';
import type { ObjectFile, ObjectSection, ObjectSymbol } from './object.ts';
import type { Report } from './report.ts';

export interface Resolved {
  /** In order of appearance, with the members taken from archives, and one that holds common symbols. */
  readonly objects: readonly ObjectFile[];
  /** Definitions of global and weak names. */
  readonly globals: ReadonlyMap<string, ObjectSymbol>;
}

/** @param entry a name that is needed from the start */
export function resolve(
  given: readonly ObjectFile[],
  archives: readonly Archive[],
  entry: string,
  report: Report,
): Resolved {
  const objects: ObjectFile[] = [];
  const globals = new Map<string, ObjectSymbol>();
  const wanted = new Set<string>();
  const add = (object: ObjectFile): void => {
    objects.push(object);
    for (const symbol of object.symbols) {
      if (symbol.binding === 'local') continue;
      if (symbol.place.kind !== 'undefined') define(globals, symbol, report);
      // A weak reference takes nothing out of an archive.
      else if (symbol.binding === 'global') wanted.add(symbol.name);
    }
  };
  for (const object of given) add(object);
  if (!given.some(({ symbols }) => symbols.some(({ name, place }) => name === entry && place.kind !== 'undefined'))) {
    wanted.add(entry);
  }
  const taken = new Set<ObjectFile>();
  for (let found = true; found; ) {
    found = false;
    for (const member of archives.flatMap((archive) => archive.objects)) {
      if (taken.has(member) || !definesWanted(member, wanted, globals)) continue;
      taken.add(member);
      add(member);
      found = true;
    }
  }
  const commons = allotCommons(globals, objects[0]!);
  return { objects: commons === undefined ? objects : [...objects, commons], globals };
}

function definesWanted(
  { symbols }: ObjectFile,
  wanted: ReadonlySet<string>,
  globals: ReadonlyMap<string, ObjectSymbol>,
): boolean {
  return symbols.some(
    ({ name, binding, place }) =>
      binding !== 'local' && place.kind !== 'undefined' && wanted.has(name) && !globals.has(name),
  );
}

function define(globals: Map<string, ObjectSymbol>, symbol: ObjectSymbol, report: Report): void {
  const { name } = symbol;
  const known = globals.get(name);
  if (known === undefined || rank(symbol) > rank(known)) {
    globals.set(name, symbol);
  } else if (rank(symbol) === STRONG && rank(known) === STRONG) {
    report.attempt(() => {
      const { diagnostic } = fail('duplicate-symbol', `\`${name}\` is already defined`, symbol.span);
      throw new DiagnosticError({ ...diagnostic, note: { message: 'first defined', span: known.span } });
    });
  } else if (symbol.place.kind === 'common' && known.place.kind === 'common') {
    const [size, value] = [Math.max(symbol.size, known.size), Math.max(symbol.value, known.value)];
    globals.set(name, { ...known, size, value });
  }
}

const STRONG = 2;

/** A strong definition hides a common one, and both a weak one. */
function rank({ binding, place }: ObjectSymbol): number {
  if (binding === 'weak') return 0;
  return place.kind === 'common' ? 1 : STRONG;
}

/** An object of zeros for the common symbols that are left; they become symbols in it. */
function allotCommons(globals: Map<string, ObjectSymbol>, first: ObjectFile): ObjectFile | undefined {
  const commons = [...globals.values()].filter(({ place }) => place.kind === 'common');
  if (commons.length === 0) return undefined;
  let length = 0;
  const offsets = commons.map(({ value: alignment, size }) => {
    const offset = Math.ceil(length / alignment) * alignment;
    length = offset + size;
    return offset;
  });
  const section: ObjectSection = {
    ...{ name: '.bss', length, alignment: Math.max(...commons.map(({ value }) => value)) },
    flags: { alloc: true, write: true, execute: false, nobits: true },
    ...{ bytes: new Uint8Array(0), relocations: [], lines: [], spans: new Map() },
  };
  const symbols = commons.map((symbol, i): ObjectSymbol => {
    const allotted: ObjectSymbol = { ...symbol, place: { kind: 'section', section }, value: offsets[i]! };
    globals.set(symbol.name, allotted);
    return allotted;
  });
  return { path: 'common symbols', sections: [section], symbols, start: first.start };
}
