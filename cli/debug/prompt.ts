/** The debugger at a prompt: one command a line, from a person or from a pipe. */
import { setImmediate } from 'node:timers/promises';
import { COMMANDS, helpLines, runCommand } from '../../vm/debugger/commands.ts';
import { DebugError } from '../../vm/debugger/debug-error.ts';
import type { DebugSession } from '../../vm/debugger/session.ts';
import { whereLines } from '../../vm/debugger/stop-text.ts';
import type { Io } from '../io.ts';
import type { Lines, Terminal } from './terminal.ts';

/** Commands of the prompt itself, beside those of the session. */
const OWN = [
  ['help, h', 'this list'],
  ['quit, q', 'end the session'],
] as const;

export const promptHelp = (): string =>
  [...helpLines(), ...OWN.map(([names, summary]) => `${names.padEnd(42)} ${summary}`)].join('\n');

/** Repeated by an empty line: the movements one makes again and again. */
const REPEATABLE = new Set(['s', 'si', 'n', 'c', 'step', 'stepi', 'next', 'continue', 'back', 'rsi', 'rs', 'rn', 'rc']);

/** Reads commands until `quit` or the end of the input. True if every command could be done. */
export async function debugPrompt(io: Io, session: DebugSession, terminal: Terminal): Promise<boolean> {
  const lines = terminal.lines('(ulp) ', completions);
  let interrupted = false;
  lines.onInterrupt(() => {
    interrupted = true;
  });
  let [allDone, last] = [true, ''];
  io.out(whereLines(session).join('\n'));
  lines.prompt();
  for await (const typed of lines) {
    const line = typed.trim() === '' && REPEATABLE.has(last.split(/\s/)[0]!) ? last : typed.trim();
    last = line;
    if (line === 'quit' || line === 'q') break;
    interrupted = false;
    try {
      if (line === 'help' || line === 'h') io.out(promptHelp());
      else await runLine(io, session, line, () => interrupted);
    } catch (error) {
      if (!(error instanceof DebugError)) throw error;
      io.err(`error: ${error.message}`);
      allDone = false;
    }
    lines.prompt();
  }
  (lines as Lines).close();
  return allDone;
}

async function runLine(io: Io, session: DebugSession, line: string, interrupted: () => boolean): Promise<void> {
  const run = runCommand(session, line);
  for (;;) {
    const { done, value } = run.next();
    if (done) {
      if (value.length > 0) io.out(value.join('\n'));
      return;
    }
    await setImmediate();
    if (!interrupted()) continue;
    run.return([]);
    io.out(['interrupted', ...whereLines(session)].join('\n'));
    return;
  }
}

function completions(line: string): string[] {
  return COMMANDS.map(({ names }) => names[0]!).filter((name) => name.startsWith(line));
}
