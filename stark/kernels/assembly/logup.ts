// A program over the rows of a table: `quotientChunks` over blocks of the low-degree extension, `lookupChunks` over the
// trace itself, and the running sum of the LogUp argument. A job is described by words at `job` (`stark/air/job.ts`):
//
//  0 log2 height      4 gathers            8 number of instructions  12 slot of zeros            16 frobenius matrices
//  1 log2 chunk rows  5 number of gathers  9 constants               13 scratch pool             17 flag
//  2 code, swapped=0  6 vectors           10 outputs (slots)         14 bytes of a row buffer    18 result matrix
//  3 code, swapped=1  7 number of vectors 11 number of outputs       15 bytes of all slots       19 result row bytes
//
// A gather is 8 words: address of the column group in row 0, row bytes, four slots, 0, 0. A vector is 2 words: address,
// slot. Slots are byte offsets in the scratch area. Reference: stark/logup/aux-reference.ts, stark/quotient/verify-eval.ts.
import { add, loadP } from './field';
import { claimScratch, gatherColumns, gatherWrapped, releaseScratch, reverseBits, scatterColumns } from './chunk';
import { runProgram } from './interpreter';

@inline
const P: u32 = 0x7f000001;

@inline
function addScalar(a: u32, b: u32): u32 {
  const sum = a + b; // < 2^32
  return sum >= P ? sum - P : sum;
}

/** Transposes rows firstRow .. of all columns the program reads into the row buffer at `buffer`. */
function gatherRows(job: usize, buffer: usize, firstRow: u32, wrapped: bool): void {
  const logRows = load<u32>(job, 4), count = load<u32>(job, 20);
  let entry: usize = load<u32>(job, 16);
  for (let i: u32 = 0; i < count; i++, entry += 32) {
    const rowBytes: usize = load<u32>(entry, 4), src = <usize>load<u32>(entry) + <usize>firstRow * rowBytes;
    const d0 = buffer + load<u32>(entry, 8), d1 = buffer + load<u32>(entry, 12);
    const d2 = buffer + load<u32>(entry, 16), d3 = buffer + load<u32>(entry, 20);
    if (wrapped) gatherWrapped(src, rowBytes, logRows, d0, d1, d2, d3);
    else gatherColumns(src, rowBytes, 1 << logRows, d0, d1, d2, d3);
  }
}

@inline
function runOn(job: usize, area: usize, swapped: bool): void {
  const slotBytes: usize = 4 << load<u32>(job, 4);
  const code = swapped ? load<u32>(job, 12) : load<u32>(job, 8);
  const scratch = area + load<u32>(job, 60);
  runProgram(code, load<u32>(job, 32), area, load<u32>(job, 36), slotBytes, load<u32>(job, 64), scratch, load<u32>(job, 68));
}

/**
 * Adds the program's output, an element of K, into the result for chunks m = first .. first + count - 1 of block `block`
 * of the extension. Result row i, word 4 k + block, is coefficient k at row i of the block.
 */
export function quotientChunks(job: usize, block: u32, first: u32, count: u32): void {
  const logHeight = load<u32>(job), logRows = load<u32>(job, 4), rows: u32 = 1 << logRows;
  const logChunks = logHeight - logRows, chunks: u32 = 1 << logChunks;
  const blockRow = block << logHeight, bufferBytes: usize = load<u32>(job, 56);
  const pool: usize = load<u32>(job, 52), area = claimScratch(pool);
  const slotBytes: usize = 4 << logRows, output = area + load<u32>(load<u32>(job, 40));
  let swapped = false;
  gatherRows(job, area, blockRow + (reverseBits(first, logChunks) << logRows), false);
  for (let m = first; m < first + count; m++, swapped = !swapped) {
    const row = reverseBits(m, logChunks) << logRows, last = m + 1 == chunks;
    const nextRow = last ? 0 : reverseBits(m + 1, logChunks) << logRows;
    gatherRows(job, swapped ? area : area + bufferBytes, blockRow + nextRow, last);
    let vector: usize = load<u32>(job, 24);
    for (let i: u32 = 0; i < load<u32>(job, 28); i++, vector += 8) {
      memory.copy(area + load<u32>(vector, 4), load<u32>(vector) + ((blockRow + row) << 2), slotBytes);
    }
    runOn(job, area, swapped);
    const rowBytes: usize = load<u32>(job, 76);
    let dst: usize = <usize>load<u32>(job, 72) + <usize>row * rowBytes + (block << 2);
    for (let j: u32 = 0; j < rows; j++, dst += rowBytes) {
      for (let k: usize = 0; k < 5; k++) {
        store<u32>(dst + 16 * k, addScalar(load<u32>(dst + 16 * k), load<u32>(output + k * slotBytes + (j << 2))));
      }
    }
  }
  releaseScratch(pool, area);
}

/** dst[j] = the sum of the first j values, in all five coefficients; the whole sum to `total`. */
function prefixSums(values: usize, slotBytes: usize, total: usize): void {
  for (let k: usize = 0; k < 5; k++, values += slotBytes) {
    let sum: u32 = 0;
    for (let i: usize = 0; i < slotBytes; i += 4) {
      const value = load<u32>(values + i);
      store<u32>(values + i, sum);
      sum = addScalar(sum, value);
    }
    store<u32>(total + 4 * k, sum);
  }
}

/**
 * Writes the fraction columns of chunks first .. first + count - 1 of the trace, and in place of the running sum its part
 * since the start of the chunk; the sum of chunk k, five words, goes to totals + 20 k. The outputs are five slots each,
 * the last is the whole sum of a row. Raises the flag at a zero denominator.
 */
export function lookupChunks(job: usize, first: u32, count: u32, totals: usize): void {
  const logRows = load<u32>(job, 4), rows: u32 = 1 << logRows, slotBytes: usize = 4 << logRows;
  const pool: usize = load<u32>(job, 52), area = claimScratch(pool);
  const outputs: usize = load<u32>(job, 40), width = 5 * load<u32>(job, 44), zeros = area + load<u32>(job, 48);
  const rowBytes: usize = load<u32>(job, 76);
  memory.fill(zeros, 0, slotBytes);
  for (let k = first; k < first + count; k++) {
    gatherRows(job, area, k << logRows, false);
    runOn(job, area, false);
    prefixSums(area + load<u32>(outputs + 4 * (width / 5 - 1)), slotBytes, totals + 20 * k);
    const dst = <usize>load<u32>(job, 72) + (<usize>k << logRows) * rowBytes;
    for (let c: u32 = 0; (c << 2) < <u32>rowBytes; c += 4) {
      scatterColumns(
        dst + 4 * c, rowBytes, rows,
        outputSlot(outputs, c, width, area, slotBytes, zeros), outputSlot(outputs, c + 1, width, area, slotBytes, zeros),
        outputSlot(outputs, c + 2, width, area, slotBytes, zeros), outputSlot(outputs, c + 3, width, area, slotBytes, zeros),
      );
    }
  }
  releaseScratch(pool, area);
}

/** The slot of base column c of the result; zeros beyond the width. */
function outputSlot(outputs: usize, c: u32, width: u32, area: usize, slotBytes: usize, zeros: usize): usize {
  return c < width ? area + load<u32>(outputs + 4 * (c / 5)) + <usize>(c % 5) * slotBytes : zeros;
}

/** Adds the sum before its chunk (five words at sums + 20 k, followed by 12 readable bytes) to the five columns of phi. */
export function addRunningSums(phi: usize, rowBytes: usize, logRows: u32, first: u32, count: u32, sums: usize): void {
  const p = loadP();
  for (let k = first; k < first + count; k++) {
    const low = v128.load(sums + 20 * k), high: u32 = load<u32>(sums + 20 * k, 16);
    let at = phi + (<usize>k << logRows) * rowBytes;
    for (let j: u32 = 0; j < <u32>(1 << logRows); j++, at += rowBytes) {
      v128.store(at, add(v128.load(at), low, p));
      store<u32>(at, addScalar(load<u32>(at, 16), high), 16);
    }
  }
}

/** dst[i] += src[i >> shift] in F_p for result rows of 80 bytes, dst rows from .. to - 1. */
export function liftAddRows(dst: usize, src: usize, shift: u32, from: u32, to: u32): void {
  const p = loadP();
  for (let i = from; i < to; i++) {
    const a = dst + <usize>i * 80, b = src + <usize>(i >> shift) * 80;
    for (let w: usize = 0; w < 80; w += 16) v128.store(a + w, add(v128.load(a + w), v128.load(b + w), p));
  }
}
