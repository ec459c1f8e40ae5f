/**
 * What a fold does with its accumulator and the next word: the service that it asks, and the instance of the chip. This
 * is the side of the air; what it computes is `../semantics.ts`.
 */
import type { Bus } from '../../../stark/air/bus.ts';
import type { Operand } from '../../../stark/air/expr.ts';
import { FP32_ADD_BUS } from '../../fp32-add/bus.ts';
import { FP32_FMA_BUS } from '../../fp32-fma/bus.ts';
import { FP32_MAX_BUS } from '../../fp32-max/bus.ts';
import type { FoldName, Shape } from '../constants.ts';

/** The service, and its fields before the result for (accumulator, word). RNE is mode 0. */
export const FOLD_STEPS: Readonly<
  Record<
    FoldName,
    { readonly bus: Bus; readonly operands: (acc: readonly Operand[], x: readonly Operand[]) => Operand[] }
  >
> = {
  sum: { bus: FP32_ADD_BUS, operands: (acc, x) => [0, 0, ...acc, ...x] },
  squares: { bus: FP32_FMA_BUS, operands: (acc, x) => [0, 0, 0, ...x, ...x, ...acc] },
  max: { bus: FP32_MAX_BUS, operands: (acc, x) => [0, ...acc, ...x] },
  maxm: { bus: FP32_MAX_BUS, operands: (acc, x) => [1, ...acc, ...x] },
};

export interface Fold {
  readonly fold: FoldName;
  readonly shape: Shape;
}

/** Every chip of folds. */
export const FOLD_CHIPS: readonly Fold[] = [
  { fold: 'sum', shape: 'sequential' },
  { fold: 'squares', shape: 'sequential' },
  { fold: 'max', shape: 'sequential' },
  { fold: 'maxm', shape: 'sequential' },
  { fold: 'sum', shape: 'warp' },
  { fold: 'squares', shape: 'warp' },
];
