/** An engine that is opened before the first command runs: commands are built before it is known what they run on. */
import type { Engine } from './engine.ts';

export interface DeferredEngine extends Engine {
  open(engine: Engine): void;
}

export function deferredEngine(): DeferredEngine {
  let opened: Engine | undefined;
  const engine = (): Engine => {
    if (opened === undefined) throw new TypeError('engine: expected it to be opened before a command runs');
    return opened;
  };
  return {
    open: (value) => {
      opened = value;
    },
    get instructions() {
      return engine().instructions;
    },
    get machine() {
      return engine().machine;
    },
    get config() {
      return engine().config;
    },
    load: (elf) => engine().load(elf),
    run: (...args) => engine().run(...args),
    cost: (...args) => engine().cost(...args),
    prove: (...args) => engine().prove(...args),
    verify: (...args) => engine().verify(...args),
    verifyingKey: (program) => engine().verifyingKey(program),
  };
}
