import { expect, test } from 'vitest';
import { Cli, DIRECTORY, SUM, sumCli } from '../cli.fixture.ts';

test('prints output, cycles and rows of each chip', async () => {
  const cli = await sumCli();
  const { out, err, code } = await cli.run('run sum.elf --input case.json');
  expect({ err, code }).toEqual({ err: '', code: 0 });
  // 5 + (0 + ... + 9) + 100 = 150. Instructions: 2, ten times 3, and 9.
  expect(out).toMatchInlineSnapshot(`
    "  exit code      0
      cycles         41
      public output  0x00000096

      chip             rows
      program            14
      image              81
      memory              1
      halt                1
      public-input        1
      public-load         1
      public-output       1
      hint                1
      hint-load           2
      assert              1
      add                25
      branch             10
      range          43,691
      bf16-decode    21,846"
  `);
});

test('--fast leaves the rows out', async () => {
  const cli = await sumCli();
  expect((await cli.run('run sum.elf --input case.json --fast')).out).toMatchInlineSnapshot(`
    "  exit code      0
      cycles         41
      public output  0x00000096"
  `);
});

test('--json prints one object', async () => {
  const cli = await sumCli();
  const result = JSON.parse((await cli.run('run sum.elf --input case.json --json')).out);
  expect(result).toMatchObject({ exitCode: 0, publicOutput: [150], rows: { assert: 1, halt: 1, branch: 10 } });
});

test('a trap says why, where in the source and when', async () => {
  const cli = await sumCli({ 'case.json': '{"publicInput": [5], "hints": [100, 8]}' });
  const { out, err, code } = await cli.run('run sum.elf --input case.json');
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toMatchInlineSnapshot(`
    "error: the program trapped: assertion-failed: the second hint is not 7: 8 is not 7
      at sum.s:15, pc 0x00010024, cycle 36
      help: only a run that ends with an exit code can be proven"
  `);
});

test('--trace shows the way to the end', async () => {
  const cli = await sumCli();
  const { err, code } = await cli.run('run sum.elf --input case.json --trace 7');
  expect(code).toBe(0);
  expect(err).toMatchInlineSnapshot(`
    "  cycle  pc          source    instruction              wrote
      34     0x0001001c  sum.s:13  ulp.hint.hu t2, 2(zero)  t2 = 0x00000007
      35     0x00010020  sum.s:14  li t3, 7                 t3 = 0x00000007
      36     0x00010024  sum.s:15  ulp.assert.eq t2, t3, 1
      37     0x00010028  sum.s:16  ulp.out t1, 0(zero)
      38     0x0001002c  sum.s:17  li a0, 0                 a0 = 0x00000000
      39     0x00010030  sum.s:18  li a7, 93                a7 = 0x0000005d
      40     0x00010034  sum.s:19  ecall
    "
  `);
});

test('--trace shows the way to a trap, and the instruction that trapped', async () => {
  const cli = await sumCli({ 'case.json': '{"publicInput": [5], "hints": [100, 8]}' });
  expect((await cli.run('run sum.elf --input case.json --trace 3')).err).toMatchInlineSnapshot(`
    "  cycle  pc          source    instruction              wrote
      34     0x0001001c  sum.s:13  ulp.hint.hu t2, 2(zero)  t2 = 0x00000008
      35     0x00010020  sum.s:14  li t3, 7                 t3 = 0x00000007
      36     0x00010024  sum.s:15  ulp.assert.eq t2, t3, 1

    error: the program trapped: assertion-failed: the second hint is not 7: 8 is not 7
      at sum.s:15, pc 0x00010024, cycle 36
      help: only a run that ends with an exit code can be proven"
  `);
});

test('--trace of more than the whole run shows the whole run', async () => {
  const cli = await sumCli();
  const { err } = await cli.run('run sum.elf --input case.json --trace 1000');
  expect(err.trimEnd().split('\n')).toHaveLength(1 + 41);
});

test('a trap as JSON has the same', async () => {
  const cli = await sumCli({ 'case.json': '{"publicInput": [5]}' });
  const { out, code } = await cli.run('run sum.elf --input case.json --json');
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ trap: { cause: 'hint-out-of-range', source: { file: 'sum.s', line: 11 } } });
});

test('a program that fails does not look like success', async () => {
  const cli = new Cli({ 'fail.s': '_start:\n li a0, 3\n li a7, 93\n ecall\n' });
  await cli.run('asm fail.s -o fail.elf');
  const { out, code } = await cli.run('run fail.elf');
  expect(code).toBe(2);
  expect(out).toMatch(/exit code +3\n/);
});

test.each([
  ['a missing program', 'run missing.elf'],
  ['a directory', 'run folder'],
  ['a source instead of a program', 'run sum.s'],
  ['a file that is no ELF', 'run case.json'],
  ['a cut program', 'run cut.elf'],
  ['a missing case', 'run sum.elf --input missing.json'],
  ['a case that is no JSON', 'run sum.elf --input bad.json'],
  ['an unknown option', 'run sum.elf --inputs case.json'],
  ['a trace of nothing', 'run sum.elf --trace 0'],
  ['too many arguments', 'run sum.elf case.json'],
])('%s is one message and exit code 2', async (_, line) => {
  const cli = await sumCli({ 'sum.s': SUM, folder: DIRECTORY, 'bad.json': '{"publicInput": [5],}' });
  cli.files.set('cut.elf', cli.read('sum.elf').slice(0, 100));
  const { out, err, code } = await cli.run(line);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(`${line}\n${err}`).toMatchSnapshot();
});
