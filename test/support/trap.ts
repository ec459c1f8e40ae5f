/** Traps as the values they are, for steps that run outside of `run`. */
import { type Trap, TrapSignal } from '../../vm/executor/trap.ts';

/** The trap that ends `step`, undefined if it does not trap. */
export function trapOf(step: () => unknown): Trap | undefined {
  try {
    step();
  } catch (signal) {
    if (signal instanceof TrapSignal) return signal.trap;
    throw signal;
  }
  return undefined;
}
