import { expect, test } from 'vitest';
import { SUM, sumCli } from '../cli.fixture.ts';

test('prints 32 bytes in hex, the same every time', async () => {
  const cli = await sumCli();
  const { out, err, code } = await cli.run('vk sum.elf');
  expect({ err, code }).toEqual({ err: '', code: undefined });
  expect(out).toMatch(/^[0-9a-f]{64}$/);
  expect((await cli.run('vk sum.elf')).out).toBe(out);
});

test('depends on the instructions, not on names, comments or lines', async () => {
  const cli = await sumCli();
  const { out } = await cli.run('vk sum.elf');
  const keyOf = async (text: string): Promise<string> => {
    cli.files.set('other.s', text);
    await cli.run('asm other.s -o other.elf');
    return (await cli.run('vk other.elf')).out;
  };
  expect(await keyOf(SUM.replaceAll('loop', 'again').replace('not 7', 'wrong'))).toBe(out);
  expect(await keyOf(`# a comment\n\n${SUM}`)).toBe(out);
  expect(await keyOf(SUM.replace('li t3, 10', 'li t3, 11'))).not.toBe(out);
});

test('a file that is no program is one message and exit code 2', async () => {
  const cli = await sumCli();
  const { out, err, code } = await cli.run('vk case.json');
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toMatch(/^error: case\.json: this is not an ELF file\n {2}help: name an executable/);
});
