import { expect, test } from 'vitest';
import { assembled, SQUARES, withStack } from '../../test/support/debuggee.ts';
import { COMMANDS } from '../../vm/debugger/commands.ts';
import { realEngine } from '../cli.fixture.ts';
import { debugCommand } from '../commands/debug.ts';
import { typed } from './terminal.fixture.ts';

const source = withStack(SQUARES);
const files = new Map<string, string | Uint8Array>([
  ['main.s', source],
  ['out/main.elf', assembled(source)],
  ['case.json', '{"publicInput": [2]}'],
]);

async function debug(lines: readonly string[], args = ['out/main.elf', '--input', 'case.json']) {
  const { terminal, io, transcript, exitCode } = typed(lines, files);
  await debugCommand(io, realEngine(), terminal).parseAsync(args, { from: 'user' });
  return { transcript: transcript(), code: exitCode() };
}

test('an empty line repeats a movement, not another command', async () => {
  const { transcript, code } = await debug(['stepi', '', 'public', '', 'q', 'stepi']);
  expect(code).toBeUndefined();
  expect(transcript).toMatchInlineSnapshot(`
    "_start at main.s:4, pc 0x00010000, cycle 0
      lui sp, 0x10000                    | main.s:4  li sp, 0x10000000
    (ulp) stepi
    _start+4 at main.s:5, pc 0x00010004, cycle 1
      ulp.pub.w s0, 0(zero)              | main.s:5  ulp.pub.w s0, 0(zero)
    (ulp) 
    _start+8 at main.s:6, pc 0x00010008, cycle 2
      auipc s1, 0x1                      | main.s:6  la s1, total
    (ulp) public
    input   0x00000002 (2)
    output  none
    (ulp) 
    (ulp) q"
  `);
});

test('an error is said, the session goes on, and the exit code tells', async () => {
  const { transcript, code } = await debug(['jump 3', 'where']);
  expect(code).toBe(2);
  expect(transcript).toMatchInlineSnapshot(`
    "_start at main.s:4, pc 0x00010000, cycle 0
      lui sp, 0x10000                    | main.s:4  li sp, 0x10000000
    (ulp) jump 3
    error: there is no command jump; \`help\` lists them
    (ulp) where
    _start at main.s:4, pc 0x00010000, cycle 0
      lui sp, 0x10000                    | main.s:4  li sp, 0x10000000"
  `);
});

test('help lists every command', async () => {
  const { transcript } = await debug(['help']);
  expect(transcript.split('\n').slice(3)).toHaveLength(COMMANDS.length + 2); // and `help`, `quit`
});

test('a program that is not there is an error of the command', async () => {
  await expect(debug([], ['missing.elf'])).rejects.toThrow('cannot read missing.elf: no such file or directory');
});

test('without its source the program is debugged by instructions', async () => {
  const { terminal, io, transcript } = typed(['list', 'stepi'], new Map([['main.elf', assembled(source, 'gone.s')]]));
  await debugCommand(io, realEngine(), terminal).parseAsync(['main.elf'], { from: 'user' });
  expect(transcript()).toMatchInlineSnapshot(`
    "_start at gone.s:4, pc 0x00010000, cycle 0
      lui sp, 0x10000                    | gone.s:4
    (ulp) list
    error: cannot read the source gone.s
    (ulp) stepi
    _start+4 at gone.s:5, pc 0x00010004, cycle 1
      ulp.pub.w s0, 0(zero)              | gone.s:5"
  `);
});
