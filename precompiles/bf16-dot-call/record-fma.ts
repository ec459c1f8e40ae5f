/** What a call of bf16.dot.fma leaves for the chips that prove its products, two at a time. */
import type { Machine } from '../../vm/executor/machine.ts';
import { BLOCK, significandOf } from '../bf16-dot/semantics.ts';
import { rounded } from '../bf16-dot-fma/rounded-sum.ts';
import { fastMac, slowMac } from '../bf16-dot-fma/semantics.ts';
import { BF16_DOT_FMA_CHIP, BF16_DOT_FMA_SLOW_CHIP } from '../bf16-dot-fma/state.ts';
import { BF16_PAIRS_CHIP } from '../bf16-pairs/bus.ts';
import { recordFused } from '../fp32-fma/execute.ts';
import { ROUNDING } from '../fp32-round/semantics.ts';
import type { State } from './record.ts';
import type { DotModel } from './semantics.ts';

/** Appends the events of `blocks` blocks from elements `a` and `b` of the hints, multiples of 16, onto `acc`. */
export function recordFma(machine: Machine, _: DotModel, acc: number, a: number, b: number, blocks: number): State {
  let state: State = { word: acc, significand: significandOf(acc) };
  for (let block = 0; block < blocks; block++) {
    const [x, y] = [a + BLOCK * block, b + BLOCK * block];
    let fastPairs = 0;
    for (let k = 0; k < BLOCK; k += 2) {
      const next = fastPair(machine, state, x + k, y + k);
      if (next !== undefined) fastPairs |= 1 << (k / 2);
      state = next ?? slowPair(machine, state, x + k, y + k);
    }
    if (fastPairs === 0) continue;
    const log = machine.log(BF16_PAIRS_CHIP)!;
    const at = log.push();
    log.words[at] = x / BLOCK;
    log.words[at + 1] = y / BLOCK;
    log.words[at + 2] = fastPairs;
  }
  return state;
}

/** The state after two products that `bf16-dot-fma` can take, with its event; else undefined. */
function fastPair(machine: Machine, state: State, a: number, b: number): State | undefined {
  const { hints } = machine;
  const between = fastMac(hints[a]!, hints[b]!, state.word);
  const word = between < 0 ? -1 : fastMac(hints[a + 1]!, hints[b + 1]!, between);
  if (word < 0) return undefined;
  push(machine, BF16_DOT_FMA_CHIP, state, a, b);
  return { word, significand: rounded.significand };
}

function slowPair(machine: Machine, state: State, a: number, b: number): State {
  push(machine, BF16_DOT_FMA_SLOW_CHIP, state, a, b);
  let { word } = state;
  for (const i of [0, 1]) {
    const [x, y] = [machine.hints[a + i]!, machine.hints[b + i]!];
    recordFused(machine, ROUNDING.rne, 0, (x << 16) >>> 0, (y << 16) >>> 0, word);
    word = slowMac(x, y, word);
  }
  return { word, significand: significandOf(word) };
}

function push(machine: Machine, chip: string, { word, significand }: State, a: number, b: number): void {
  const log = machine.log(chip)!;
  const at = log.push();
  const { words } = log;
  words[at] = machine.clk;
  words[at + 1] = a;
  words[at + 2] = b;
  words[at + 3] = (word & 0x8000_0000) | significand;
  words[at + 4] = word;
}
