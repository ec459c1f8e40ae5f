/** Trace side of the frame of floating-point instructions. */
import type { Air } from '../../stark/air/air.ts';
import { type Chip, eventChip } from '../../vm/chip.ts';
import { writeAccess, writeAge, writeFrame } from '../../vm/chips/frame-trace.ts';
import { flagsOf } from '../fp32-round/semantics.ts';
import { FP32_EVENT_WORDS, type Fp32Family } from './execute.ts';

type Name = 'rs2Address' | 'rs3Address' | 'immLo' | 'immHi' | 'mode' | 'frmLo' | 'frmClk' | 'frmAgeLo';
type FlagsName = 'fflagsLo' | 'fflagsClk' | 'fflagsAgeLo' | 'accrued';
type Fp32Air = Air & {
  readonly offsets: Readonly<Record<'isReal' | 'rs1Address' | 'rdAddress', number>> & {
    readonly [N in Name | FlagsName]?: number;
  };
};

/**
 * A chip with one row per event of the family. `write` fills the chip's own cells: `cells[row + offset]`, from the
 * operands of `Fp32Family` and what it computed, a word with flags.
 */
export function fp32Chip(
  air: Fp32Air,
  { compute }: Pick<Fp32Family, 'compute'>,
  write: (
    cells: Uint32Array,
    row: number,
    op: number,
    mode: number,
    a: number,
    b: number,
    c: number,
    result: number,
  ) => void,
): Chip & { readonly eventWords: number } {
  const o = air.offsets;
  const writeRow = (words: Uint32Array, event: number, cells: Uint32Array, row: number): void => {
    const [clk, ids, bits, csr] = [words[event + 1]!, words[event + 2]!, words[event + 3]!, words[event + 12]!];
    const [a, b, c] = [words[event + 4]!, words[event + 5]!, words[event + 6]!];
    const [op, immLo, immHi] = [bits & 0xff, (bits >>> 8) & 0xff, bits >>> 16];
    const [frm, fflags] = [csr & 0xff, csr >>> 8];
    const mode = immHi === 1 ? frm : immLo;
    const result = compute(op, mode, a, b, c);
    const access = (at: number | undefined, address: number, value: number, before: number, now: number): void => {
      if (at !== undefined) writeAccess(cells, row + at, address, value, words[event + before]!, now);
    };
    writeFrame(cells, row + o.isReal, words[event]!, clk);
    access(o.rs1Address, ids & 0xff, a, 8, clk);
    access(o.rs2Address, (ids >>> 8) & 0xff, b, 9, clk + 1);
    access(o.rs3Address, (ids >>> 16) & 0xff, c, 10, clk + 2);
    access(o.rdAddress, ids >>> 24, words[event + 7]!, 11, clk + 3);
    if (o.mode !== undefined) {
      cells[row + o.immLo!] = immLo;
      cells[row + o.immHi!] = immHi;
      cells[row + o.mode] = mode;
      cells[row + o.frmLo!] = frm;
      cells[row + o.frmClk!] = words[event + 13]!;
      writeAge(cells, row + o.frmAgeLo!, words[event + 13]!, clk + 4);
    }
    if (o.accrued !== undefined) {
      cells[row + o.fflagsLo!] = fflags;
      cells[row + o.fflagsClk!] = words[event + 14]!;
      writeAge(cells, row + o.fflagsAgeLo!, words[event + 14]!, clk + 5);
      cells[row + o.accrued] = fflags | flagsOf(result);
    }
    write(cells, row, op, mode, a, b, c, result);
  };
  return eventChip({
    air,
    eventWords: FP32_EVENT_WORDS,
    fill({ words, count, eventWords }, { cells, stride }) {
      for (let i = 0; i < count; i++) writeRow(words, i * eventWords, cells, i * stride);
    },
  });
}
