/** Events and trace cells of `digest-words.ts`: how `poseidon2.sponge` and `poseidon2.merkle` are recorded and written. */

import type { Offsets } from '../../stark/air/air.ts';
import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import type { EventLog, TraceTable } from '../../vm/chip.ts';
import { writeAccess, writeFrame } from '../../vm/chips/frame-trace.ts';
import type { ProgramRow } from '../../vm/executor/instruction.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { DIGEST_FELTS } from './constants.ts';
import type { digestColumns } from './digest-words.ts';

const WORDS_AT = 11;
/** After clk: rs1, rs2, rs3. The words come between, at clk + 2. */
const ACCESS_TIMES = [0, 1, 3] as const;
/**
 * Event: pc, clk; address, value and time of the access before of rs1, rs2, rs3; then for each of the nine words its
 * value before, the time of the access before, its value after.
 */
export const DIGEST_EVENT_WORDS = WORDS_AT + 3 * DIGEST_FELTS;

/** Traps unless the nine words from byte address `address` on can be read and written. */
export function requireDigest(machine: Machine, address: number): void {
  for (let i = 0; i < DIGEST_FELTS; i++) machine.requireMapped(address + 4 * i, 4);
}

/**
 * Appends the event of the chip when the run records, writes the digest to the words that rs1 points to, and ends the
 * instruction. `digest` is nine residues.
 */
export function finishDigest(machine: Machine, row: ProgramRow, chip: string, digest: Uint32Array): void {
  const first = machine.registers[row.rs1]! >>> 2;
  const log = machine.log(chip);
  if (log !== undefined) {
    const at = log.push();
    const { words } = log;
    words[at] = machine.pc;
    words[at + 1] = machine.clk;
    const pushRegister = (k: number, address: number, now: number): void => {
      words[at + 2 + 3 * k] = address;
      words[at + 3 + 3 * k] = machine.registers[address]!;
      words[at + 4 + 3 * k] = machine.touchRegister(address, now);
    };
    pushRegister(0, row.rs1, machine.clk);
    pushRegister(1, row.rs2, machine.clk + 1);
    pushRegister(2, row.rd, machine.clk + 3);
    for (let i = 0; i < DIGEST_FELTS; i++) {
      words[at + WORDS_AT + 3 * i] = machine.ram.read(first + i);
      words[at + WORDS_AT + 3 * i + 1] = machine.touchRam(first + i, machine.clk + 2);
      words[at + WORDS_AT + 3 * i + 2] = digest[i]!;
    }
  }
  for (let i = 0; i < DIGEST_FELTS; i++) machine.ram.write(first + i, digest[i]!);
  machine.next();
}

/** Writes the cells of `digestColumns` for event `index` of the log into row `index`. */
export function writeDigestRow(
  { words, eventWords }: EventLog,
  index: number,
  { cells, stride }: TraceTable,
  offsets: Offsets<typeof digestColumns>,
): void {
  const event = index * eventWords;
  const row = index * stride;
  const clk = words[event + 1]!;
  writeFrame(cells, row + offsets.isReal, words[event]!, clk);
  [offsets.rs1Address, offsets.rs2Address, offsets.rs3Address].forEach((offset, k) => {
    const [address, value, before] = [words[event + 2 + 3 * k]!, words[event + 3 + 3 * k]!, words[event + 4 + 3 * k]!];
    writeAccess(cells, row + offset, address, value, before, clk + ACCESS_TIMES[k]!);
  });
  cells[row + offsets.wordLow] = (words[event + 3]! & 0xffff) >>> 2;
  for (let i = 0; i < DIGEST_FELTS; i++) {
    const at = event + WORDS_AT + 3 * i;
    const [before, time, after] = [words[at]!, words[at + 1]!, words[at + 2]!];
    cells[row + offsets.beforeLo + i] = before & 0xffff;
    cells[row + offsets.beforeHi + i] = before >>> 16;
    cells[row + offsets.wordClk + i] = time;
    const age = clk + 2 - time - 1;
    cells[row + offsets.wordAgeLo + i] = age & 0xffff;
    cells[row + offsets.wordAgeHi + i] = age >>> 16;
    cells[row + offsets.afterLo + i] = after & 0xffff;
    cells[row + offsets.afterHi + i] = after >>> 16;
    const gap = 0x7f00 - (after >>> 16);
    cells[row + offsets.gapInverse + i] = gap === 0 ? 0 : inverse(reduce(gap));
  }
}
