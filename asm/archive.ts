/**
 * Archives of objects, `ar` format as GNU and LLVM tools write and read it: a magic line, then members with a header of
 * 60 characters each, at even offsets. `/` is the symbol index (big-endian), `//` holds names longer than 15 characters.
 *
 * The index is written for other linkers. When reading, the members' own symbol tables are used, so that an archive
 * without an index, or with a wrong one, works too.
 *
 * Source: System V ABI, chapter 7 (archive files); GNU ar, "archive format".
 */

import { ByteWriter } from './bytes.ts';
import { ElfError } from './elf.ts';
import { readObject } from './elf-object-read.ts';
import type { ObjectFile } from './object.ts';

const MAGIC = '!<arch>\n';
const HEADER_BYTES = 60;
const HEADER_END = '`\n';
/** Name, date, owner, group, mode, size. */
const FIELD_WIDTHS = [16, 12, 6, 6, 8, 10];

export interface ArchiveMember {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An archive for the linker: each object is part of the program if it defines a name that nothing else does. */
export interface Archive {
  readonly path: string;
  readonly objects: readonly ObjectFile[];
}

export function isArchive(file: Uint8Array): boolean {
  return latin1(file.subarray(0, MAGIC.length)) === MAGIC;
}

/** @throws ElfError if the archive or a member of it is damaged */
export function readArchive(path: string, file: Uint8Array): Archive {
  const objects = archiveMembers(file).map(({ name, bytes }) => {
    try {
      return readObject(`${path}(${name})`, bytes);
    } catch (cause) {
      if (!(cause instanceof ElfError)) throw cause;
      throw new ElfError(cause.code, `member ${name}: ${cause.message}`, { cause });
    }
  });
  return { path, objects };
}

/** The members in order, without the index and the table of names. @throws ElfError */
export function archiveMembers(file: Uint8Array): ArchiveMember[] {
  if (!isArchive(file)) throw new ElfError('bad-archive', 'this is not an archive');
  const members: ArchiveMember[] = [];
  let longNames = new Uint8Array(0);
  for (let at = MAGIC.length; at < file.length; ) {
    const header = latin1(file.subarray(at, at + HEADER_BYTES));
    const size = Number(header.slice(48, 58).trim() || Number.NaN);
    const start = at + HEADER_BYTES;
    if (!header.endsWith(HEADER_END) || !Number.isInteger(size) || size < 0 || start + size > file.length) {
      throw new ElfError('bad-archive', `the archive is damaged at byte ${at}`);
    }
    const bytes = file.subarray(start, start + size);
    const written = header.slice(0, 16).trimEnd();
    if (written === '//') longNames = bytes.slice();
    else if (written !== '/' && written !== '/SYM64/') members.push({ name: memberName(written, longNames), bytes });
    at = start + size + (size % 2);
  }
  return members;
}

/**
 * Writes an archive. The same members give the same bytes: dates and owners are 0, modes 644.
 *
 * @param members objects, with names that differ
 * @throws ElfError if a member is no object
 */
export function writeArchive(members: readonly ArchiveMember[]): Uint8Array {
  const definitions = members.map(({ name, bytes }) =>
    readObject(name, bytes)
      .symbols.filter(({ binding, place }) => binding !== 'local' && place.kind !== 'undefined')
      .map((symbol) => symbol.name),
  );
  const longNames = new ByteWriter();
  const written = members.map(({ name }) => {
    if (/^[\x20-\x7e]{1,15}$/.test(name)) return `${name}/`;
    const offset = longNames.length;
    longNames.bytes(ascii(`${name}/\n`));
    return `/${offset}`;
  });
  const names = definitions.flat();
  const indexBytes = 4 + 4 * names.length + names.reduce((sum, name) => sum + ascii(name).length + 1, 0);
  const even = (bytes: number) => bytes + (bytes % 2);
  let at = MAGIC.length + HEADER_BYTES + even(indexBytes);
  if (longNames.length > 0) at += HEADER_BYTES + even(longNames.length);
  const index = [names.length];
  members.forEach(({ bytes }, i) => {
    for (const _ of definitions[i]!) index.push(at);
    at += HEADER_BYTES + even(bytes.length);
  });
  const file = new ByteWriter().bytes(ascii(MAGIC));
  const table = new ByteWriter().bytes(Uint8Array.from(index.flatMap(bigEndian)));
  for (const name of names) table.bytes(ascii(`${name}\0`));
  appendMember(file, '/', table.align(2).finish(), ['0', '0', '0', '0']);
  if (longNames.length % 2 === 1) longNames.bytes(ascii('\n'));
  if (longNames.length > 0) appendMember(file, '//', longNames.finish(), ['', '', '', '']);
  members.forEach(({ bytes }, i) => {
    appendMember(file, written[i]!, bytes, ['0', '0', '0', '644']);
  });
  return file.finish();
}

/** @param about date, owner, group and mode, as GNU ar writes them when told to be deterministic */
function appendMember(file: ByteWriter, name: string, bytes: Uint8Array, about: readonly string[]): void {
  const fields = [name, ...about, String(bytes.length)];
  const header = fields.map((field, i) => field.padEnd(FIELD_WIDTHS[i]!)).join('');
  file.bytes(ascii(`${header}${HEADER_END}`)).bytes(bytes);
  if (bytes.length % 2 === 1) file.bytes(ascii('\n'));
}

function memberName(written: string, longNames: Uint8Array): string {
  const offset = /^\/(\d+)$/.exec(written)?.[1];
  if (offset === undefined) return written.replace(/\/$/, '');
  const end = longNames.indexOf(0x0a, Number(offset));
  if (end < 0) throw new ElfError('bad-archive', `the archive has no name at ${offset}`);
  return new TextDecoder().decode(longNames.subarray(Number(offset), end)).replace(/\/$/, '');
}

const bigEndian = (value: number): number[] => [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff);

/** One character a byte. */
const latin1 = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
