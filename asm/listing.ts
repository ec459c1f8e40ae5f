/** An executable as text: addresses, words and instructions under their symbols, with the source lines they came from. */

import type { InstructionTable } from '../vm/isa/table.ts';
import { disassemble } from './disassemble.ts';
import type { ElfImage, ElfSegment, ElfSymbol } from './elf.ts';
import type { LineEntry, SourceLine } from './line-table.ts';

export interface ListingOptions {
  readonly table: InstructionTable;
  /** Names as authors write them: `ret` for `jalr zero, 0(ra)`. */
  readonly pseudo?: boolean;
  /** The text of a source file, where it is to be had. Without it only places are shown. */
  readonly source?: (path: string) => string | undefined;
}

/** All executable segments, one line a word. */
export function listing(image: ElfImage, options: ListingOptions): string[] {
  return image.segments.filter(({ execute }) => execute).flatMap((segment) => segmentLines(image, segment, options));
}

function segmentLines(image: ElfImage, { address, bytes }: ElfSegment, options: ListingOptions): string[] {
  const { table, pseudo = false } = options;
  const labels = new Map<number, ElfSymbol[]>();
  for (const symbol of image.symbols.filter(({ absolute }) => !absolute)) {
    labels.set(symbol.address, [...(labels.get(symbol.address) ?? []), symbol]);
  }
  const entries = new Map(image.lines.map((entry) => [entry.pc, entry]));
  const sources = new Sources(options.source ?? (() => undefined));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: string[] = [];
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const pc = address + at;
    for (const { name } of labels.get(pc) ?? []) lines.push('', `${hex(pc, 8)} <${name}>:`);
    const entry = entries.get(pc);
    if (entry !== undefined) lines.push(...sources.lines(entry));
    const word = view.getUint32(at, true);
    const text = disassemble(word, table, { pc, pseudo, nameOf: (target) => nameOf(labels, target) });
    lines.push(`${hex(pc, 1).padStart(8)}:  ${hex(word, 8)}  ${laidOut(text)}${message(image, table, word)}`);
  }
  return lines[0] === '' ? lines.slice(1) : lines;
}

function nameOf(labels: ReadonlyMap<number, readonly ElfSymbol[]>, address: number): string | undefined {
  const here = labels.get(address);
  return (here?.find(({ global }) => global) ?? here?.[0])?.name;
}

/** Operands in a column of their own. */
function laidOut(text: string): string {
  const space = text.indexOf(' ');
  return space < 0 ? text : `${text.slice(0, space).padEnd(8)} ${text.slice(space + 1)}`;
}

/** The message of an assertion, as a comment. */
function message({ asserts }: ElfImage, table: InstructionTable, word: number): string {
  const decoded = table.decode(word);
  const text = decoded?.spec.mnemonic === 'ulp.assert.eq' ? asserts.get(decoded.fields.imm) : undefined;
  return text === undefined ? '' : `  # ${JSON.stringify(text)}`;
}

/** Texts of source files by line, each file read once. */
class Sources {
  private readonly files = new Map<string, readonly string[]>();
  private readonly read: (path: string) => string | undefined;

  constructor(read: (path: string) => string | undefined) {
    this.read = read;
  }

  /** Where an instruction is written, and where the macro it comes from is used. */
  lines({ written, used }: LineEntry): string[] {
    const inMacro = written.file !== used.file || written.line !== used.line;
    return inMacro ? [this.line(used), this.line(written)] : [this.line(written)];
  }

  private line({ file, line }: SourceLine): string {
    let texts = this.files.get(file);
    if (texts === undefined) {
      texts = (this.read(file) ?? '').split('\n');
      this.files.set(file, texts);
    }
    return `# ${file}:${line}  ${(texts[line - 1] ?? '').trim()}`.trimEnd();
  }
}

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
