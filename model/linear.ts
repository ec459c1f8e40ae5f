/**
 * The reference of a linear layer: Y = X W^T (+ bias), bit for bit as `guests/linear.s` proves it.
 *
 * y[i][j] starts from +0 and accumulates x[i][k] w[j][k] in FP32 in blocks of 16 k, in the order and rounding of the
 * accumulation model; then the BF16 bias, if any, is added as FP32 (nearest, ties to even); then the sum is rounded to
 * BF16 (nearest, ties to even; a NaN becomes the canonical NaN). Operands are padded with +0 to whole blocks.
 */
import { BLOCK } from '../precompiles/bf16-dot/semantics.ts';
import { type DotModel, dotBf16 } from '../precompiles/bf16-dot-call/semantics.ts';
import { addF32, roundToBf16 } from './float32.ts';

/** One entry from whole blocks of operands. All patterns are BF16. */
export function linearEntry(
  x: Uint16Array,
  xOffset: number,
  w: Uint16Array,
  wOffset: number,
  blocks: number,
  bias?: number,
  model: DotModel = 'hopper',
): number {
  const sum = dotBf16(model, 0, x, xOffset, w, wOffset, blocks);
  return roundToBf16(bias === undefined ? sum : addF32(sum, (bias << 16) >>> 0));
}

export interface LinearOperands {
  /** M x K */
  readonly x: Uint16Array;
  /** N x K */
  readonly w: Uint16Array;
  /** N elements */
  readonly bias?: Uint16Array;
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
  /** Accumulation model. Default: hopper. */
  readonly model?: DotModel;
}

/** All of Y, M x N. **Cost** about 8 ns a product. @throws {RangeError} when an operand has not as many elements as the shape says. */
export function linearLayer({ x, w, bias, rows, columns, inner, model }: LinearOperands): Uint16Array {
  const blocks = Math.ceil(inner / BLOCK);
  const left = padRows('x', x, rows, inner, blocks * BLOCK);
  const right = padRows('w', w, columns, inner, blocks * BLOCK);
  if (bias !== undefined && bias.length !== columns) {
    throw new RangeError(`bias: expected ${columns} elements, got ${bias.length}`);
  }
  const y = new Uint16Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      y[i * columns + j] = linearEntry(left, i * blocks * BLOCK, right, j * blocks * BLOCK, blocks, bias?.[j], model);
    }
  }
  return y;
}

function padRows(name: string, data: Uint16Array, rows: number, inner: number, width: number): Uint16Array {
  if (data.length !== rows * inner) {
    throw new RangeError(`${name}: expected ${rows * inner} elements, got ${data.length}`);
  }
  if (inner === width) return data;
  const padded = new Uint16Array(rows * width);
  for (let r = 0; r < rows; r++) padded.set(data.subarray(r * inner, (r + 1) * inner), r * width);
  return padded;
}
