/**
 * Consecutive words of RAM that a register points to, read or updated in one instruction. Air, executor and trace side.
 *
 * Assumes  the frame (`frame.ts`): limbs of registers and of RAM words are below 2^16 where they are received.
 * Ensures  the register is a multiple of 4; the words are those last written, and are left with `written`.
 * Proof    the pointer is 4 (low + 2^14 high) with low = its low limb / 4 below 2^14; word addresses stay below
 *          2^30 + 2^14 < p, and differ, so that all accesses of the block share one time. The access before was age + 1
 *          earlier, with an age of 16 + 13 bits.
 * Padding  multiplicity 0; the ages and the pointer are range-checked zeros.
 */
import { array, below, type Declaration, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import type { Expr, Operand } from '../../stark/air/expr.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { MEMORY_BUS } from '../buses.ts';
import type { EventLog } from '../chip.ts';
import type { Machine } from '../executor/machine.ts';
import { SPACE } from '../space.ts';
import type { Sender } from './frame.ts';
import { writeAccess, writeAge, writeFrame } from './frame-trace.ts';
import type { Limbs } from './limbs.ts';

type BlockPart = 'Limbs' | 'AgeLo' | 'AgeHi';
type BlockColumns<N extends string, W extends number> = {
  readonly [K in `${N}Limbs`]: Declaration<number>;
} & { readonly [K in `${N}AgeLo` | `${N}AgeHi`]: Declaration<W> };

/** `stateLimbs`, `stateAgeLo`, `stateAgeHi` for a block named `state`: the limbs of each word and the ages. */
export function blockColumns<const N extends string, const W extends number>(name: N, words: W): BlockColumns<N, W> {
  const columns: Record<`${string}${BlockPart}`, Declaration<number>> = {
    [`${name}Limbs`]: array(
      2 * words,
      given('the memory bus: limbs are checked where written', `limbs that ${name} held`),
    ),
    [`${name}AgeLo`]: array(words, u16(`low limb of the time since the last access to a word of ${name}, less one`)),
    [`${name}AgeHi`]: array(
      words,
      below(13, `high limb of the time since the last access to a word of ${name}, less one`),
    ),
  };
  return columns as unknown as BlockColumns<N, W>;
}

export interface BlockAccess {
  /** The register's name in the air, and its value. */
  readonly pointer: { readonly name: string; readonly value: Limbs };
  readonly now: Expr;
  readonly active: Expr;
  /** Limbs of the words afterwards, each below 2^16 for reasons of the chip. Left out: a read. */
  readonly written?: readonly Operand[];
}

/** States the accesses to a block whose columns were declared by `blockColumns(name, words)`. */
export function wordBlock<N extends string>(
  { send, receive }: Pick<Sender, 'send' | 'receive'>,
  cells: { readonly [K in `${N}${BlockPart}`]: readonly Expr[] },
  name: N,
  { pointer, now, active, written }: BlockAccess,
): void {
  const limbs: readonly Expr[] = cells[`${name}Limbs`];
  const low = pointer.value.lo.times(inverse(felt(4)));
  send(`${pointer.name} is a multiple of 4`, RANGE_BUS, { claimed: [14, low] }, 1);
  const first = low.plus(pointer.value.hi.times(2 ** 14));
  for (let i = 0; i < limbs.length / 2; i++) {
    const word = [SPACE.ram, first.plus(i)];
    const age = cells[`${name}AgeLo`][i]!.plus(cells[`${name}AgeHi`][i]!.times(2 ** 16));
    const at = 2 * i;
    receive(
      `word ${i} of ${name} holds the value last written`,
      MEMORY_BUS,
      { given: [...word, limbs[at]!, limbs[at + 1]!, now.minus(1).minus(age)] },
      active,
    );
    const [lo, hi] = [(written ?? limbs)[at]!, (written ?? limbs)[at + 1]!];
    send(`word ${i} of ${name} is left with its value`, MEMORY_BUS, { given: word, claimed: [lo, hi, now] }, active);
  }
}

/** Event of an instruction with two pointers: pc, clk; register, value and time of the access before of rs1 and rs2. */
export const POINTER_EVENT_WORDS = 8;

/** Appends an event and returns the offset of its first word: rs1 is accessed at clk, rs2 at clk + 1. */
export function pushPointers(log: EventLog, machine: Machine, rs1: number, rs2: number): number {
  const at = log.push();
  const { words } = log;
  words[at] = machine.pc;
  words[at + 1] = machine.clk;
  [rs1, rs2].forEach((register, k) => {
    words[at + 2 + 3 * k] = register;
    words[at + 3 + 3 * k] = machine.registers[register]!;
    words[at + 4 + 3 * k] = machine.touchRegister(register, machine.clk + k);
  });
  return at;
}

/** Writes the frame and the accesses to rs1 and rs2 of such an event. */
export function writePointers(
  cells: Uint32Array,
  row: number,
  words: Uint32Array,
  event: number,
  offsets: Readonly<Record<'isReal' | 'rs1Address' | 'rs2Address', number>>,
): void {
  const clk = words[event + 1]!;
  writeFrame(cells, row + offsets.isReal, words[event]!, clk);
  [offsets.rs1Address, offsets.rs2Address].forEach((offset, k) => {
    const from = event + 2 + 3 * k;
    writeAccess(cells, row + offset, words[from]!, words[from + 1]!, words[from + 2]!, clk + k);
  });
}

/** The words at a byte address. Traps unless all of them can be read and written. */
export function readBlock(machine: Machine, address: number, words: number): Uint32Array {
  for (let i = 0; i < words; i++) machine.requireMapped(address + 4 * i, 4);
  return Uint32Array.from({ length: words }, (_, i) => machine.ram.read((address >>> 2) + i));
}

/** Writes value and time of the access before of each word into an event from `at` on: two words each. */
export function recordBlock(
  machine: Machine,
  event: Uint32Array,
  at: number,
  address: number,
  values: Uint32Array,
  now: number,
): void {
  values.forEach((value, i) => {
    event[at + 2 * i] = value;
    event[at + 2 * i + 1] = machine.touchRam((address >>> 2) + i, now);
  });
}

export function writeBack(machine: Machine, address: number, values: Uint32Array): void {
  values.forEach((value, i) => {
    machine.ram.write((address >>> 2) + i, value);
  });
}

/** The values of a recorded block. */
export const blockValues = (event: Uint32Array, at: number, words: number): Uint32Array =>
  Uint32Array.from({ length: words }, (_, i) => event[at + 2 * i]!);

/** Writes the cells of `blockColumns`, contiguous from `row + offset of Limbs`, from a recorded block. */
export function writeBlock(
  cells: Uint32Array,
  at: number,
  event: Uint32Array,
  from: number,
  words: number,
  now: number,
): void {
  const age = new Uint32Array(2);
  for (let i = 0; i < words; i++) {
    const value = event[from + 2 * i]!;
    cells[at + 2 * i] = value & 0xffff;
    cells[at + 2 * i + 1] = value >>> 16;
    writeAge(age, 0, event[from + 2 * i + 1]!, now);
    cells[at + 2 * words + i] = age[0]!;
    cells[at + 3 * words + i] = age[1]!;
  }
}
