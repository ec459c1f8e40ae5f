/** docs/debugging.md: every console block is what its command prints, for the program and the input of the page. */
import { expect, test } from 'vitest';
import { Cli, realEngine } from '../../cli/cli.fixture.ts';
import { debugCommand } from '../../cli/commands/debug.ts';
import { typed } from '../../cli/debug/terminal.fixture.ts';
import { codeBlocks, readText } from './markdown.ts';

const markdown = readText('docs/debugging.md');
const files = {
  'squares.s': codeBlocks(markdown, 'asm')[0]!,
  'case.json': codeBlocks(markdown, 'json')[0]!,
};
const PROMPT = '(ulp) ';

/** The block as it is printed now. */
async function replayed(block: string): Promise<string> {
  const cli = new Cli(files);
  expect(await cli.run('asm squares.s -o squares.elf')).toMatchObject({ out: '', err: '' });
  const [command, ...lines] = block.trimEnd().split('\n');
  const [, verb, ...args] = command!.slice('$ '.length).split(' ');
  if (verb !== 'debug') {
    const { out, err } = await cli.run([verb!, ...args]);
    return [command, ...[out, err].filter((text) => text !== '')].join('\n');
  }
  const typing = lines.filter((line) => line.startsWith(PROMPT)).map((line) => line.slice(PROMPT.length));
  const { terminal, io, transcript } = typed(typing, new Map([...cli.files] as [string, string | Uint8Array][]));
  await debugCommand(io, realEngine(), terminal).parseAsync(args, { from: 'user' });
  return `${command}\n${transcript()}`;
}

const blocks = codeBlocks(markdown, 'console');

test('there is a run, a trace and a session', () => {
  expect(blocks.map((block) => block.split(' ').slice(1, 3).join(' '))).toEqual(['ulp run', 'ulp run', 'ulp debug']);
});

test.each(blocks.map((block, i) => [i + 1, block.split('\n')[0]!, block] as const))(
  'block %i is what `%s` prints',
  async (_, __, block) => {
    expect(await replayed(block)).toBe(block.trimEnd());
  },
);
