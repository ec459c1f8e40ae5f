/**
 * Names of addresses: symbols, source lines, and the words an author writes for a place (`sum.s:12`, `loop`, `loop+8`,
 * `0x10008`). Symbols and lines come from the ELF file and may be missing.
 */
import type { Program } from '../executor/program.ts';
import type { SourceLine } from '../executor/trap.ts';
import { DebugError } from './debug-error.ts';
import { hexWord } from './values.ts';

/** Where an instruction is written, and where the outermost macro it comes from is used. Holds up to the next entry. */
export interface LineEntry {
  readonly pc: number;
  readonly written: SourceLine;
  readonly used: SourceLine;
}

export class Places {
  private readonly program: Program;
  private readonly lines: readonly LineEntry[];
  private readonly textEnd: number;
  private readonly byName = new Map<string, number>();
  /** By increasing address, without the marks of other assemblers. */
  private readonly labels: readonly { readonly name: string; readonly address: number }[];

  constructor(program: Program, lines: readonly LineEntry[]) {
    this.program = program;
    this.lines = lines;
    this.textEnd = program.textBase + 4 * program.rows.length;
    this.labels = program.symbols.filter(({ name }) => !/^(\$|\.L)/.test(name));
    for (const { name, address } of this.labels) if (!this.byName.has(name)) this.byName.set(name, address);
  }

  isText(address: number): boolean {
    return address >= this.program.textBase && address < this.textEnd;
  }

  symbol(name: string): number | undefined {
    return this.byName.get(name);
  }

  /** The symbol at exactly this address. */
  nameOf(address: number): string | undefined {
    const label = this.labels[this.labelBefore(address)];
    return label?.address === address ? label.name : undefined;
  }

  /** "loop+8": the last symbol at or before the address, of the same kind of memory; "" if there is none. */
  nearest(address: number): string {
    const label = this.labels[this.labelBefore(address)];
    if (label === undefined || this.isText(address) !== this.isText(label.address)) return '';
    return label.address === address ? label.name : `${label.name}+${address - label.address}`;
  }

  /** The line that an author sees: where macros are used, not where they are written. */
  lineOf(pc: number): SourceLine | undefined {
    return this.entryOf(pc)?.used;
  }

  entryOf(pc: number): LineEntry | undefined {
    if (!this.isText(pc)) return undefined;
    return this.lines[countUpTo(this.lines, (entry) => entry.pc <= pc) - 1];
  }

  /**
   * The addresses at which a line begins, and the line: the first one from `line` on that has instructions.
   * @throws {DebugError} if no file or no line from there on has any.
   */
  addressesOf(file: string, line: number): { readonly place: SourceLine; readonly addresses: readonly number[] } {
    const isFile = (place: SourceLine): boolean => place.file === file || place.file.endsWith(`/${file}`);
    // A line begins at every entry that is written there, and at the first of those of a macro that is used there.
    const places = this.lines.flatMap(({ pc, written, used }, i) =>
      (sameLine(written, used) || sameLine(this.lines[i - 1]?.used, used) ? [written] : [written, used])
        .filter(isFile)
        .map((place) => ({ pc, place })),
    );
    if (places.length === 0) {
      const files = [...new Set(this.lines.map(({ used }) => used.file))];
      const known = files.length === 0 ? 'the program has no line table' : `it has ${files.join(', ')}`;
      throw new DebugError(`no instruction is from a file ${file}; ${known}`);
    }
    const after = places.filter(({ place }) => place.line >= line);
    if (after.length === 0) throw new DebugError(`${file} has no instruction from line ${line} on`);
    const best = Math.min(...after.map(({ place }) => place.line));
    const hits = after.filter(({ place }) => place.line === best);
    return { place: hits[0]!.place, addresses: hits.map(({ pc }) => pc) };
  }

  /** The word of the text as it was loaded: what is decoded, whatever is stored there later. */
  textWord(pc: number): number | undefined {
    const { address, value } = this.program.image;
    const word = Math.floor(pc / 4);
    const index = countUpTo(address, (one) => one <= word) - 1;
    return address[index] === word ? value[index] : undefined;
  }

  /** "loop+8 at sum.s:7, pc 0x00010010". */
  describe(pc: number): string {
    const [symbol, line] = [this.nearest(pc), this.lineOf(pc)];
    const source = line === undefined ? '' : `${symbol === '' ? '' : ' at '}${line.file}:${line.line}`;
    return `${symbol}${source}${symbol === '' && source === '' ? '' : ', '}pc ${hexWord(pc)}`;
  }

  private labelBefore(address: number): number {
    const index = countUpTo(this.labels, (label) => label.address <= address) - 1;
    const found = this.labels[index]?.address;
    // The first of several at one address.
    return found === undefined ? index : countUpTo(this.labels, (label) => label.address < found);
  }
}

export const sameLine = (a: SourceLine | undefined, b: SourceLine | undefined): boolean =>
  a?.file === b?.file && a?.line === b?.line;

/** How many elements at the start satisfy a condition that all after them do not. */
function countUpTo<T>(
  sorted: { readonly length: number; readonly [i: number]: T },
  below: (item: T) => boolean,
): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (below(sorted[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
