/** The real gdb against the server: what its user sees. Debian and Ubuntu: `apt-get install gdb-multiarch`. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assembled, debuggeeOf, SQUARES, withStack } from '../../test/support/debuggee.ts';
import { DebugSession } from '../../vm/debugger/session.ts';
import { serveConnection } from './gdb-socket.ts';
import { processTerminal } from './terminal.ts';

const GDB = 'gdb-multiarch';
const missing = spawnSync(GDB, ['--version']).error !== undefined;
const SOURCE = withStack(SQUARES).replace(
  '    li a0, 0\n',
  '    li t1, 0x3fc00000\n    fmv.w.x fa0, t1\n    li a0, 0\n',
);

describe.skipIf(missing)(`${GDB} (skipped: it is not installed)`, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ulp-gdb-'));
    writeFileSync(join(folder, 'main.s'), SOURCE);
    writeFileSync(join(folder, 'main.elf'), assembled(SOURCE));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs gdb with these commands after it has attached and returns what it says, without what differs between versions. */
  async function gdb(...commands: string[]): Promise<string[]> {
    const session = new DebugSession(debuggeeOf(SOURCE, { publicInput: Uint32Array.of(3) }));
    let served = Promise.resolve();
    const port = await new Promise<number>((resolve) => {
      served = processTerminal.connection(0, resolve).then((connection) => serveConnection(session, connection));
    });
    const setup = ['set confirm off', 'set pagination off', 'set height 0', `target remote 127.0.0.1:${port}`];
    const args = [...setup, ...commands].flatMap((command) => ['-ex', command]);
    const child = spawn(GDB, ['-nx', '-batch', 'main.elf', ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (bytes) => {
      output += bytes;
    });
    child.stderr.on('data', (bytes) => {
      output += bytes;
    });
    await new Promise((resolve) => child.once('close', resolve));
    await served;
    const lines = output.split('\n').map((line) => line.trim().replaceAll('\t', ' '));
    return lines.filter(
      (line) => line !== '' && !/^(Backtrace stopped|Hardware watchpoint|\[Inferior.*detached)/.test(line),
    );
  }

  test('attaches, breaks at a symbol, steps, reads registers and memory, and shows source lines', async () => {
    const commands = ['break square', 'continue', 'backtrace', 'stepi', 'step', 'info registers sp a0 pc', 'x/2i $pc'];
    expect(await gdb(...commands, 'finish', 'x/1dw &total', 'next', 'info line')).toEqual([
      '_start () at main.s:4',
      '4     li sp, 0x10000000',
      'Breakpoint 1 at 0x10048: file main.s, line 24.',
      'Breakpoint 1, square () at main.s:24',
      '24     addi sp, sp, -16',
      '#0  square () at main.s:24',
      '#1  0x0001001c in next () at main.s:9',
      '25     sw ra, 12(sp)',
      '26     mul a0, a0, a0',
      'sp             0xffffff0 0xffffff0',
      'a0             0x3 3',
      'pc             0x10050 0x10050 <square+8>',
      '=> 0x10050 <square+8>: mul a0,a0,a0',
      '0x10054 <square+12>: lw ra,12(sp)',
      'next () at main.s:10',
      '10     lw t0, 0(s1)',
      '0x11000: 0',
      '11     add t0, t0, a0',
      'Line 11 of "main.s" starts at address 0x10020 <next+16> and ends at 0x10024 <next+20>.',
    ]);
  });

  test('goes backward to the write of a watched word', async () => {
    const commands = ['watch *(int *)&total', 'continue', 'delete', 'break main.s:15', 'continue', 'p *(int *)&total'];
    const back = ['watch *(int *)&total', 'reverse-continue', 'reverse-stepi', 'p *(int *)&total', 'delete'];
    expect(await gdb(...commands, ...back, 'reverse-continue')).toEqual([
      '_start () at main.s:4',
      '4     li sp, 0x10000000',
      'Old value = 0',
      'New value = 9',
      'next () at main.s:13',
      '13     addi s0, s0, -1',
      'Breakpoint 2 at 0x10030: file main.s, line 15.',
      'Breakpoint 2, next () at main.s:15',
      '15     ulp.out t0, 0(zero)',
      '$1 = 14',
      'Old value = 14',
      'New value = 13',
      'next () at main.s:12',
      '12     sw t0, 0(s1)',
      '11     add t0, t0, a0',
      '$2 = 13',
      'No more reverse-execution history.',
      '_start () at main.s:4',
      '4     li sp, 0x10000000',
    ]);
  });

  test('prints floating-point registers, the end of the run, and the way back', async () => {
    expect(await gdb('continue', 'p $fa0', 'p $fcsr', 'reverse-stepi', 'p $a7', 'continue', 'continue')).toEqual([
      '_start () at main.s:4',
      '4     li sp, 0x10000000',
      'halted with exit code 0 after 52 cycles',
      'No more reverse-execution history.',
      'next () at main.s:20',
      '20     ecall',
      '$1 = 1.5',
      '$2 = 0',
      '19     li a7, 93',
      '$3 = 0',
      'halted with exit code 0 after 52 cycles',
      'No more reverse-execution history.',
      'next () at main.s:20',
      '20     ecall',
      '[Inferior 1 (Remote target) exited normally]',
    ]);
  });

  test('writes registers and memory', async () => {
    const commands = [
      'break square',
      'continue',
      'p $a0 = 5',
      'p *(int *)&total = 1',
      'finish',
      'p $a0',
      'x/1dw &total',
    ];
    expect(await gdb(...commands, 'p $fa1 = 2.5', 'p $fa1')).toEqual([
      '_start () at main.s:4',
      '4     li sp, 0x10000000',
      'Breakpoint 1 at 0x10048: file main.s, line 24.',
      'Breakpoint 1, square () at main.s:24',
      '24     addi sp, sp, -16',
      '$1 = 5',
      '$2 = 1',
      'next () at main.s:10',
      '10     lw t0, 0(s1)',
      '$3 = 25',
      '0x11000: 1',
      '$4 = 2.5',
      '$5 = 2.5',
    ]);
  });
});
