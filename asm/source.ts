/** Source texts and places in them. Offsets are UTF-16 code units, as lexer tokens give them. */

/** One text that is assembled: a file, or the body of a macro with its arguments filled in. */
export interface Source {
  /** As printed in diagnostics and the line table. Of a macro body: the file that defines it. */
  readonly path: string;
  readonly text: string;
  /** Number, in `path`, of the first line of `text`. */
  readonly firstLine: number;
  /** What brought this text in; absent for a file given by the caller. */
  readonly origin?: Origin;
}

export interface Origin {
  readonly kind: 'include' | 'macro';
  /** Path of the included file, or name of the macro. */
  readonly name: string;
  /** The `.include` or the macro's use. */
  readonly at: Span;
}

/** Half-open range of one source. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A place as people read it: line and column count from 1. */
export interface Location {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** A source for a whole file. */
export function fileSource(path: string, text: string, origin?: Origin): Source {
  return origin === undefined ? { path, text, firstLine: 1 } : { path, text, firstLine: 1, origin };
}

/** Where a span begins. Cost: logarithmic in the number of lines, after the first call for a source. */
export function locate({ source, start }: Span): Location {
  const index = lineIndex(source, start);
  return { path: source.path, line: source.firstLine + index, column: start - lineStarts(source)[index]! + 1 };
}

/** The text of the line a span begins on, without its end. */
export function lineText({ source, start }: Span): string {
  const begin = lineStarts(source)[lineIndex(source, start)]!;
  const end = source.text.indexOf('\n', begin);
  return source.text.slice(begin, end < 0 ? undefined : end).replace(/\r$/, '');
}

/** The text of a span. */
export function textOf({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}

/** The outermost use of a macro that a span comes from, if it comes from one. */
export function macroUse({ source }: Span): Span | undefined {
  const { origin } = source;
  if (origin?.kind !== 'macro') return undefined;
  return macroUse(origin.at) ?? origin.at;
}

const cache = new WeakMap<Source, readonly number[]>();

function lineStarts(source: Source): readonly number[] {
  const known = cache.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let i = source.text.indexOf('\n'); i >= 0; i = source.text.indexOf('\n', i + 1)) starts.push(i + 1);
  cache.set(source, starts);
  return starts;
}

function lineIndex(source: Source, offset: number): number {
  const starts = lineStarts(source);
  let low = 0;
  let high = starts.length;
  // Invariant: starts[low] <= offset < starts[high].
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle;
  }
  return low;
}
