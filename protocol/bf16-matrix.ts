/**
 * A matrix of BF16 bit patterns that is read by panels, so that it may be a file larger than memory. Patterns are
 * numbers in [0, 2^16), row-major. `transposed` is the column orientation of the same data.
 */
import { ProtocolError } from './protocol-error.ts';
import type { Safetensors, TensorEntry } from './safetensors.ts';

export interface Bf16Matrix {
  readonly rows: number;
  readonly columns: number;
  /** The elements of rows [rowBegin, rowEnd) and columns [columnBegin, columnEnd), row-major. */
  panel(rowBegin: number, rowEnd: number, columnBegin: number, columnEnd: number): Promise<Uint16Array>;
}

/** Elements of a panel that is held in memory while a matrix is streamed: 32 MiB of file. */
const PANEL_ELEMENTS = 2 ** 24;

/** A matrix in memory; `data` is kept, not copied. @throws {RangeError} unless it has rows x columns elements. */
export function memoryMatrix(rows: number, columns: number, data: Uint16Array): Bf16Matrix {
  if (data.length !== rows * columns)
    throw new RangeError(`data: expected ${rows * columns} elements, got ${data.length}`);
  return matrixOfRuns(rows, columns, async (first, count) => data.slice(first, first + count));
}

/** A matrix of which `read` gives `count` elements from position `first` on, row-major. */
function matrixOfRuns(
  rows: number,
  columns: number,
  read: (first: number, count: number) => Promise<Uint16Array>,
): Bf16Matrix {
  return {
    rows,
    columns,
    panel: async (rowBegin, rowEnd, columnBegin, columnEnd) => {
      const width = columnEnd - columnBegin;
      if (width === columns) return read(rowBegin * columns, (rowEnd - rowBegin) * columns);
      const out = new Uint16Array((rowEnd - rowBegin) * width);
      for (let r = rowBegin; r < rowEnd; r++) {
        out.set(await read(r * columns + columnBegin, width), (r - rowBegin) * width);
      }
      return out;
    },
  };
}

/** The transpose, as a view. Panels of a transposed file cost one read per row of the file. */
export const transposed = (matrix: Bf16Matrix): Bf16Matrix => ({
  rows: matrix.columns,
  columns: matrix.rows,
  panel: async (rowBegin, rowEnd, columnBegin, columnEnd) => {
    const source = await matrix.panel(columnBegin, columnEnd, rowBegin, rowEnd);
    const [height, width] = [rowEnd - rowBegin, columnEnd - columnBegin];
    const out = new Uint16Array(source.length);
    for (let r = 0; r < height; r++) for (let c = 0; c < width; c++) out[r * width + c] = source[c * height + r]!;
    return out;
  },
});

/** One row. @throws {RangeError} outside [0, rows). */
export function rowOf(matrix: Bf16Matrix, row: number): Promise<Uint16Array> {
  if (!Number.isInteger(row) || row < 0 || row >= matrix.rows) {
    throw new RangeError(`row: expected an integer in [0, ${matrix.rows}), got ${row}`);
  }
  return matrix.panel(row, row + 1, 0, matrix.columns);
}

/** All rows in order, with at most 2^24 elements (or one row) in memory. The yielded arrays are views, valid until the next. */
export async function* rowsOf(matrix: Bf16Matrix): AsyncGenerator<Uint16Array> {
  const step = Math.max(1, Math.floor(PANEL_ELEMENTS / matrix.columns));
  for (let begin = 0; begin < matrix.rows; begin += step) {
    const end = Math.min(begin + step, matrix.rows);
    const panel = await matrix.panel(begin, end, 0, matrix.columns);
    for (let r = 0; r < end - begin; r++) yield panel.subarray(r * matrix.columns, (r + 1) * matrix.columns);
  }
}

/**
 * A tensor of a file as a matrix; a vector is one row. An F32 tensor is accepted if every element is exactly a BF16:
 * rounding is an operation of the model, never of the reader.
 * @param name may be left out when the file holds one tensor
 * @throws {ProtocolError} `tensor-name`, `dtype`, `shape`; `value` while reading an F32 element that is no BF16.
 */
export function tensorMatrix(file: Safetensors, name?: string): Bf16Matrix {
  const entry = entryNamed(file, name);
  const { dtype, shape } = entry;
  if (dtype !== 'BF16' && dtype !== 'F32') {
    throw new ProtocolError('dtype', `${entry.name}: expected BF16, or F32 that is exactly BF16, got ${dtype}`);
  }
  const [rows, columns] = shape.length === 1 ? [1, shape[0]!] : [shape[0] ?? 0, shape[1] ?? 0];
  if (shape.length < 1 || shape.length > 2 || rows === 0 || columns === 0) {
    const expected = 'a matrix or a vector with at least one element';
    throw new ProtocolError('shape', `${entry.name}: expected ${expected}, got shape [${shape.join(', ')}]`);
  }
  const elementBytes = dtype === 'BF16' ? 2 : 4;
  return matrixOfRuns(rows, columns, async (first, count) => {
    const bytes = await file.source.read(entry.begin + first * elementBytes, count * elementBytes);
    return dtype === 'BF16' ? fromBf16(bytes) : fromF32(bytes, entry.name, first);
  });
}

function entryNamed(file: Safetensors, name: string | undefined): TensorEntry {
  const names = [...file.tensors.keys()];
  if (name === undefined && names.length !== 1) {
    throw new ProtocolError('tensor-name', `tensor: expected a name, one of ${names.join(', ') || 'none'}`);
  }
  const entry = file.tensors.get(name ?? names[0]!);
  if (entry === undefined) {
    throw new ProtocolError('tensor-name', `tensor: expected one of ${names.join(', ') || 'none'}, got ${name}`);
  }
  return entry;
}

function fromBf16(bytes: Uint8Array): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length / 2 }, (_, i) => view.getUint16(2 * i, true));
}

function fromF32(bytes: Uint8Array, name: string, first: number): Uint16Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Uint16Array.from({ length: bytes.length / 4 }, (_, i) => {
    if (view.getUint16(4 * i, true) !== 0) {
      const pattern = view
        .getUint32(4 * i, true)
        .toString(16)
        .padStart(8, '0');
      throw new ProtocolError(
        'value',
        `${name}[${first + i}]: expected an F32 that is exactly a BF16, got 0x${pattern}`,
      );
    }
    return view.getUint16(4 * i + 2, true);
  });
}

/** Little-endian bytes of BF16 patterns, as safetensors stores them. */
export function bf16Bytes(patterns: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(2 * patterns.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < patterns.length; i++) view.setUint16(2 * i, patterns[i]!, true);
  return bytes;
}
