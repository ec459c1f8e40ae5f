/** What a session shows, as lines of text: registers, memory, tapes, the stack, source and instructions. */
import { F_NAMES, ROUNDING_MODES, X_NAMES } from '../isa/registers.ts';
import { BLOCK_HALVES, RAM_END, REGISTER } from '../space.ts';
import type { CallStack } from './call-stack.ts';
import { DebugError } from './debug-error.ts';
import { isFloatRegister, registerName } from './effects.ts';
import { sameLine } from './places.ts';
import type { DebugSession } from './session.ts';
import { bf16Text, floatText, fp32Text, hexOf, hexWord } from './values.ts';

/** All x registers in hex and as signed integers, two a line, and the pc. */
export function integerRegisters({ machine }: DebugSession): string[] {
  const cell = (i: number): string => {
    const value = machine.registers[REGISTER.x0 + i]!;
    return `${X_NAMES[i]!.padEnd(4)} ${`x${i}`.padEnd(3)} ${hexWord(value)} ${String(value | 0).padStart(11)}`;
  };
  const lines = Array.from({ length: 16 }, (_, i) => `${cell(i)}    ${cell(i + 16)}`);
  return [...lines, `pc       ${hexWord(machine.pc)}`];
}

/** All f registers in hex, as FP32 or as the BF16 that is boxed, and the parts of fcsr. */
export function floatRegisters({ machine }: DebugSession): string[] {
  const lines = F_NAMES.map((name, i) => {
    const value = machine.registers[REGISTER.f0 + i]!;
    return `${name.padEnd(4)} ${`f${i}`.padEnd(3)} ${hexWord(value)} ${floatText(value)}`;
  });
  const [frm, fflags] = [machine.registers[REGISTER.frm]!, machine.registers[REGISTER.fflags]!];
  const raised = ['NX', 'UF', 'OF', 'DZ', 'NV'].filter((_, i) => (fflags >>> i) & 1).join(' ');
  return [
    ...lines,
    `frm  ${ROUNDINGS[frm] ?? 'reserved'} (${frm})    fflags ${raised || 'none'} (${hexOf(fflags, 1)})`,
  ];
}

const ROUNDINGS = Object.entries(ROUNDING_MODES).reduce<string[]>((names, [name, mode]) => {
  names[mode] = name;
  return names;
}, []);

/** Every reading of one register. */
export function registerViews({ machine }: DebugSession, address: number): string[] {
  const value = machine.registers[address]!;
  const number = isFloatRegister(address)
    ? ` (f${address - REGISTER.f0})`
    : address < REGISTER.f0
      ? ` (x${address})`
      : '';
  return [
    `${registerName(address)}${number}`,
    `  hex       ${hexWord(value)}`,
    `  signed    ${value | 0}`,
    `  unsigned  ${value}`,
    `  fp32      ${fp32Text(value)}`,
    `  bf16      ${bf16Text(value >>> 16)} (high half), ${bf16Text(value & 0xffff)} (low half)`,
  ];
}

/**
 * RAM in words, four a line, with the bytes as text. Words that are not mapped are shown as dashes.
 * @throws {DebugError} if the address is no multiple of 4 or beyond RAM.
 */
export function memoryLines({ machine }: DebugSession, address: number, words: number): string[] {
  if (address % 4 !== 0) throw new DebugError(`expected a multiple of 4 as the address, got ${hexWord(address)}`);
  if (address >= RAM_END)
    throw new DebugError(`${hexWord(address)} is above the RAM, which ends at ${hexWord(RAM_END)}`);
  const lines: string[] = [];
  for (let at = address; at < Math.min(address + 4 * words, RAM_END); at += 16) {
    const row = Array.from({ length: Math.min(4, (address + 4 * words - at) / 4) }, (_, i) => {
      const mapped = machine.isMapped(at + 4 * i);
      return mapped ? machine.ram.peek((at + 4 * i) >>> 2) : undefined;
    });
    const hex = row.map((word) => (word === undefined ? '----------' : hexWord(word))).join(' ');
    const text = row.map((word) => (word === undefined ? '    ' : asciiOf(word))).join('');
    lines.push(`${hexWord(at)}  ${hex.padEnd(43)}  ${text}`.trimEnd());
  }
  return lines;
}

/** The hint tape in halfwords with their BF16 values, eight a line, from a byte offset. */
export function hintLines({ machine }: DebugSession, offset: number, halves: number): string[] {
  const { hints } = machine;
  if (hints.length === 0) return ['the hint tape is empty'];
  if (offset % 2 !== 0 || offset >= 2 * hints.length) {
    throw new DebugError(`expected an even byte offset below ${2 * hints.length}, got ${offset}`);
  }
  const lines = [`${hints.length} halfwords, ${hints.length / BLOCK_HALVES} blocks; from byte ${offset}`];
  const end = Math.min(offset / 2 + halves, hints.length);
  for (let at = offset / 2; at < end; at += 8) {
    const row = [...hints.subarray(at, Math.min(at + 8, end))];
    const hex = row.map((half) => half.toString(16).padStart(4, '0')).join(' ');
    lines.push(`${hexWord(2 * at)}  ${hex.padEnd(39)}  bf16 ${row.map(bf16Text).join(' ')}`);
  }
  return lines;
}

/** How much of the advice was taken, and what comes next. */
export function adviceLines({ machine }: DebugSession, count: number): string[] {
  const { advice, adviceCursor } = machine;
  const lines = [`${adviceCursor} of ${advice.length} field elements taken`];
  const next = [...advice.subarray(adviceCursor, adviceCursor + count)];
  return next.length === 0 ? lines : [...lines, `next: ${next.join(' ')}`];
}

export function publicLines({ machine }: DebugSession): string[] {
  const words = (values: ArrayLike<number>): string =>
    values.length === 0 ? 'none' : Array.from(values, (value) => `${hexWord(value)} (${value | 0})`).join(' ');
  return [`input   ${words(machine.publicInput)}`, `output  ${words(machine.publicOutput)}`];
}

/** The innermost function first. */
export function backtraceLines({ places, machine, timeline, debuggee }: DebugSession): string[] {
  const nameAt = (address: number): string => places.nameOf(address) ?? hexWord(address);
  const lines: string[] = [];
  let pc = machine.pc;
  let frame: CallStack = timeline.stack;
  for (let i = 0; ; i++) {
    const entry = frame === undefined ? debuggee.program.entry : frame.entry;
    lines.push(`#${i}  ${nameAt(entry)}: ${places.describe(pc)}`);
    if (frame === undefined) return lines;
    if (i === MAX_FRAMES) return [...lines, `and ${frame.depth} more`];
    [pc, frame] = [frame.callSite, frame.caller];
  }
}

const MAX_FRAMES = 63;

/** Source lines around one, with `=>` at the pc and `*` where a breakpoint is. */
export function sourceLines(session: DebugSession, file: string, line: number, around: number): string[] {
  const text = session.debuggee.source(file);
  if (text === undefined) throw new DebugError(`cannot read the source ${file}`);
  const breaks = new Set(
    session.breakpoints.breakpoints.flatMap(({ addresses }) =>
      addresses.map((address) => session.places.lineOf(address)).flatMap((at) => (at?.file === file ? [at.line] : [])),
    ),
  );
  const first = Math.max(1, line - around);
  return text.slice(first - 1, line + around).map((content, i) => {
    const number = first + i;
    const mark = sameLine(session.line, { file, line: number }) ? '=>' : '  ';
    return `${mark}${breaks.has(number) ? '*' : ' '}${String(number).padStart(4)}  ${content}`.trimEnd();
  });
}

/** Instructions from an address on, with labels and the source lines they come from. */
export function instructionLines(session: DebugSession, address: number, count: number): string[] {
  const { places, machine, breakpoints } = session;
  const breaks = new Set(breakpoints.breakpoints.flatMap(({ addresses }) => addresses));
  const lines: string[] = [];
  let before = places.lineOf(address - 4);
  for (let pc = address; pc < address + 4 * count && places.isText(pc); pc += 4) {
    const [name, line] = [places.nameOf(pc), places.lineOf(pc)];
    if (name !== undefined) lines.push(`${name}:`);
    if (line !== undefined && (pc === address || !sameLine(line, before)))
      lines.push(`       ${sourceText(session, pc)}`);
    before = line;
    const mark = pc === machine.pc ? '=>' : '  ';
    lines.push(`${mark}${breaks.has(pc) ? '*' : ' '}${hexWord(pc)}  ${instructionText(session, pc)}`);
  }
  if (lines.length === 0) throw new DebugError(`${hexWord(address)} is not in the text of the program`);
  return lines;
}

/** The instruction at an address as text. */
export function instructionText({ places, debuggee }: DebugSession, pc: number): string {
  const word = places.textWord(pc);
  if (word === undefined) return 'no instruction';
  return debuggee.disassemble(word, pc, (address) => places.nearest(address) || undefined);
}

/** "sum.s:7  addi t3, t3, -1": the line of an address, with its text where the source can be read. */
export function sourceText({ places, debuggee }: DebugSession, pc: number): string {
  const line = places.lineOf(pc);
  if (line === undefined) return '';
  const text = debuggee.source(line.file)?.[line.line - 1]?.trim() ?? '';
  return `${line.file}:${line.line}  ${text}`.trimEnd();
}

function asciiOf(word: number): string {
  return [0, 8, 16, 24]
    .map((shift) => (word >>> shift) & 0xff)
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
    .join('');
}
