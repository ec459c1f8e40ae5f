/**
 * The commands of the debugger as one table: names, what is written after them, what they do. A command moves the
 * session or shows something of it; it returns lines of text and throws DebugError when it cannot be done.
 */
import { REGISTER } from '../space.ts';
import { addressOf, codePlaceOf, numberOf, watchTargetOf } from './arguments.ts';
import { type WatchKind, watchText } from './breakpoints.ts';
import { DebugError } from './debug-error.ts';
import { registerAddress } from './effects.ts';
import type { DebugSession, Movement } from './session.ts';
import { stopLines, whereLines } from './stop-text.ts';
import {
  adviceLines,
  backtraceLines,
  floatRegisters,
  hintLines,
  instructionLines,
  integerRegisters,
  memoryLines,
  publicLines,
  registerViews,
  sourceLines,
} from './views.ts';

/** Yields as a movement does; the lines are what there is to print. */
export type CommandRun = Generator<undefined, readonly string[], undefined>;

export interface Command {
  /** The first is the name, the others are short forms. */
  readonly names: readonly string[];
  /** As in a usage line: `<required> [optional]`; `...` for any number. */
  readonly usage: string;
  readonly summary: string;
  readonly run: (session: DebugSession, words: readonly string[]) => readonly string[] | Movement;
}

const count = (words: readonly string[]): number => numberOf('count', words[0] ?? '1', 1);

/** The same movement some times, until it stops for another reason than its own. */
function* repeated(times: number, move: () => Movement): Movement {
  for (let i = 1; ; i++) {
    const stop = yield* move();
    if (stop.reason !== 'step' || i >= times) return stop;
  }
}

const watch =
  (kind: WatchKind): Command['run'] =>
  (session, [text, bytes]) => {
    const watchpoint = session.breakpoints.watch(kind, watchTargetOf(session, text!, bytes));
    return [`watchpoint ${watchpoint.id}: ${watchText(watchpoint)}`];
  };

export const COMMANDS: readonly Command[] = [
  {
    names: ['break', 'b'],
    usage: '<place>',
    summary: 'stop before a place: file:line, line, symbol, symbol+8, 0x10008, or @cycle',
    run(session, [text]) {
      if (text!.startsWith('@')) {
        const cycle = numberOf('cycle', text!.slice(1), 0, Number.MAX_SAFE_INTEGER);
        const { id } = session.breakpoints.add(`cycle ${cycle}`, { cycle });
        return [`breakpoint ${id}: cycle ${cycle}`];
      }
      const { label, addresses } = codePlaceOf(session, text!);
      const { id } = session.breakpoints.add(label, { addresses });
      const several = addresses.length > 1 ? `, ${addresses.length} places` : '';
      return [`breakpoint ${id}: ${label}${several}`];
    },
  },
  {
    names: ['watch'],
    usage: '<register|address> [bytes]',
    summary: 'stop after a change of a register or of RAM (4 bytes)',
    run: watch('change'),
  },
  { names: ['wwatch'], usage: '<register|address> [bytes]', summary: '.. after a write', run: watch('write') },
  { names: ['rwatch'], usage: '<register|address> [bytes]', summary: '.. after a read', run: watch('read') },
  {
    names: ['awatch'],
    usage: '<register|address> [bytes]',
    summary: '.. after a read or a write',
    run: watch('access'),
  },
  {
    names: ['delete', 'd'],
    usage: '<number>',
    summary: 'delete a breakpoint or watchpoint',
    run({ breakpoints }, [id]) {
      breakpoints.delete(numberOf('number', id!, 1));
      return [];
    },
  },
  {
    names: ['breakpoints', 'info'],
    usage: '',
    summary: 'list breakpoints and watchpoints with the number of their hits',
    run: ({ breakpoints: { breakpoints, watchpoints } }) => {
      const lines = [
        ...breakpoints.map(({ id, label, hits }) => ({ id, text: label, hits })),
        ...watchpoints.map((one) => ({ id: one.id, text: watchText(one), hits: one.hits })),
      ].sort((a, b) => a.id - b.id);
      return lines.length === 0 ? ['none'] : lines.map(({ id, text, hits }) => `${id}  ${text}, hit ${times(hits)}`);
    },
  },
  {
    names: ['step', 's'],
    usage: '[count]',
    summary: 'to the next source line, into calls',
    run: (session, words) => repeated(count(words), () => session.stepLine()),
  },
  {
    names: ['stepi', 'si'],
    usage: '[count]',
    summary: 'one instruction',
    run: (session, words) => session.stepInstruction(count(words)),
  },
  {
    names: ['next', 'n'],
    usage: '[count]',
    summary: 'to the next source line, over calls',
    run: (session, words) => repeated(count(words), () => session.next()),
  },
  { names: ['finish', 'fin'], usage: '', summary: 'until this function returns', run: (session) => session.finish() },
  {
    names: ['continue', 'c'],
    usage: '',
    summary: 'until a breakpoint, a watchpoint or the end',
    run: (session) => session.continue(),
  },
  {
    names: ['back', 'rsi'],
    usage: '[count]',
    summary: 'one instruction backward',
    run: (session, words) => session.stepBack(count(words)),
  },
  {
    names: ['reverse-step', 'rs'],
    usage: '[count]',
    summary: 'one source line backward',
    run: (session, words) => repeated(count(words), () => session.stepLineBack()),
  },
  {
    names: ['reverse-next', 'rn'],
    usage: '[count]',
    summary: 'one source line backward, over calls',
    run: (session, words) => repeated(count(words), () => session.nextBack()),
  },
  {
    names: ['reverse-finish', 'rfin'],
    usage: '',
    summary: 'back to the call of this function',
    run: (session) => session.finishBack(),
  },
  {
    names: ['reverse-continue', 'rc'],
    usage: '',
    summary: 'backward to a breakpoint, a watchpoint or the start',
    run: (session) => session.continueBack(),
  },
  {
    names: ['goto', 'g'],
    usage: '<cycle>',
    summary: 'to the state after so many instructions, in either direction',
    run: (session, [cycle]) => session.goTo(numberOf('cycle', cycle!, 0, Number.MAX_SAFE_INTEGER)),
  },
  { names: ['where', 'w'], usage: '', summary: 'where the run is', run: whereLines },
  {
    names: ['registers', 'r'],
    usage: '[x|f|register...]',
    summary: 'x registers, f registers, or every reading of the ones named',
    run(session, words) {
      return (words.length === 0 ? ['x'] : words).flatMap((name) => {
        if (name === 'x') return integerRegisters(session);
        if (name === 'f') return floatRegisters(session);
        const address = registerAddress(name);
        if (address === undefined) throw new DebugError(`there is no register ${name}`);
        return registerViews(session, address);
      });
    },
  },
  {
    names: ['set'],
    usage: '<register|pc|address> <value>',
    summary: 'change a register, the pc or a word of RAM, and so the run from here on',
    run(session, [text, number]) {
      const value = numberOf('value', number!);
      const register = registerAddress(text!);
      if (text === 'pc') session.edit({ pc: value });
      else if (register !== undefined) {
        const limit = register === REGISTER.frm ? 7 : register === REGISTER.fflags ? 31 : 2 ** 32 - 1;
        session.edit({ register, value: numberOf('value', number!, 0, limit) });
      } else {
        const address = addressOf(session, text!);
        session.edit(...[0, 1, 2, 3].map((i) => ({ address: address + i, byte: (value >>> (8 * i)) & 0xff })));
      }
      return [];
    },
  },
  {
    names: ['memory', 'x'],
    usage: '<address> [words]',
    summary: 'RAM in words; the address may be a symbol or a register: `x sp 8`',
    run: (session, [text, words]) =>
      memoryLines(session, addressOf(session, text!), numberOf('words', words ?? '16', 1, 4096)),
  },
  {
    names: ['hints'],
    usage: '[byte] [halfwords]',
    summary: 'the hint tape, as halfwords and BF16',
    run: (session, [byte, halves]) =>
      hintLines(session, numberOf('byte', byte ?? '0'), numberOf('halfwords', halves ?? '64', 1, 4096)),
  },
  {
    names: ['advice'],
    usage: '[count]',
    summary: 'how much of the advice was taken, and what comes next',
    run: (session, [words]) => adviceLines(session, numberOf('count', words ?? '9', 1, 4096)),
  },
  { names: ['public'], usage: '', summary: 'public input and the public output so far', run: publicLines },
  { names: ['backtrace', 'bt'], usage: '', summary: 'the functions that the run is in', run: backtraceLines },
  {
    names: ['list', 'l'],
    usage: '[place]',
    summary: 'source around the pc or a place',
    run(session, [text]) {
      const pc = text === undefined ? session.machine.pc : codePlaceOf(session, text).addresses[0]!;
      const line = session.places.lineOf(pc);
      if (line === undefined) throw new DebugError('the program has no source lines there; `disassemble` shows it');
      return sourceLines(session, line.file, line.line, 5);
    },
  },
  {
    names: ['disassemble', 'dis'],
    usage: '[place] [count]',
    summary: 'instructions with their source, around the pc or from a place on',
    run(session, [text, words]) {
      const { program } = session.debuggee;
      const here = Math.max(program.textBase, session.machine.pc - 16);
      const from = text === undefined ? here : codePlaceOf(session, text).addresses[0]!;
      return instructionLines(session, from, numberOf('count', words ?? '12', 1, 4096));
    },
  },
];

/** One line typed by a person. An empty line and a comment (`#`) do nothing. @throws {DebugError} */
export function* runCommand(session: DebugSession, line: string): CommandRun {
  const [name, ...words] = line
    .replace(/(^|\s)#.*/, '')
    .trim()
    .split(/\s+/);
  if (name === undefined || name === '') return [];
  const command = commandOf(name);
  const places = command.usage === '' ? [] : command.usage.split(/ (?=[<[])/);
  const least = places.filter((place) => place.startsWith('<')).length;
  if (words.length < least || (words.length > places.length && !command.usage.includes('...'))) {
    throw new DebugError(`usage: ${command.names[0]} ${command.usage}`.trimEnd());
  }
  const result = command.run(session, words);
  if ('next' in result) return stopLines(session, yield* result);
  return result;
}

/** By a name, a short form, or the start of only one name. @throws {DebugError} */
export function commandOf(name: string): Command {
  const exact = COMMANDS.find(({ names }) => names.includes(name));
  if (exact !== undefined) return exact;
  const starting = COMMANDS.filter(({ names }) => names[0]!.startsWith(name));
  if (starting.length === 1) return starting[0]!;
  if (starting.length === 0) throw new DebugError(`there is no command ${name}; \`help\` lists them`);
  throw new DebugError(`${name} could be ${starting.map(({ names }) => names[0]).join(', ')}`);
}

/** One line a command. */
export function helpLines(): string[] {
  const rows = COMMANDS.map(
    ({ names, usage, summary }) => [`${names.join(', ')} ${usage}`.trimEnd(), summary] as const,
  );
  return rows.map(([left, right]) => `${left.padEnd(42)} ${right}`);
}

const times = (hits: number): string => (hits === 1 ? 'once' : `${hits} times`);
