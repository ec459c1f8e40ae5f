/** Reading the events of `sha256.compress`, for the traces of its three chips. */
import { blockValues } from '../../vm/chips/word-block.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import { CLK_START, CLK_STEP } from '../../vm/space.ts';
import { BLOCK_KEYS, MESSAGE_WORDS, STATE_WORDS } from './constants.ts';
import { MESSAGE_AT, SHA256_CHIP, SHA256_EVENT_WORDS, STATE_AT } from './execute.ts';

/** Number of blocks compressed. */
export const blocksOf = ({ logs }: Execution): number => logs.get(SHA256_CHIP)?.count ?? 0;

export interface Block {
  /** 17 n, n the number of instructions before. */
  readonly key: number;
  readonly state: Uint32Array;
  readonly message: Uint32Array;
}

export function blockOf({ logs }: Execution, index: number): Block {
  const { words } = logs.get(SHA256_CHIP)!;
  const event = index * SHA256_EVENT_WORDS;
  return {
    key: BLOCK_KEYS * ((words[event + 1]! - CLK_START) / CLK_STEP),
    state: blockValues(words, event + STATE_AT, STATE_WORDS),
    message: blockValues(words, event + MESSAGE_AT, MESSAGE_WORDS),
  };
}
