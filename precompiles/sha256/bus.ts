/** Buses between the chips of SHA-256. Block n, n the number of instructions before it, has the keys 17 n to 17 n + 16. */
import { defineBus } from '../../stark/air/bus.ts';
import { MESSAGE_WORDS, ROUND_STEP, STATE_WORDS } from './constants.ts';

const limbs = (name: string, words: number): string[] =>
  Array.from({ length: words }, (_, i) => [`${name}${i}Lo`, `${name}${i}Hi`]).flat();

/** The message of a block under key 17 n + 1. */
export const SHA256_MESSAGE_BUS = defineBus('sha256-message', 'peer', ['key', ...limbs('m', MESSAGE_WORDS)]);

/** W_t + K_t of four rounds, limb by limb without carry, under key 17 n + 1 + t / 4. */
export const SHA256_ROUND_BUS = defineBus('sha256-round', 'peer', ['key', ...limbs('kw', ROUND_STEP)]);

/** d, c, b, a, h, g, f, e: before the rounds under key 17 n, after them under key 17 n + 16. */
export const SHA256_STATE_BUS = defineBus('sha256-state', 'peer', ['key', ...limbs('s', STATE_WORDS)]);
