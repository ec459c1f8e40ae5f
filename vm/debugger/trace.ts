/**
 * A run as a stream of its instructions: what each one is, where it is from, what it read and wrote. Nothing of the
 * past is held; the same program and input give the same stream.
 */
import type { ProgramRow } from '../executor/instruction.ts';
import { type SourceLine, type Trap, type TrapCause, TrapSignal } from '../executor/trap.ts';
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
  /** The instruction has no result, and the run ends with it. */
  readonly trap: TrapCause | undefined;
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
  const tracer = new Tracer(debuggee, machine);
  let trap: Trap | undefined;
  while (machine.exitCode === undefined && trap === undefined) {
    const cycle = machine.cycles;
    const shown = cycle >= from && cycle < to;
    if (shown) tracer.begin();
    try {
      if (shown) machine.observedStep();
      else machine.step();
    } catch (signal) {
      if (!(signal instanceof TrapSignal)) throw signal;
      trap = signal.trap;
    }
    if (shown) yield tracer.step(trap);
    else if (cycle % SILENT === 0) yield undefined;
  }
  const { cycles, publicOutput, exitCode } = machine;
  return { cycles, publicOutput, exitCode, trap };
}

interface Known {
  readonly symbol: string;
  readonly instruction: string;
  readonly source: SourceLine | undefined;
}

/** What changed between the beginning and the end of one instruction. */
class Tracer {
  private readonly debuggee: Debuggee;
  private readonly machine: ObservedMachine;
  private readonly places: Places;
  /** By pc: at most as many as the text has. */
  private readonly instructions = new Map<number, Known>();
  private readonly registers = new Uint32Array(REGISTER.count);
  private row: ProgramRow | undefined;
  private start = { cycle: 0, pc: 0, advice: 0, numOutputs: 0 };
  private line: SourceLine | undefined;

  constructor(debuggee: Debuggee, machine: ObservedMachine) {
    this.debuggee = debuggee;
    this.machine = machine;
    this.places = new Places(debuggee.program, debuggee.lines);
  }

  begin(): void {
    const { cycles: cycle, pc, adviceCursor: advice, publicOutput } = this.machine;
    this.start = { cycle, pc, advice, numOutputs: publicOutput.length };
    this.row = this.machine.rowAtPc();
    this.registers.set(this.machine.registers);
  }

  /** A trap ends the instruction before its results: what is listed then is what it had read. */
  step(trap: Trap | undefined): TraceStep {
    const { machine } = this;
    const { cycle, pc, advice, numOutputs } = this.start;
    const { symbol, instruction, source } = this.known(pc);
    const step = {
      cycle,
      pc,
      symbol,
      instruction,
      source: sameLine(source, this.line) ? undefined : source,
      registers: trap === undefined ? this.changes() : [],
      memory: this.row === undefined ? [] : machine.accesses(),
      advice: machine.adviceCursor - advice,
      output: machine.publicOutput.slice(numOutputs),
      trap: trap?.cause,
    };
    this.line = source;
    return step;
  }

  /** What is the same every time an instruction is executed. */
  private known(pc: number): Known {
    const before = this.instructions.get(pc);
    if (before !== undefined) return before;
    const { places } = this;
    const word = places.textWord(pc);
    const nameOf = (address: number): string | undefined => places.nearest(address) || undefined;
    const instruction = word === undefined ? '' : this.debuggee.disassemble(word, pc, nameOf);
    const known = { symbol: places.nearest(pc), instruction, source: places.lineOf(pc) };
    this.instructions.set(pc, known);
    return known;
  }

  private changes(): RegisterChange[] {
    const { registers } = this.machine;
    const written = new Set(this.row === undefined ? [] : registerOperands(this.row).written);
    for (let i = 0; i < REGISTER.count; i++) {
      if (i !== REGISTER.sink && this.registers[i] !== registers[i]) written.add(i);
    }
    return [...written].map((i) => ({
      name: registerName(i),
      before: this.registers[i]!,
      after: registers[i]!,
      ...(isFloatRegister(i) && { value: floatText(registers[i]!) }),
    }));
  }
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
    ...(step.trap === undefined ? [] : [`trap: ${step.trap}`]),
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
