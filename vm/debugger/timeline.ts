/**
 * A run that can be stood in at any cycle: forward by executing, backward by executing again from a state kept earlier.
 *
 * States are kept every `interval` cycles; when there are too many, every second one goes and the interval doubles. A
 * step back therefore costs at most about 1/64 of the run so far, and memory is bounded by MAX_STATES times what the
 * program writes between them.
 */
import type { Program, ProgramInput } from '../executor/program.ts';
import { type Trap, TrapSignal } from '../executor/trap.ts';
import { afterJump, type CallStack, jumps } from './call-stack.ts';
import { type MachineState, ObservedMachine } from './observed-machine.ts';

const MAX_STATES = 128;
const FIRST_INTERVAL = 1024;
const SP = 2;

/** A change by the person who debugs: of a register by its address, of the pc, or of a byte of RAM. */
export type Edit =
  | { readonly register: number; readonly value: number }
  | { readonly pc: number }
  | { readonly address: number; readonly byte: number };

interface Moment {
  readonly machine: MachineState;
  readonly stack: CallStack;
  readonly previousPc: number | undefined;
}

export class Timeline {
  readonly machine: ObservedMachine;
  /** Innermost frame first. */
  stack: CallStack = undefined;
  /** Why the instruction at the pc has no result; forgotten by going back. */
  trap: Trap | undefined = undefined;
  /** The instruction executed last; undefined at the start. */
  previousPc: number | undefined = undefined;
  private moments: Moment[];
  private interval = FIRST_INTERVAL;
  /** In order; made again whenever the run comes to their cycle. */
  private edits: { readonly cycle: number; readonly edit: Edit }[] = [];

  constructor(program: Program, input: ProgramInput) {
    this.machine = new ObservedMachine(program, input);
    this.moments = [this.moment()];
  }

  /** Instructions completed: the time of the state. */
  get cycle(): number {
    return this.machine.cycles;
  }

  /** The program halted or trapped: it has no next instruction. */
  get ended(): boolean {
    return this.trap !== undefined || this.machine.exitCode !== undefined;
  }

  /** The run is no longer that of its program and input alone. */
  get edited(): boolean {
    return this.edits.length > 0;
  }

  /** Changes the state here, and so everything after it: what was known of later states is forgotten. */
  edit(...edits: readonly Edit[]): void {
    const { cycle } = this;
    this.trap = undefined;
    this.edits = [...this.edits.filter((one) => one.cycle <= cycle), ...edits.map((edit) => ({ cycle, edit }))];
    for (const edit of edits) this.apply(edit);
    this.moments = [...this.moments.filter(({ machine }) => machine.cycles < cycle), this.moment()];
  }

  /** Executes one instruction, or finds that it traps; nothing once the run has ended. */
  step(observed: boolean): void {
    if (this.ended) return;
    const { machine } = this;
    const row = machine.rowAtPc();
    try {
      if (observed) machine.observedStep();
      else machine.step();
    } catch (signal) {
      if (!(signal instanceof TrapSignal)) throw signal;
      this.trap = signal.trap;
      return;
    }
    this.previousPc = row!.pc;
    if (jumps(row!)) this.stack = afterJump(this.stack, row!, machine.pc, machine.registers[SP]!);
    if (this.edits.length > 0) for (const { cycle, edit } of this.edits) if (cycle === machine.cycles) this.apply(edit);
    if (machine.cycles % this.interval === 0 && machine.cycles > this.moments.at(-1)!.machine.cycles) this.keep();
  }

  /** Goes to the state after `cycle` instructions, or to the end of the run if it has fewer. */
  goTo(cycle: number): void {
    if (cycle < this.cycle || (cycle === this.cycle && this.trap !== undefined)) this.restore(this.momentBefore(cycle));
    while (this.cycle < cycle && !this.ended) this.step(false);
  }

  /** The last kept cycle that is at most `cycle`. */
  keptBefore(cycle: number): number {
    return this.momentBefore(cycle).machine.cycles;
  }

  private apply(edit: Edit): void {
    const { machine } = this;
    if ('register' in edit) machine.registers[edit.register] = edit.value;
    else if ('pc' in edit) machine.pc = edit.pc;
    else {
      const [word, shift] = [edit.address >>> 2, 8 * (edit.address & 3)];
      machine.ram.write(word, (machine.ram.peek(word) & ~(0xff << shift)) | (edit.byte << shift));
    }
  }

  private momentBefore(cycle: number): Moment {
    return this.moments.findLast(({ machine }) => machine.cycles <= cycle) ?? this.moments[0]!;
  }

  private moment(): Moment {
    return { machine: this.machine.keep(), stack: this.stack, previousPc: this.previousPc };
  }

  private restore({ machine, stack, previousPc }: Moment): void {
    this.machine.restore(machine);
    this.stack = stack;
    this.previousPc = previousPc;
    this.trap = undefined;
  }

  private keep(): void {
    this.moments.push(this.moment());
    if (this.moments.length <= MAX_STATES) return;
    this.interval *= 2;
    this.moments = this.moments.filter(({ machine }) => machine.cycles % this.interval === 0);
  }
}
