import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, type Json, parseJson } from './strict-json.ts';

/** Maps to plain objects, for comparison with `JSON.parse`. */
function plain(value: Json): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(plain(parseJson(text))).toEqual(plainOf(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses whatever JSON.parse refuses, with a SyntaxError that says where', () => {
    const alphabet = fc.constantFrom(...'{}[]":,-+.0123456789eE\\ \n\tntrueflas\u0001é'.split(''));
    fc.assert(
      fc.property(fc.string({ unit: alphabet, maxLength: 12 }), (text) => {
        let theirs = true;
        try {
          JSON.parse(text);
        } catch {
          theirs = false;
        }
        try {
          parseJson(text);
          expect(theirs).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(SyntaxError);
          expect((error as Error).message).toMatch(/^offset \d+: expected .*, got /);
          expect(theirs && !/not used before|2\^1024/.test((error as Error).message)).toBe(false);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('refuses duplicate names, also when they are spelled differently', () => {
    expect(() => parseJson('{"a":1,"\\u0061":2}')).toThrow(
      'offset 7: expected a name not used before in this object, got "\\""',
    );
  });

  it('refuses numbers that are no finite double', () => {
    expect(() => parseJson('[1e999]')).toThrow('offset 1: expected a number below 2^1024, got "1"');
  });

  it('refuses deep nesting', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow('offset 16: expected at most 16 levels of nesting');
  });

  it('reads a string of millions of characters', () => {
    expect(parseJson(`"${'a\\n'.repeat(2_000_000)}"`)).toHaveLength(4_000_000);
  });

  it('gives names like __proto__ no meaning', () => {
    expect(parseJson('{"__proto__":{"x":1}}')).toEqual(new Map([['__proto__', new Map([['x', 1]])]]));
  });

  it('writes the example of RFC 8785 canonically', () => {
    // RFC 8785 section 3.2.2 and 3.2.3
    const input = {
      numbers: [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(input)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    expect(() => canonicalJson({ x: Number.NaN })).toThrow('canonicalJson: expected a finite number, got NaN');
    expect(() => canonicalJson([1n])).toThrow(TypeError);
  });
});

const plainOf = (value: unknown): unknown => plain(mapped(value));
function mapped(value: unknown): Json {
  if (Array.isArray(value)) return value.map(mapped);
  if (typeof value === 'object' && value !== null) {
    return new Map(Object.entries(value).map(([name, member]) => [name, mapped(member)]));
  }
  return value as Json;
}
