/** Matrices of field elements in the shared memory: row-major, canonical residues, rows padded to whole vectors. */
import type { Arena } from './memory.ts';

export interface Matrix {
  /** Byte address of row 0. */
  readonly address: number;
  /** Rows, a power of two. */
  readonly height: number;
  /** Columns that mean something. */
  readonly width: number;
  /** Words from one row to the next: width rounded up to a multiple of 4. The columns from width on are zero. */
  readonly stride: number;
}

/**
 * The extension of a table of `height` rows to the domain D_n of `stark/poly/domain.ts`: blowup * height rows, row i
 * holding the values at point i of D_n.
 */
export interface Lde extends Matrix {
  readonly blowup: number;
}

export const strideOf = (width: number): number => Math.ceil(width / 4) * 4;

export const matrixBytes = (height: number, width: number): number => 4 * height * strideOf(width);

/**
 * A zero matrix, at the start of memory for `blocks` of its size (for its extension in place).
 * @throws {RangeError} unless the height is a power of two and the width positive
 */
export function allocMatrix(arena: Arena, height: number, width: number, blocks = 1): Matrix {
  if (!Number.isInteger(Math.log2(height))) throw new RangeError(`height: expected a power of two, got ${height}`);
  if (!Number.isInteger(width) || width < 1) throw new RangeError(`width: expected at least 1, got ${width}`);
  const bytes = matrixBytes(height, width);
  const address = arena.allocZeroed(bytes);
  if (blocks > 1) arena.alloc((blocks - 1) * bytes);
  return { address, height, width, stride: strideOf(width) };
}

/** All words of a matrix (of an extension: all blowup * height rows), padding columns included. */
export function words(arena: Arena, matrix: Matrix | Lde): Uint32Array {
  const rows = 'blowup' in matrix ? matrix.height * matrix.blowup : matrix.height;
  return arena.u32(matrix.address, rows * matrix.stride);
}
