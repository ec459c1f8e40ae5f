/** Trains the demo's model with progress, and gives its tensors. */
import { DEMO_TRAINING } from '../../model/character-model.ts';
import type { DemoTensors } from '../../model/demo.ts';
import type { Io } from '../io.ts';
import { progressOf } from '../progress.ts';

/** `demoTensors` of the model, or smaller ones in tests. */
export type Trainer = (onStep?: (step: number, loss: number) => void) => DemoTensors;

export interface Trained {
  readonly tensors: DemoTensors;
  /** Cross-entropy of the first and of the last batch, in nats. */
  readonly firstLoss: number;
  readonly lastLoss: number;
  readonly elapsedMs: number;
}

export function trainWithProgress(io: Io, train: Trainer): Trained {
  const start = performance.now();
  const progress = progressOf(io, false);
  progress.phase('train');
  const losses: number[] = [];
  const tensors = train((step, loss) => {
    losses.push(loss);
    progress.at((step + 1) / DEMO_TRAINING.steps);
  });
  progress.done();
  const [firstLoss = Number.NaN, lastLoss = Number.NaN] = [losses[0], losses.at(-1)];
  return { tensors, firstLoss, lastLoss, elapsedMs: performance.now() - start };
}
