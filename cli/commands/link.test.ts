import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readElf } from '../../asm/elf.ts';
import { Cli, SUM } from '../cli.fixture.ts';

const MAIN =
  '.globl main\nmain:\n    addi sp, sp, -16\n    sw ra, 0(sp)\n    li a0, 100\n    call ceil_div_48\n    lw ra, 0(sp)\n    addi sp, sp, 16\n    ret\n';
const library = (name: string): string => readFileSync(new URL(`../../guests/lib/${name}`, import.meta.url), 'utf8');
const LIBRARY = ['crt0.s', 'math.s', 'chacha20.s', 'random.s', 'opening.s'];
const files = { 'main.s': MAIN, ...Object.fromEntries(LIBRARY.map((name) => [name, library(name)])) };

test('the guest library is an archive, of which a program has what it needs', async () => {
  const cli = new Cli(files);
  expect(await cli.run(`ar ${LIBRARY.join(' ')} -o libulp.a`)).toEqual({ out: '', err: '', code: undefined });
  expect((await cli.run('ar --list libulp.a')).out.split('\n')).toEqual(
    LIBRARY.map((name) => name.replace('.s', '.o')),
  );
  expect(await cli.run('asm -c main.s -o main.o')).toEqual({ out: '', err: '', code: undefined });
  expect(await cli.run('link main.o libulp.a -o main.elf')).toEqual({ out: '', err: '', code: undefined });
  const names = readElf(cli.read('main.elf')).symbols.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['_start', 'main', 'ceil_div_48']));
  expect(names.filter((name) => /chacha20|random|open_leaf/.test(name))).toEqual([]);
  // ceil(100 / 48)
  expect((await cli.run('run main.elf --fast --json')).out).toContain('"exitCode":3');
});

test.each([
  ['link libulp.a -o x.elf', 'expected a source or an object beside the archives'],
  ['asm -c main.s crt0.s -o x.o', 'one source makes one object'],
  ['ar main.s main.s -o x.a', 'two members would be called main.o'],
  ['ar main.s', 'name the archive by -o'],
  ['link main.o -o x.elf', 'cannot read main.o'],
  ['ar --list main.s', 'main.s: this is not an archive\n  help: name an archive'],
  [
    'link main.bin -o x.elf',
    'main.bin: expected a source in text, got a binary file\n  help: names of objects end in .o',
  ],
  ['asm main.bin -o x.elf', 'main.bin: expected a source in text'],
  ['ar main.bin -o x.a', 'main.bin: expected a source in text'],
  ['fmt main.bin', 'main.bin: expected a source in text'],
  ['disasm main.s', 'main.s: this is not an ELF file\n  help: assemble it first: `ulp asm main.s -o main.elf`'],
  ['disasm main.bin', 'main.bin: this is not an ELF file\n  help: name an executable'],
])('%s is one message and exit code 2', async (line, message) => {
  const { err, code } = await new Cli({ ...files, 'libulp.a': '', 'main.bin': Uint8Array.of(1, 2, 0) }).run(line);
  expect({ code, message: err.includes(message) ? message : err }).toEqual({ code: 2, message });
});

test('a source is formatted in place, or only checked', async () => {
  const cli = new Cli({ 'a.s': '_start:nop # x\n', 'b.s': '_start:\n    nop\n' });
  expect(await cli.run('fmt --check a.s b.s')).toEqual({ out: 'a.s', err: '', code: 1 });
  expect(await cli.run('fmt a.s b.s')).toEqual({ out: 'a.s', err: '', code: undefined });
  expect(cli.text('a.s')).toBe(`_start:\n    nop${' '.repeat(29)}# x\n`);
  expect(await cli.run('fmt --check a.s b.s')).toEqual({ out: '', err: '', code: undefined });
});

test('an executable is shown as instructions', async () => {
  const cli = new Cli({ 'sum.s': SUM });
  await cli.run('asm sum.s -o sum.elf');
  expect((await cli.run('disasm sum.elf --pseudo')).out.split('\n').slice(0, 12).join('\n')).toMatchInlineSnapshot(`
    "00010000 <_start>:
    # sum.s:5
       10000:  0000230b  ulp.pub.w t1, 0(zero)
    # sum.s:6
       10004:  00a00e13  li       t3, 10

    00010008 <loop>:
    # sum.s:8
       10008:  fffe0e13  addi     t3, t3, -1
    # sum.s:9
       1000c:  01c30333  add      t1, t1, t3
    # sum.s:10"
  `);
});
