/** Which machine a command speaks of, where a user's chips are part of it. */
import type { Engine } from './engine.ts';

/** "Ulp with fp8 (ulp.config.ts)", or "Ulp". */
export function machineText({ config }: Pick<Engine, 'config'>): string {
  if (config === undefined) return 'Ulp';
  return `Ulp with ${config.extensions.map(({ name }) => name).join(', ') || 'nothing more'} (${config.path})`;
}

/** A line of a report, where the machine is not Ulp alone: its proofs verify with these extensions only. */
export const machineLine = (engine: Pick<Engine, 'config'>): string[] =>
  engine.config === undefined ? [] : [`  machine         ${machineText(engine)}`];
