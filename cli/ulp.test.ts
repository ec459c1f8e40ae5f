import { Command } from 'commander';
import { expect, test } from 'vitest';
import { Cli, realEngine } from './cli.fixture.ts';
import { processIo } from './io.ts';
import { commandsUnder, nameOf, ulpCommand } from './ulp.ts';

function helpOf(command: Command): string {
  const parts: string[] = [];
  command.configureOutput({ writeOut: (part) => void parts.push(part) }).outputHelp();
  return parts.join('');
}

test('docs/cli.md has the help of every command', async () => {
  const commands = commandsUnder(ulpCommand(processIo, realEngine()));
  const sections = commands.map((command) => {
    const text = helpOf(command);
    return `## ${nameOf(command)}\n\n\`\`\`\n${text.trimEnd()}\n\`\`\`\n`;
  });
  const head =
    '# The command line\n\nGenerated from the help of the commands; `ulp <command> --help` prints the same.\n';
  await expect([head, ...sections].join('\n')).toMatchFileSnapshot('../docs/cli.md');
});

test('every command describes itself with an example', () => {
  for (const command of commandsUnder(ulpCommand(processIo, realEngine()))) {
    const text = helpOf(command);
    expect(command.description(), nameOf(command)).not.toBe('');
    if (command.commands.length === 0) expect(text, nameOf(command)).toContain('Example');
  }
});

test.each([
  ['no command', []],
  ['an unknown command', ['prov', 'x.elf']],
  ['an unknown option', ['--verbos']],
  ['a layer without a kind', ['layer']],
])('%s ends with help and exit code 2', async (_, args) => {
  const { out, err, code } = await new Cli().run(args);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err.split('\n').slice(0, 3).join('\n')).toMatchSnapshot();
});

test.each(['--help', '--version', 'prove --help', 'layer linear --help'])('%s exits 0', async (line) => {
  const { out, err, code } = await new Cli().run(line);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out).not.toBe('');
});

test('a name of a command is its path', () => {
  const inner = new Command('inner');
  new Command('outer').addCommand(inner);
  expect(nameOf(inner)).toBe('outer inner');
});
