/**
 * The executor's machine with eyes: what an instruction read and wrote, and states that can be kept and restored. What
 * an instruction does is its own `execute`, here as everywhere.
 */
import type { ProgramRow } from '../executor/instruction.ts';
import { Machine } from '../executor/machine.ts';
import type { Program, ProgramInput } from '../executor/program.ts';
import { RAM_END } from '../space.ts';
import { ObservedRam, type RamObserver, type RamState } from './observed-ram.ts';

/** One access of an instruction to memory. Values are of `bytes` bytes, little-endian, for 1, 2 and 4 bytes. */
export type MemoryAccess =
  | { readonly kind: 'read'; readonly address: number; readonly bytes: number; readonly value: number }
  | {
      readonly kind: 'write';
      readonly address: number;
      readonly bytes: number;
      readonly before: number;
      readonly after: number;
    }
  /** Of the hint tape, from this byte address. */
  | { readonly kind: 'hint'; readonly address: number; readonly bytes: number };

const NONE: readonly MemoryAccess[] = [];

interface Range {
  readonly address: number;
  readonly bytes: number;
}

/** Everything of a machine that a step may change. */
export interface MachineState {
  readonly cycles: number;
  readonly pc: number;
  readonly clk: number;
  readonly exitCode: number | undefined;
  readonly registers: Uint32Array;
  readonly registerClk: Uint32Array;
  readonly adviceCursor: number;
  /** The public output only grows, so its length says what it was. */
  readonly numOutputs: number;
  readonly ram: RamState;
}

export class ObservedMachine extends Machine {
  declare readonly ram: ObservedRam;
  private readonly ranges: Range[] = [];
  private readonly hintRanges: Range[] = [];
  private readonly reads = new Map<number, number>();
  private readonly writes = new Map<number, { before: number; after: number }>();
  private readonly observer: RamObserver = {
    read: (word, value) => {
      if (!this.reads.has(word)) this.reads.set(word, value);
    },
    write: (word, before, after) => {
      this.writes.set(word, { before: this.writes.get(word)?.before ?? before, after });
    },
  };

  constructor(program: Program, input: ProgramInput) {
    super(program, input);
    (this as { ram: ObservedRam }).ram = new ObservedRam(this.ram);
  }

  /** One instruction. @throws {TrapSignal} */
  step(): void {
    const row = this.fetch();
    row.instruction.execute(this, row);
    this.cycles += 1;
  }

  /** One instruction, observed. Accesses before a trap can be seen too. @throws {TrapSignal} */
  observedStep(): void {
    this.ranges.length = 0;
    this.hintRanges.length = 0;
    if (this.reads.size > 0) this.reads.clear();
    if (this.writes.size > 0) this.writes.clear();
    this.ram.observer = this.observer;
    try {
      this.step();
    } finally {
      this.ram.observer = undefined;
    }
  }

  override requireMapped(address: number, bytes: number): void {
    super.requireMapped(address, bytes);
    if (this.ram.observer !== undefined) this.ranges.push({ address, bytes });
  }

  override requireHints(address: number, alignment: number, bytes: number): number {
    const index = super.requireHints(address, alignment, bytes);
    if (this.ram.observer !== undefined) this.hintRanges.push({ address, bytes });
    return index;
  }

  /** What the last observed step did: reads, then writes, by address; a word that is written is not listed as read. */
  accesses(): readonly MemoryAccess[] {
    if (this.reads.size === 0 && this.writes.size === 0 && this.hintRanges.length === 0) return NONE;
    const accesses: MemoryAccess[] = this.hintRanges.map((range) => ({ kind: 'hint', ...range }));
    for (const [word, value] of ascending(this.reads)) {
      if (this.writes.has(word)) continue;
      const { address, bytes, part } = this.range(word);
      accesses.push({ kind: 'read', address, bytes, value: part(value) });
    }
    for (const [word, { before, after }] of ascending(this.writes)) {
      const { address, bytes, part } = this.range(word);
      accesses.push({ kind: 'write', address, bytes, before: part(before), after: part(after) });
    }
    return accesses;
  }

  /** The instruction at the pc, or undefined where a fetch would trap. */
  rowAtPc(): ProgramRow | undefined {
    const slot = (this.pc - this.program.textBase) / 4;
    return this.program.rows[slot];
  }

  isMapped(address: number): boolean {
    if (address >= RAM_END) return false;
    const word = address >>> 2;
    return word >= this.program.ramBase || this.mapped[word] === 1;
  }

  keep(): MachineState {
    const { cycles, pc, clk, exitCode, adviceCursor } = this;
    const [registers, registerClk] = [this.registers.slice(), this.registerClk.slice()];
    const numOutputs = this.publicOutput.length;
    return { cycles, pc, clk, exitCode, adviceCursor, registers, registerClk, numOutputs, ram: this.ram.keep() };
  }

  /** Back to a state of this machine that is not later than now. */
  restore({ registers, registerClk, numOutputs, ram, ...rest }: MachineState): void {
    Object.assign(this, rest);
    this.registers.set(registers);
    this.registerClk.set(registerClk);
    this.publicOutput.length = numOutputs;
    this.ram.restore(ram);
  }

  /** The bytes of a word that the instruction asked for: all of it unless it asked for a part. */
  private range(word: number): { address: number; bytes: number; part: (value: number) => number } {
    const asked = this.ranges.filter(({ address, bytes }) => address >>> 2 === word && bytes < 4);
    if (asked.length !== 1) return { address: word * 4, bytes: 4, part: (value) => value };
    const { address, bytes } = asked[0]!;
    const mask = 2 ** (8 * bytes) - 1;
    return { address, bytes, part: (value) => (value >>> (8 * (address & 3))) & mask };
  }
}

const ascending = <T>(words: ReadonlyMap<number, T>): [number, T][] => [...words].sort(([a], [b]) => a - b);
