import { expect, test } from 'vitest';
import { readElf } from '../../asm/elf.ts';
import { Cli, DIRECTORY, SUM } from '../cli.fixture.ts';

test('writes an executable and says nothing', async () => {
  const cli = new Cli({ 'sum.s': SUM });
  expect(await cli.run('asm sum.s -o sum.elf')).toEqual({ out: '', err: '', code: undefined });
  const { entry, symbols } = readElf(cli.read('sum.elf'));
  expect(symbols.find(({ name }) => name === '_start')?.address).toBe(entry);
});

test('shows all errors at once, underlined, and writes nothing', async () => {
  const cli = new Cli({ 'bad.s': '_start:\n    addi a0, zero, 5000\n    adi a0, a0, 1\n    j nowhere\n' });
  const { out, err, code } = await cli.run('asm bad.s -o bad.elf');
  expect({ out, code, written: cli.files.has('bad.elf') }).toEqual({ out: '', code: 2, written: false });
  expect(err).toMatchInlineSnapshot(`
    "error[immediate-out-of-range]: immediate 5000 does not fit in 12 signed bits (-2048 to 2047)
     --> bad.s:2:20
      |
    2 |     addi a0, zero, 5000
      |                    ^^^^
      = help: load it into a register first: \`li t0, 5000\`

    error[unknown-mnemonic]: \`adi\` is not an instruction or a macro
     --> bad.s:3:5
      |
    3 |     adi a0, a0, 1
      |     ^^^
      = help: did you mean \`add\`?

    error[undefined-symbol]: \`nowhere\` is not defined
     --> bad.s:4:7
      |
    4 |     j nowhere
      |       ^^^^^^^

    3 errors"
  `);
});

test('a warning does not stop the program from being written', async () => {
  const cli = new Cli({ 'hint.s': '_start:\n    ulp.hint.w t0, 0(zero)\n    li a7, 93\n    ecall\n' });
  const { err, code } = await cli.run('asm hint.s -o hint.elf');
  expect(err).toMatch(/^warning\[unchecked-hint\]/);
  expect({ code, written: cli.files.has('hint.elf') }).toEqual({ code: undefined, written: true });
});

test.each([
  ['a missing source', 'asm missing.s -o x.elf'],
  ['a directory as source', 'asm folder -o x.elf'],
  ['a directory as output', 'asm sum.s -o folder'],
  ['no output', 'asm sum.s'],
  ['no source', 'asm -o x.elf'],
])('%s is one message and exit code 2', async (_, line) => {
  const cli = new Cli({ 'sum.s': SUM, folder: DIRECTORY });
  const { out, err, code } = await cli.run(line);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(`${line}\n${err}`).toMatchSnapshot();
});
