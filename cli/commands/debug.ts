import { Command } from 'commander';
import { DebugSession } from '../../vm/debugger/session.ts';
import { readDebuggee } from '../debug/debuggee.ts';
import { serveGdb } from '../debug/gdb-socket.ts';
import { debugPrompt, promptHelp } from '../debug/prompt.ts';
import { processTerminal, type Terminal } from '../debug/terminal.ts';
import type { Engine } from '../engine.ts';
import { EXIT, type Io } from '../io.ts';
import { integerIn } from '../options.ts';
import { readCase } from '../program-file.ts';

const HELP = `
Commands are read from the terminal or from a pipe, one a line; docs/debugging.md has a session. The run can go backward
as well as forward. With --gdb the session is served to gdb instead, to programs on this machine only:

  gdb-multiarch sum.elf -ex 'target remote 127.0.0.1:1234'

Exit codes: 0 the session ended; 2 a file is wrong, or a command that was piped in could not be done.

Commands:
${promptHelp().replace(/^/gm, '  ')}

Examples:
  ulp debug sum.elf --input case.json
  printf 'break loop\\ncontinue\\nregisters\\n' | ulp debug sum.elf --input case.json
  ulp debug sum.elf --input case.json --gdb 1234`;

export function debugCommand(io: Io, engine: Engine, terminal: Terminal = processTerminal): Command {
  return new Command('debug')
    .description('step through a run, forward and backward')
    .argument('<program>', 'executable, as written by `ulp asm`')
    .option('--input <case>', 'JSON file with publicInput, hints and advice')
    .option('--gdb <port>', 'serve the gdb remote protocol on 127.0.0.1; 0 takes any free port', integerIn(0, 65535))
    .addHelpText('after', HELP)
    .action(async (path: string, options: { input?: string; gdb?: number }) => {
      const input = await readCase(io, options.input);
      const session = new DebugSession(await readDebuggee(io, engine, path, input));
      if (options.gdb !== undefined) await serveGdb(io, session, terminal, options.gdb);
      else if (!(await debugPrompt(io, session, terminal))) io.exitCode(EXIT.failed);
    });
}
