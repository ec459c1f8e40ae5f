/** The dot products of all accumulation models, by name. Each model's rules are in its own `semantics.ts`. */
import type { DOT_MODELS } from '../../vm/isa/xulp.ts';
import { AMPERE, dotTensorCore, HOPPER, type TensorCore } from '../bf16-dot/semantics.ts';
import { dotAmx } from '../bf16-dot-amx/semantics.ts';
import { dotFma } from '../bf16-dot-fma/semantics.ts';

export type DotModel = keyof typeof DOT_MODELS;

/** What sums the products of a model, if a tensor core does. */
export const TENSOR_CORES: Readonly<Partial<Record<DotModel, TensorCore>>> = {
  hopper: HOPPER,
  ampere: AMPERE,
  blackwell: HOPPER,
};

/**
 * What `bf16.dot.MODEL` leaves in fd: `blocks` blocks of 16 products on top of an accumulator; `blocks` 0 gives `acc` back.
 *
 * **Shapes** a, b: BF16 patterns, elements aOffset + k and bOffset + k for k < 16 * blocks. **Range** acc and result are
 * u32 patterns of binary32. The caller keeps offsets inside the arrays.
 */
export function dotBf16(
  model: DotModel,
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
  blocks: number,
): number {
  const core = TENSOR_CORES[model];
  if (model === 'amx') return dotAmx(acc, a, aOffset, b, bOffset, blocks);
  if (core === undefined) return dotFma(acc, a, aOffset, b, bOffset, blocks);
  return dotTensorCore(core, acc, a, aOffset, b, bOffset, blocks);
}
