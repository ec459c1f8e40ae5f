/**
 * A run as a stream of its instructions: what each one is, where it is from, what it read and wrote. Nothing of the
 * past is held; the same program and input give the same stream.
 */
import { type SourceLine, type Trap, TrapSignal } from '../executor/trap.ts';
import { REGISTER } from '../space.ts';
import { isFloatRegister, registerName, registerOperands } from './effects.ts';
import { type MemoryAccess, ObservedMachine } from './observed-machine.ts';
import { Places, sameLine } from './places.ts';
import type { Debuggee } from './session.ts';
import { floatText, hexOf, hexWord } from './values.ts';

export interface TraceStep {
  /** Instructions completed before this one. */
  readonly cycle: number;
  readonly pc: number;
  /** "loop+8"; "" if there is no symbol. */
  readonly symbol: string;
  readonly instruction: string;
  /** Where it differs from that of the step before. */
  readonly source: SourceLine | undefined;
  /** Target registers, and all others that changed. */
  readonly registers: readonly RegisterChange[];
  readonly memory: readonly MemoryAccess[];
  /** Field elements taken from the advice. */
  readonly advice: number;
  /** Words appended to the public output. */
  readonly output: readonly number[];
}

export interface RegisterChange {
  readonly name: string;
  readonly before: number;
  readonly after: number;
  /** Of an f register: "fp32 1.5", "bf16 -2". */
  readonly value?: string;
}

export interface TraceEnd {
  readonly cycles: number;
  readonly publicOutput: readonly number[];
  readonly exitCode: number | undefined;
  readonly trap: Trap | undefined;
}

/** Steps with `from` <= cycle < `to`; the run goes on to its end. Yields undefined now and then where nothing is shown. */
export function* traceRun(
  debuggee: Debuggee,
  { from = 0, to = Infinity }: { readonly from?: number; readonly to?: number } = {},
): Generator<TraceStep | undefined, TraceEnd, undefined> {
  const machine = new ObservedMachine(debuggee.program, debuggee.input);
  const places = new Places(debuggee.program, debuggee.lines);
  const before = new Uint32Array(REGISTER.count);
  let line: SourceLine | undefined;
  let trap: Trap | undefined;
  try {
    while (machine.exitCode === undefined) {
      const { cycles: cycle, pc } = machine;
      if (cycle < from || cycle >= to) {
        machine.step();
        if (cycle % SILENT === 0) yield undefined;
        continue;
      }
      before.set(machine.registers);
      const [adviceBefore, outputBefore] = [machine.adviceCursor, machine.publicOutput.length];
      const row = machine.fetch();
      machine.observedStep();
      const written = new Set(registerOperands(row).written);
      for (let i = 0; i < REGISTER.count; i++) {
        if (i !== REGISTER.sink && before[i] !== machine.registers[i]) written.add(i);
      }
      const source = places.lineOf(pc);
      yield {
        cycle,
        pc,
        symbol: places.nearest(pc),
        instruction: debuggee.disassemble(places.textWord(pc)!, pc, (address) => places.nearest(address) || undefined),
        source: sameLine(source, line) ? undefined : source,
        registers: [...written].map((i) => ({
          name: registerName(i),
          before: before[i]!,
          after: machine.registers[i]!,
          ...(isFloatRegister(i) && { value: floatText(machine.registers[i]!) }),
        })),
        memory: machine.accesses(),
        advice: machine.adviceCursor - adviceBefore,
        output: machine.publicOutput.slice(outputBefore),
      };
      line = source;
    }
  } catch (signal) {
    if (!(signal instanceof TrapSignal)) throw signal;
    trap = signal.trap;
  }
  const { cycles, publicOutput, exitCode } = machine;
  return { cycles, publicOutput, exitCode, trap };
}

/** Instructions between two silent yields. */
const SILENT = 2 ** 16;

/** One line, and before it the source line if it is another than that of the step before. */
export function traceLines(step: TraceStep, source: Debuggee['source']): string[] {
  const { cycle, pc, symbol, instruction, registers, memory, advice, output } = step;
  const effects = [
    ...registers.map(({ name, before, after, value }) => {
      const reading = value === undefined ? '' : ` (${value})`;
      return `${name} ${hexWord(before)} -> ${hexWord(after)}${reading}`;
    }),
    ...memory.map(accessText),
    ...(advice === 0 ? [] : [`${advice} of the advice`]),
    ...output.map((word) => `output ${hexWord(word)}`),
  ];
  const line = `${String(cycle).padStart(9)}  ${hexWord(pc)}  ${symbol.padEnd(16)} ${instruction.padEnd(28)}  ${effects.join(', ')}`;
  if (step.source === undefined) return [line.trimEnd()];
  const text = source(step.source.file)?.[step.source.line - 1]?.trim() ?? '';
  return [`${step.source.file}:${step.source.line}  ${text}`.trimEnd(), line.trimEnd()];
}

function accessText(access: MemoryAccess): string {
  const { address, bytes } = access;
  switch (access.kind) {
    case 'read':
      return `[${hexWord(address)}] ${hexOf(access.value, bytes)}`;
    case 'write':
      return `[${hexWord(address)}] ${hexOf(access.before, bytes)} -> ${hexOf(access.after, bytes)}`;
    case 'hint':
      return `hint[${address}..${address + bytes}]`;
  }
}
