import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { KNOWN_INSTRUCTIONS as table } from '../vm/isa/known.ts';
import { format } from './format.ts';
import vectors from './gnu-as.vectors.json' with { type: 'json' };
import { assemble, readElf } from './index.ts';

const GUESTS = new URL('../guests/', import.meta.url);
const guests = readdirSync(GUESTS, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.s'));

/** What is loaded, or the codes of the diagnostics. */
function meaning(text: string): unknown {
  const { elf, diagnostics } = assemble({ path: 'a.s', text }, { table });
  if (elf === undefined) return diagnostics.map(({ code }) => code).sort();
  return readElf(elf).segments.map(({ address, bytes }) => [address, Buffer.from(bytes).toString('hex')]);
}

test('one statement of each kind', () => {
  const text = `


_start:nop
 1:addi a0,a0,1 # one
.equ N,0x10 // number
a_label: .word 1,2 , 3;.byte ',' # data
long_enough_a_label: .string "a , b",  "c#"
      # a comment of code


# a comment of the file
.macro  m a, b=1
add \\a,\\a ,\\b   ;   sub \\a,\\a,\\b
local_\\@: j local_\\@
.endm
m  a0 , a1
ulp.assert.eq a0,a1,"x, y"  # this one is a longer line
lw a0,  4 * N (a1)
x=5
  /* kept
 as it is   */ nop
.ifc a  b, a b
.endif
ret
`;
  expect(format(text)).toMatchInlineSnapshot(`
    "_start:
        nop
    1:  addi    a0, a0, 1               # one
        .equ N, 0x10                    // number
    a_label:        .word 1, 2, 3; .byte ',' # data
    long_enough_a_label: .string "a , b", "c#"
        # a comment of code

    # a comment of the file
    .macro m a, b=1
        add     \\a, \\a, \\b; sub \\a, \\a, \\b
    local_\\@:
        j       local_\\@
    .endm
        m       a0, a1
        ulp.assert.eq a0, a1, "x, y"    # this one is a longer line
        lw      a0, 4 * N (a1)
        x=5
      /* kept
     as it is   */ nop
        .ifc a  b, a b
        .endif
        ret
    "
  `);
});

test.each(guests)('guests/%s is formatted', (path) => {
  const text = readFileSync(new URL(path, GUESTS), 'utf8');
  expect(format(text)).toBe(text);
});

describe('formatting keeps what is assembled, and formatting twice is formatting once', () => {
  const cases = [...vectors.text.map(({ text }) => text), ...vectors.data.map(({ text }) => text)];
  const widened = fc
    .record({
      text: fc.constantFrom(...cases),
      seed: fc.array(fc.constantFrom('', ' ', '\t', '   '), { minLength: 8 }),
    })
    .map(({ text, seed }) => {
      let i = 0;
      // Spaces after commas, before and after lines: where they mean nothing.
      return text
        .split('\n')
        .map((line) => `${seed[i++ % seed.length]}${line}${seed[i++ % seed.length]}`)
        .join('\n');
    });

  test('of the corpus of GNU as, with other spaces', () => {
    fc.assert(
      fc.property(widened, (text) => {
        const source = `_start:\n${text}\n`;
        const once = format(source);
        expect(format(once)).toBe(once);
        expect(meaning(once)).toEqual(meaning(source));
      }),
      { numRuns: 300 },
    );
  });

  test('of any text', () => {
    const pieces = fc.constantFrom(
      ...'a0 sp x: 1: 1b , ( ) + - = %lo( .word .macro .endm m \\a .rept .endr .if .endif "s" "a,b" \'a\' # // /* */ ;'.split(
        ' ',
      ),
      ...['addi', 'lw', 'li', '.string', '\n', '\n', '\n', ' ', '\t', '3', "';'", '"'],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
        const text = list.join(' ');
        const once = format(text);
        expect(format(once)).toBe(once);
        expect(meaning(once)).toEqual(meaning(text));
      }),
      { numRuns: 400 },
    );
  });
});
