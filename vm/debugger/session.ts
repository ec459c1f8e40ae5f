/**
 * A debugger without a user interface: one run, its breakpoints, and the ways to move in it, forward and backward.
 *
 * Movements are generators that yield now and then and return why they stopped, so that whoever drives them can look
 * for an interruption in between; `drive` drives one to its end. An abandoned movement leaves the run where it got to
 * when it went forward, and where it started when it went backward.
 */
import type { Program, ProgramInput } from '../executor/program.ts';
import type { SourceLine, Trap } from '../executor/trap.ts';
import { REGISTER } from '../space.ts';
import { type Breakpoint, Breakpoints, type WatchHit } from './breakpoints.ts';
import { depthOf } from './call-stack.ts';
import { DebugError } from './debug-error.ts';
import { type LineEntry, Places, sameLine } from './places.ts';
import { type Edit, Timeline } from './timeline.ts';
import { hexWord } from './values.ts';

/** What a debugger is given. `lines` and the symbols of the program may be empty. */
export interface Debuggee {
  readonly program: Program;
  readonly input: ProgramInput;
  readonly lines: readonly LineEntry[];
  readonly disassemble: (word: number, pc: number, nameOf: (address: number) => string | undefined) => string;
  /** The lines of a source file, or undefined if it cannot be read. */
  readonly source: (file: string) => readonly string[] | undefined;
}

export type Stop =
  | { readonly reason: 'step' }
  | { readonly reason: 'breakpoint'; readonly breakpoints: readonly Breakpoint[] }
  /** Forward: after the access. Backward: before it. */
  | { readonly reason: 'watchpoint'; readonly hits: readonly WatchHit[] }
  | { readonly reason: 'halted'; readonly exitCode: number }
  | { readonly reason: 'trapped'; readonly trap: Trap }
  /** Backward, and there is nothing before. */
  | { readonly reason: 'start' };

export type Movement = Generator<undefined, Stop, undefined>;

/** Instructions between two yields: some milliseconds. */
const BURST = 2 ** 15;
const STEPPED: Stop = { reason: 'step' };
const NO_HITS: readonly WatchHit[] = [];

export class DebugSession {
  readonly debuggee: Debuggee;
  readonly places: Places;
  readonly timeline: Timeline;
  readonly breakpoints = new Breakpoints();
  private readonly registersBefore = new Uint32Array(REGISTER.count);

  constructor(debuggee: Debuggee) {
    this.debuggee = debuggee;
    this.places = new Places(debuggee.program, debuggee.lines);
    this.timeline = new Timeline(debuggee.program, debuggee.input);
  }

  get machine() {
    return this.timeline.machine;
  }

  get line(): SourceLine | undefined {
    return this.places.lineOf(this.machine.pc);
  }

  /** `count` instructions. */
  stepInstruction(count = 1): Movement {
    const end = this.timeline.cycle + count;
    return this.forward(() => this.timeline.cycle >= end);
  }

  /** Until another line; an instruction where there are no lines. */
  stepLine(): Movement {
    const [line, depth] = [this.line, this.depth];
    return this.forward(() => line === undefined || !sameLine(this.line, line) || this.depth !== depth);
  }

  /** Until another line of this function or its caller. */
  next(): Movement {
    const [line, depth] = [this.line, this.depth];
    return this.forward(
      () => this.depth < depth || (this.depth === depth && (line === undefined || !sameLine(this.line, line))),
    );
  }

  /** Until this function returns. @throws {DebugError} in the function that the program entered. */
  finish(): Movement {
    const depth = this.requireCaller();
    return this.forward(() => this.depth < depth);
  }

  /** Until a breakpoint, a watchpoint or the end. */
  continue(): Movement {
    return this.forward(() => false);
  }

  /** `count` instructions backward. */
  stepBack(count = 1): Movement {
    const cycle = this.timeline.cycle - count;
    return this.backward((at) => at === cycle);
  }

  /** To where the line before this one began to run, or this one if the run is inside it. */
  stepLineBack(): Movement {
    return this.backward(() => this.lineBegins());
  }

  /** As `stepLineBack`, over calls. */
  nextBack(): Movement {
    const depth = this.depth;
    return this.backward(() => this.depth <= depth && this.lineBegins());
  }

  /** To the call of this function. @throws {DebugError} in the function that the program entered. */
  finishBack(): Movement {
    const depth = this.requireCaller();
    return this.backward(() => this.depth < depth);
  }

  /** Backward to a breakpoint, a watchpoint or the start. */
  continueBack(): Movement {
    return this.backward(() => false);
  }

  /** To the state after `cycle` instructions, past breakpoints. */
  *goTo(cycle: number): Movement {
    if (cycle < this.timeline.cycle) this.timeline.goTo(cycle);
    const { timeline } = this;
    for (let i = 1; timeline.cycle < cycle && !timeline.ended; i++) {
      timeline.step(false);
      if (i % BURST === 0) yield;
    }
    return this.ending() ?? STEPPED;
  }

  /**
   * Changes the state here: the run goes on from it, and no proof is of it.
   * @throws {DebugError} if the run has halted, or there is nothing of that kind to change.
   */
  edit(...edits: readonly Edit[]): void {
    const { machine, timeline, places } = this;
    if (machine.exitCode !== undefined) throw new DebugError('the program has halted: go back first');
    for (const edit of edits) {
      if ('address' in edit && !machine.isMapped(edit.address)) {
        throw new DebugError(`${hexWord(edit.address)} is not mapped`);
      }
      if ('register' in edit && edit.register === REGISTER.x0) throw new DebugError('zero is always 0');
      if ('pc' in edit && (!places.isText(edit.pc) || edit.pc % 4 !== 0)) {
        throw new DebugError(`${hexWord(edit.pc)} is not an instruction of the program`);
      }
    }
    timeline.edit(...edits);
  }

  /** How the run ended, if it has. */
  ending(): Stop | undefined {
    const { trap, machine } = this.timeline;
    if (trap !== undefined) return { reason: 'trapped', trap };
    return machine.exitCode === undefined ? undefined : { reason: 'halted', exitCode: machine.exitCode };
  }

  private get depth(): number {
    return depthOf(this.timeline.stack);
  }

  private requireCaller(): number {
    if (this.timeline.stack === undefined) throw new DebugError('this is the outermost function, it does not return');
    return this.depth;
  }

  /** Whether the instruction at the pc is of another line than the one executed last. */
  private lineBegins(): boolean {
    const { previousPc } = this.timeline;
    return previousPc === undefined || !sameLine(this.places.lineOf(previousPc), this.line);
  }

  /** One instruction, and what it did to what is watched. */
  private step(): readonly WatchHit[] {
    const { timeline, machine, breakpoints } = this;
    if (breakpoints.watchpoints.length === 0) {
      timeline.step(false);
      return NO_HITS;
    }
    const row = machine.rowAtPc();
    this.registersBefore.set(machine.registers);
    timeline.step(true);
    return row === undefined || timeline.trap !== undefined
      ? NO_HITS
      : breakpoints.hitsOf(row, machine, this.registersBefore);
  }

  private *forward(done: () => boolean): Movement {
    const { timeline, machine, breakpoints } = this;
    if (timeline.ended) {
      const what = timeline.trap === undefined ? 'halted' : 'trapped';
      throw new DebugError(`the program has ${what}; go back with \`back\`, \`reverse-continue\` or \`goto\``);
    }
    for (let i = 1; ; i++) {
      const hits = this.step();
      const end = this.ending();
      if (hits.length > 0) return counted({ reason: 'watchpoint', hits });
      if (end !== undefined) return end;
      const holding = breakpoints.holding(machine.pc, machine.cycles);
      if (holding.length > 0) return counted({ reason: 'breakpoint', breakpoints: holding });
      if (done()) return STEPPED;
      if (i % BURST === 0) yield;
    }
  }

  /**
   * To the last earlier state that satisfies `wanted`, where a breakpoint holds, or whose instruction is watched.
   * Earlier states are visited in order from the kept ones, the latest stretch first.
   */
  private *backward(wanted: (cycle: number) => boolean): Movement {
    const { timeline, machine, breakpoints } = this;
    const origin = timeline.cycle;
    let arrived = false;
    try {
      for (let end = origin; end > 0; ) {
        const start = timeline.keptBefore(end - 1);
        let found: { readonly cycle: number; readonly stop: Stop } | undefined;
        timeline.goTo(start);
        for (let cycle = start; cycle < end; cycle++) {
          const holding = breakpoints.holding(machine.pc, cycle);
          const matches = wanted(cycle);
          const hits = this.step();
          if (hits.length > 0) found = { cycle, stop: { reason: 'watchpoint', hits } };
          else if (holding.length > 0) found = { cycle, stop: { reason: 'breakpoint', breakpoints: holding } };
          else if (matches) found = { cycle, stop: STEPPED };
          if ((cycle + 1) % BURST === 0) yield;
        }
        if (found !== undefined) {
          timeline.goTo(found.cycle);
          arrived = true;
          return counted(found.stop);
        }
        end = start;
      }
      timeline.goTo(0);
      arrived = true;
      return { reason: 'start' };
    } finally {
      if (!arrived) timeline.goTo(origin);
    }
  }
}

/** Drives a movement to its end. */
export function drive(movement: Movement): Stop {
  for (;;) {
    const { done, value } = movement.next();
    if (done) return value;
  }
}

function counted(stop: Stop): Stop {
  if (stop.reason === 'breakpoint') for (const breakpoint of stop.breakpoints) breakpoint.hits += 1;
  if (stop.reason === 'watchpoint') for (const { watchpoint } of stop.hits) watchpoint.hits += 1;
  return stop;
}
