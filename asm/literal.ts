/** Escapes of strings and characters. Source: Using as, chapters 3.6.1.1 and 3.6.1.2. */

import { fail } from './diagnostic.ts';
import type { Span } from './source.ts';

const ESCAPES: Readonly<Record<string, number>> = {
  b: 8,
  t: 9,
  n: 10,
  f: 12,
  r: 13,
  '0': 0,
  '"': 34,
  "'": 39,
  '\\': 92,
};

/**
 * The text of a quoted string. Octal and hexadecimal escapes give code units below 256, which `textBytes` writes as
 * single bytes; everything else is written as UTF-8. Bytes from escapes are marked by U+DC80..U+DCFF (a lone low
 * surrogate, which no source text holds) so that `\xff` stays one byte and `ÿ` becomes two.
 *
 * @throws DiagnosticError on an unknown escape
 */
export function parseText(image: string, span: Span): string {
  return image.slice(1, -1).replace(/\\(x[0-9a-fA-F]+|[0-7]{1,3}|.)/gsu, (written: string, body: string) => {
    const code = escapeCode(body);
    if (code === undefined) throw fail('bad-string', `unknown escape \`${written}\``, span);
    return code < 128 ? String.fromCharCode(code) : String.fromCharCode(0xdc00 + code);
  });
}

/** The bytes of a parsed string: UTF-8, with the marked bytes as they are. */
export function textBytes(text: string): Uint8Array {
  const encoder = new TextEncoder();
  const parts = text.split(/((?<![\ud800-\udbff])[\udc80-\udcff])/);
  return Uint8Array.from(
    parts.flatMap((part, i) => (i % 2 === 1 ? [part.charCodeAt(0) - 0xdc00] : [...encoder.encode(part)])),
  );
}

/** The code of a character literal with its quotes: a code point, or the value of an escape. */
export function parseCharacter(image: string, span: Span): bigint {
  const body = image.slice(1, -1);
  if (!body.startsWith('\\')) return BigInt(body.codePointAt(0)!);
  const code = escapeCode(body.slice(1));
  if (code === undefined) throw fail('bad-string', `unknown escape \`${body}\``, span);
  return BigInt(code);
}

/** Value below 256 of what follows the backslash. Of a longer hexadecimal escape the last two digits count. */
function escapeCode(body: string): number | undefined {
  if (body.startsWith('x')) return Number.parseInt(body.slice(-2).replace('x', ''), 16);
  if (/^[0-7]+$/.test(body)) return Number.parseInt(body, 8) & 0xff;
  return ESCAPES[body];
}
