/**
 * Public entry of `ulpvm/loader`: importing it lets this process import TypeScript and `ulpvm/...` from anywhere.
 * `node --import ulpvm/loader --test chip.test.ts` is its use outside of the command line. See `hooks.mjs`.
 */
import { register } from 'node:module';

const ownExtension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
register('./hooks.mjs', { parentURL: import.meta.url, data: { ownExtension } });

/** The hooks are in place once this module is evaluated. */
export const registered = true;
