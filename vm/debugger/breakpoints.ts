/** Breakpoints and watchpoints: what they are, and whether a state or a step is one. Numbered together from 1. */
import type { ProgramRow } from '../executor/instruction.ts';
import { DebugError } from './debug-error.ts';
import { registerName, registerOperands } from './effects.ts';
import type { MemoryAccess, ObservedMachine } from './observed-machine.ts';
import { bytesText, hexWord } from './values.ts';

export interface Breakpoint {
  readonly id: number;
  /** As it was asked for and found. */
  readonly label: string;
  /** Stops before the instructions at these addresses. */
  readonly addresses: readonly number[];
  /** Stops after so many instructions. */
  readonly cycle: number | undefined;
  hits: number;
}

/** `change` is a write that makes the value another one. */
export type WatchKind = 'change' | 'write' | 'read' | 'access';
export type WatchTarget =
  | { readonly register: number }
  /** Bytes [address, address + bytes) of RAM. */
  | { readonly address: number; readonly bytes: number };

export interface Watchpoint {
  readonly id: number;
  readonly kind: WatchKind;
  readonly target: WatchTarget;
  hits: number;
}

/** What an instruction did to what is watched. Values are those of the access. */
export interface WatchHit {
  readonly watchpoint: Watchpoint;
  /** The instruction. */
  readonly pc: number;
  readonly access: 'read' | 'write';
  readonly address: number | undefined;
  readonly bytes: number;
  /** Equal to `after` for a read. */
  readonly before: number;
  readonly after: number;
}

export class Breakpoints {
  readonly breakpoints: Breakpoint[] = [];
  readonly watchpoints: Watchpoint[] = [];
  private readonly at = new Map<number, Breakpoint[]>();
  private readonly atCycle = new Map<number, Breakpoint[]>();
  private nextId = 1;

  add(label: string, place: { readonly addresses: readonly number[] } | { readonly cycle: number }): Breakpoint {
    const addresses = 'addresses' in place ? place.addresses : [];
    const cycle = 'cycle' in place ? place.cycle : undefined;
    const breakpoint: Breakpoint = { id: this.nextId++, label, addresses, cycle, hits: 0 };
    this.breakpoints.push(breakpoint);
    this.index();
    return breakpoint;
  }

  watch(kind: WatchKind, target: WatchTarget): Watchpoint {
    const watchpoint: Watchpoint = { id: this.nextId++, kind, target, hits: 0 };
    this.watchpoints.push(watchpoint);
    return watchpoint;
  }

  /** @throws {DebugError} if there is none of this number. */
  delete(id: number): void {
    for (const list of [this.breakpoints, this.watchpoints]) {
      const index = list.findIndex((one) => one.id === id);
      if (index < 0) continue;
      list.splice(index, 1);
      this.index();
      return;
    }
    throw new DebugError(`there is no breakpoint or watchpoint ${id}`);
  }

  /** Those that hold in the state before the instruction at `pc`, after `cycle` instructions. */
  holding(pc: number, cycle: number): readonly Breakpoint[] {
    const here = this.at.get(pc);
    const now = this.atCycle.size === 0 ? undefined : this.atCycle.get(cycle);
    return here === undefined ? (now ?? NONE) : [...here, ...(now ?? [])];
  }

  /** What the observed step of `row` did to what is watched; `before` holds the registers before it. */
  hitsOf(row: ProgramRow, machine: ObservedMachine, before: Uint32Array): readonly WatchHit[] {
    if (this.watchpoints.length === 0) return NO_HITS;
    const accesses = machine.accesses();
    let hits = NO_HITS;
    for (const watchpoint of this.watchpoints) {
      const { target } = watchpoint;
      const hit =
        'register' in target
          ? registerHit(watchpoint, target.register, row, machine, before)
          : memoryHit(watchpoint, target, row, accesses);
      if (hit !== undefined) hits = [...hits, hit];
    }
    return hits;
  }

  private index(): void {
    this.at.clear();
    this.atCycle.clear();
    const add = (map: Map<number, Breakpoint[]>, key: number, one: Breakpoint): void => {
      map.set(key, [...(map.get(key) ?? []), one]);
    };
    for (const one of this.breakpoints) {
      for (const address of one.addresses) add(this.at, address, one);
      if (one.cycle !== undefined) add(this.atCycle, one.cycle, one);
    }
  }
}

const NONE: readonly Breakpoint[] = [];
const NO_HITS: readonly WatchHit[] = [];

/** "write of a0", "change of 4 bytes at 0x00012000". */
export function watchText({ kind, target }: Watchpoint): string {
  if ('register' in target) return `${kind} of ${registerName(target.register)}`;
  return `${kind} of ${bytesText(target.bytes)} at ${hexWord(target.address)}`;
}

function registerHit(
  watchpoint: Watchpoint,
  register: number,
  row: ProgramRow,
  machine: ObservedMachine,
  registers: Uint32Array,
): WatchHit | undefined {
  const { read, written } = registerOperands(row);
  const [before, after] = [registers[register]!, machine.registers[register]!];
  const hit = { watchpoint, pc: row.pc, address: undefined, bytes: 4 };
  const changed = before !== after;
  const writes = changed || (watchpoint.kind !== 'change' && written.includes(register));
  if (writes && watchpoint.kind !== 'read') return { ...hit, access: 'write', before, after };
  const reads = watchpoint.kind === 'read' || watchpoint.kind === 'access';
  return reads && read.includes(register) ? { ...hit, access: 'read', before, after: before } : undefined;
}

function memoryHit(
  watchpoint: Watchpoint,
  target: { readonly address: number; readonly bytes: number },
  { pc }: ProgramRow,
  accesses: readonly MemoryAccess[],
): WatchHit | undefined {
  for (const access of accesses) {
    if (access.kind === 'hint') continue;
    const { address, bytes } = access;
    const first = Math.max(address, target.address);
    const end = Math.min(address + bytes, target.address + target.bytes);
    if (first >= end) continue;
    if (access.kind === 'read') {
      if (watchpoint.kind !== 'read' && watchpoint.kind !== 'access') continue;
      return { watchpoint, pc, access: 'read', address, bytes, before: access.value, after: access.value };
    }
    if (watchpoint.kind === 'read') continue;
    const { before, after } = access;
    const mask = (2 ** (8 * (end - first)) - 1) * 2 ** (8 * (first - address));
    if (watchpoint.kind === 'change' && ((before ^ after) & mask) === 0) continue;
    return { watchpoint, pc, access: 'write', address, bytes, before, after };
  }
  return undefined;
}
