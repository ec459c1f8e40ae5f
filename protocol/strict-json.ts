/**
 * A strict JSON reader (RFC 8259) for files that others wrote. Unlike `JSON.parse` it refuses duplicate names and
 * infinite numbers, bounds the nesting and returns objects as maps, so that no name (`__proto__`) has a meaning of its
 * own. And the one canonical writer (RFC 8785): names sorted by UTF-16 code units, no white space, numbers as ECMAScript
 * prints them.
 */
export type Json = null | boolean | number | string | Json[] | Map<string, Json>;

const MAX_DEPTH = 16;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;

/** @throws {SyntaxError} with the offset, on anything that is not exactly one JSON value without duplicate names. */
export function parseJson(text: string): Json {
  let at = 0;

  const fail = (expected: string): never => {
    const got = at < text.length ? JSON.stringify(text[at]) : 'the end';
    throw new SyntaxError(`offset ${at}: expected ${expected}, got ${got}`);
  };
  const skip = (): void => {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
  };
  const take = (token: string): boolean => {
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    skip();
    return true;
  };
  const number = (): number => {
    NUMBER.lastIndex = at;
    const digits = NUMBER.exec(text)?.[0] ?? fail('a value');
    if (!Number.isFinite(Number(digits))) fail('a number below 2^1024');
    at += digits.length;
    skip();
    return Number(digits);
  };
  // A loop finds the end: a regular expression would need memory in proportion to the string.
  const string = (): string => {
    if (text[at] !== '"') fail('a string');
    let end = at + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    let content: string;
    try {
      content = JSON.parse(text.slice(at, end + 1)) as string; // refuses control characters and unknown escapes
    } catch {
      return fail('a string without control characters or unknown escapes, and its end');
    }
    at = end + 1;
    skip();
    return content;
  };

  const object = (depth: number): Map<string, Json> => {
    const members = new Map<string, Json>();
    if (take('}')) return members;
    do {
      const start = at;
      const name = string();
      if (members.has(name)) {
        at = start;
        fail('a name not used before in this object');
      }
      if (!take(':')) fail('":"');
      members.set(name, value(depth));
    } while (take(','));
    return take('}') ? members : fail('"," or "}"');
  };

  const list = (depth: number): Json[] => {
    const items: Json[] = [];
    if (take(']')) return items;
    do items.push(value(depth));
    while (take(','));
    return take(']') ? items : fail('"," or "]"');
  };

  const value = (depth: number): Json => {
    if (depth === MAX_DEPTH) fail(`at most ${MAX_DEPTH} levels of nesting`);
    if (take('{')) return object(depth + 1);
    if (take('[')) return list(depth + 1);
    if (text[at] === '"') return string();
    if (take('null')) return null;
    if (take('true')) return true;
    if (take('false')) return false;
    return number();
  };

  skip();
  const result = value(0);
  return at === text.length ? result : fail('the end');
}

/** What `canonicalJson` writes: plain objects, arrays, strings, finite numbers, booleans, null. `undefined` members are left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`canonicalJson: expected a finite number, got ${value}`);
  }
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`canonicalJson: expected JSON data, got ${typeof value}`);
  return text;
}
