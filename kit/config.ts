/** What `ulp.config.ts` exports: the extensions that join the machine, each with how its chips are checked. */
import type { Extension } from '../machine/machine.ts';
import type { ChipForgeries } from './chip-check.ts';

export interface UserExtension extends Extension {
  /** Forgeries of its chips, imported when `ulp chip check` asks: `() => import('./fp8/forgeries.ts')`. */
  readonly forgeries?: () => Promise<{ readonly default: ChipForgeries | readonly ChipForgeries[] }>;
}

/** The list as it is; gives its members their types. */
export const defineConfig = (extensions: readonly UserExtension[]): readonly UserExtension[] => extensions;
