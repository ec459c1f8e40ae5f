/**
 * The state of a running machine, and how an instruction acts on it.
 *
 * A step is `instruction.execute(machine, row)`: `machine.pc` is its address and `machine.clk` its time. It
 * 1. reads its operands: `machine.registers[row.rs1]`, `machine.ram.read(word)` after `machine.requireMapped(address, 4)`,
 *    the hint tape after `machine.requireHints(...)`, field elements from `machine.takeAdvice(n)`;
 * 2. calls `machine.trap(cause, detail)` if the instruction has no result: the step ends there, the run has no proof;
 * 3. if `machine.log(name)` gives the log of its chip, appends one event per trace row: whatever the row cannot derive,
 *    usually pc, clk, addresses, values before, and for every access the time of the access before, as returned by
 *    `touchRegister(address, now)` and `touchRam(word, now)`;
 * 4. writes its results: `machine.registers[row.rd] = value` (a write to x0 is decoded to the sink),
 *    `machine.ram.write(word, value)` after `machine.requireMapped(address, 4)`;
 * 5. ends with `machine.next()` (pc + 4) or `machine.goto(pc)`, `CLK_STEP` later.
 *
 * Every access of the air is touched exactly once and in the order of its times (`CLK_STEP` in `space.ts`; which register
 * is which does not matter: rd may be rs1). The value an access held before is in `registers` or `ram` until step 4.
 * `vm/chips/assert/execute.ts` is an example.
 *
 * Values are u32, also where JavaScript's operators give i32: typed arrays reduce on writing.
 */
import { P } from '../../stark/field/koala-bear.ts';
import type { EventLog } from '../chip.ts';
import { explainIllegal } from '../isa/foreign.ts';
import { BLOCK_HALVES, CLK_START, CLK_STEP, RAM_END, REGISTER } from '../space.ts';
import type { ProgramRow } from './instruction.ts';
import type { Program, ProgramInput } from './program.ts';
import { Ram } from './ram.ts';
import { type TrapCause, TrapSignal } from './trap.ts';

export class Machine {
  readonly program: Program;
  pc: number;
  clk = CLK_START;
  /** Instructions completed. */
  cycles = 0;
  /** Set by `halt`: the run is over. */
  exitCode: number | undefined = undefined;
  /** Values by register address; x0 is never written, the sink takes its writes. */
  readonly registers = new Uint32Array(REGISTER.count);
  readonly registerClk = new Uint32Array(REGISTER.count);
  readonly ram = new Ram();
  /** A whole number of blocks. */
  readonly hints: Uint16Array;
  readonly advice: Uint32Array;
  adviceCursor = 0;
  readonly publicInput: Uint32Array;
  readonly publicOutput: number[] = [];
  private readonly logs: ReadonlyMap<string, EventLog> | undefined;
  /** By word address below `program.ramBase`: 1 where a word of the image is. */
  readonly mapped: Uint8Array;

  /** `logs`: one per chip with events, by name; undefined for a run that does not record. */
  constructor(program: Program, input: ProgramInput, logs?: ReadonlyMap<string, EventLog>) {
    this.program = program;
    this.pc = program.entry;
    const numHalves = input.hints?.length ?? 0;
    this.hints = new Uint16Array(Math.ceil(numHalves / BLOCK_HALVES) * BLOCK_HALVES);
    this.hints.set(input.hints ?? []);
    this.advice = input.advice ?? new Uint32Array(0);
    this.publicInput = input.publicInput ?? new Uint32Array(0);
    this.logs = logs;
    this.mapped = new Uint8Array(program.ramBase);
    program.image.address.forEach((word, i) => {
      this.mapped[word] = 1;
      if (program.image.value[i] !== 0) this.ram.write(word, program.image.value[i]!);
    });
  }

  /** The instruction at the pc. Traps if there is none. */
  fetch(): ProgramRow {
    const { pc, program } = this;
    if (pc % 4 !== 0) this.trap('misaligned-fetch', hex(pc));
    const slot = (pc - program.textBase) / 4;
    if (slot < 0 || slot >= program.rows.length) this.trap('unmapped-fetch', hex(pc));
    return program.rows[slot] ?? this.trap('illegal-instruction', explainIllegal(this.textWord(pc / 4)));
  }

  /** What the program has at a word address of its text, whatever was stored there since. */
  private textWord(word: number): number {
    const { address, value } = this.program.image;
    return value[address.indexOf(word)] ?? 0;
  }

  /** The chip's log, or undefined when this run does not record. Traps if it records and no chip has this name. */
  log(chip: string): EventLog | undefined {
    if (this.logs === undefined) return undefined;
    return this.logs.get(chip) ?? this.trap('unsupported', `the machine has no chip ${chip}`);
  }

  get recording(): boolean {
    return this.logs !== undefined;
  }

  /** Marks an access at time `now` and returns the time of the one before, 0 if none. */
  touchRegister(address: number, now: number): number {
    const before = this.registerClk[address]!;
    this.registerClk[address] = now;
    return before;
  }

  /** As `touchRegister`, for a word of RAM. */
  touchRam(word: number, now: number): number {
    return this.ram.touch(word, now);
  }

  /**
   * Traps unless `bytes` (1, 2, 4) at this address are aligned and mapped. `address` is a u32. Text may be written: that
   * changes what loads see and never what runs, as the standard has it without Zifencei (no FENCE.I).
   */
  requireMapped(address: number, bytes: number): void {
    if (address & (bytes - 1)) this.trap('misaligned-access', `${bytes} bytes at ${hex(address)}`);
    const word = address >>> 2;
    const mapped = word >= this.program.ramBase ? address < RAM_END : this.mapped[word] === 1;
    if (!mapped) this.trap('unmapped-access', `${bytes} bytes at ${hex(address)}`);
  }

  /** Index into `hints` of a byte address. Traps unless it is a multiple of `bytes` and that many bytes are there. */
  requireHints(address: number, alignment: number, bytes: number): number {
    if (address % alignment !== 0) this.trap('misaligned-access', `hint tape at ${hex(address)}`);
    if (address + bytes > this.hints.length * 2) {
      this.trap('hint-out-of-range', `${bytes} bytes at ${hex(address)} of ${this.hints.length * 2}`);
    }
    return address / 2;
  }

  /** Takes the next `count` field elements: `advice[result]` and on. Traps when there are fewer, or one is no residue. */
  takeAdvice(count: number): number {
    const start = this.adviceCursor;
    if (start + count > this.advice.length) {
      this.trap('advice-exhausted', `${count} field elements after ${start} of ${this.advice.length}`);
    }
    for (let i = start; i < start + count; i++) {
      if (this.advice[i]! >= P) this.trap('advice-not-a-field-element', `advice ${i} is ${this.advice[i]}`);
    }
    this.adviceCursor = start + count;
    return start;
  }

  /** Ends an instruction that does not jump. */
  next(): void {
    this.pc += 4;
    this.clk += CLK_STEP;
  }

  /** Ends an instruction: the next one is at `pc`. */
  goto(pc: number): void {
    this.pc = pc;
    this.clk += CLK_STEP;
  }

  /** Ends the run with this cause at the current instruction. */
  trap(cause: TrapCause, detail = ''): never {
    throw new TrapSignal({ cause, pc: this.pc, cycle: this.cycles, source: this.program.lineOf(this.pc), detail });
  }
}

export const hex = (value: number): string => `0x${value.toString(16)}`;
