// Chunks: 2^logRows contiguous rows of a row-major matrix as slots, one run of values per column.
//
// In bit-reversed order, chunk k of a block of n rows holds the rows with exponents m + (n/C) rev(j), m = rev(k), C rows
// a chunk: so the next row of every row of chunk m is in chunk m + 1, at the same place. Only the last chunk wraps to
// exponents (n/C) (rev(j) + 1), which is chunk 0 with its rows permuted.

/** The lowest `bits` bits of i in reverse order. */
@inline
export function reverseBits(i: u32, bits: u32): u32 {
  let reversed: u32 = 0;
  for (let b: u32 = 0; b < bits; b++, i >>= 1) reversed = (reversed << 1) | (i & 1);
  return reversed;
}

/** Stores the 4 x 4 transpose of four rows of four words: `x` goes to d0, one word of each row. */
@inline
function storeColumns(r0: v128, r1: v128, r2: v128, r3: v128, d0: usize, d1: usize, d2: usize, d3: usize): void {
  const a = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), b = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7), d = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(d0, v128.shuffle<i64>(a, b, 0, 2));
  v128.store(d1, v128.shuffle<i64>(a, b, 1, 3));
  v128.store(d2, v128.shuffle<i64>(c, d, 0, 2));
  v128.store(d3, v128.shuffle<i64>(c, d, 1, 3));
}

/** Four adjacent columns of `rows` consecutive rows from `src` into four slots. */
export function gatherColumns(src: usize, rowBytes: usize, rows: u32, d0: usize, d1: usize, d2: usize, d3: usize): void {
  for (let i: usize = 0, end = <usize>rows << 2; i < end; i += 16, src += 4 * rowBytes) {
    storeColumns(
      v128.load(src), v128.load(src + rowBytes), v128.load(src + 2 * rowBytes), v128.load(src + 3 * rowBytes),
      d0 + i, d1 + i, d2 + i, d3 + i,
    );
  }
}

/** The same where row j comes from row rev(rev(j) + 1): the rows after those of the last chunk. */
export function gatherWrapped(src: usize, rowBytes: usize, logRows: u32, d0: usize, d1: usize, d2: usize, d3: usize): void {
  const rows: u32 = 1 << logRows;
  for (let j: u32 = 0; j < rows; j++) {
    const from = src + <usize>reverseBits((reverseBits(j, logRows) + 1) & (rows - 1), logRows) * rowBytes;
    const at: usize = j << 2;
    store<u32>(d0 + at, load<u32>(from));
    store<u32>(d1 + at, load<u32>(from, 4));
    store<u32>(d2 + at, load<u32>(from, 8));
    store<u32>(d3 + at, load<u32>(from, 12));
  }
}

/** Four slots into four adjacent columns of `rows` consecutive rows from `dst`. */
export function scatterColumns(dst: usize, rowBytes: usize, rows: u32, s0: usize, s1: usize, s2: usize, s3: usize): void {
  for (let i: usize = 0, end = <usize>rows << 2; i < end; i += 16, dst += 4 * rowBytes) {
    storeColumns(
      v128.load(s0 + i), v128.load(s1 + i), v128.load(s2 + i), v128.load(s3 + i),
      dst, dst + rowBytes, dst + 2 * rowBytes, dst + 3 * rowBytes,
    );
  }
}

/**
 * Scratch memory for whichever thread runs a job. A pool is: u32 number of areas, u32 bytes of each, u32 address of the
 * first, u32 unused, then one lock word per area, 0 when free. There are as many areas as threads, so one is always free.
 */
export function claimScratch(pool: usize): usize {
  const count = load<u32>(pool);
  for (let i: u32 = 0; ; i = i + 1 < count ? i + 1 : 0) {
    if (atomic.cmpxchg<u32>(pool + 16 + 4 * i, 0, 1) == 0) return load<u32>(pool, 8) + i * load<u32>(pool, 4);
  }
  return 0;
}

export function releaseScratch(pool: usize, area: usize): void {
  const i = (area - load<u32>(pool, 8)) / load<u32>(pool, 4);
  atomic.store<u32>(pool + 16 + 4 * i, 0);
}
