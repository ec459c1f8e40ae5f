/** What a call of bf16.dot.amx leaves for the chips that prove its tile instructions, two products at a time. */
import { BF16_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { recordAmxFma } from '../amx-fma/execute.ts';
import { ONE } from '../amx-fma/semantics.ts';
import { BLOCK, significandOf } from '../bf16-dot/semantics.ts';
import { fastAdd } from '../bf16-dot-amx/semantics.ts';
import {
  BF16_DOT_AMX_CHIP,
  BF16_DOT_AMX_SLOW_CHIP,
  BF16_DOT_AMX_TILE_CHIP,
  BF16_DOT_AMX_TILE_SLOW_CHIP,
  TILE_BLOCKS,
} from '../bf16-dot-amx/state.ts';
import { rounded } from '../bf16-dot-fma/rounded-sum.ts';
import { fastMac } from '../bf16-dot-fma/semantics.ts';
import { BF16_NORMAL_PAIRS_CHIP, LEAST_EXPONENT } from '../bf16-normal-pairs/bus.ts';
import type { State } from './record.ts';
import type { DotModel } from './semantics.ts';

type Chains = readonly [even: State, odd: State];

const ZERO: State = { word: 0, significand: 0 };

/** Appends the events of `blocks` blocks from elements `a` and `b` of the hints, multiples of 16, onto `acc`. */
export function recordAmx(machine: Machine, _: DotModel, acc: number, a: number, b: number, blocks: number): State {
  let state: State = { word: acc, significand: significandOf(acc) };
  for (let block = 0; block < blocks; block += TILE_BLOCKS) {
    const [x, y] = [a + BLOCK * block, b + BLOCK * block];
    state = recordTile(machine, state, x, y, Math.min(TILE_BLOCKS, blocks - block));
  }
  return state;
}

function recordTile(machine: Machine, acc: State, a: number, b: number, blocks: number): State {
  let [even, odd] = [ZERO, ZERO];
  for (let k = 0; k < BLOCK * blocks; k += BLOCK) {
    const isNormal = hasNoLeast(machine, a + k) && hasNoLeast(machine, b + k);
    let fastPairs = 0;
    for (let i = 0; i < BLOCK; i += 2) {
      const [x, y] = [a + k + i, b + k + i];
      const next = isNormal ? fastStep(machine, a, even, odd, x, y) : undefined;
      if (next !== undefined) fastPairs |= 1 << (i / 2);
      [even, odd] = next ?? slowStep(machine, a, even, odd, x, y);
    }
    if (fastPairs === 0) continue;
    const log = machine.log(BF16_NORMAL_PAIRS_CHIP)!;
    const at = log.push();
    log.words.set([(a + k) / BLOCK, (b + k) / BLOCK, fastPairs], at);
  }
  const chains = fastAdd(even.word, odd.word);
  const total = chains < 0 ? -1 : fastAdd(acc.word, chains);
  const chip = total < 0 ? BF16_DOT_AMX_TILE_SLOW_CHIP : BF16_DOT_AMX_TILE_CHIP;
  push(machine, chip, [machine.clk, a, b, blocks], acc, even, odd);
  if (total >= 0) return { word: total, significand: rounded.significand };
  const sum = recordAmxFma(machine, ONE, even.word, odd.word);
  const word = recordAmxFma(machine, ONE, acc.word, sum);
  return { word, significand: significandOf(word) };
}

/** Whether no element of a block has the exponent that subnormals have. */
function hasNoLeast({ hints }: Machine, element: number): boolean {
  for (let k = 0; k < BLOCK; k++) if (BF16_EXPONENT[hints[element + k]!] === LEAST_EXPONENT) return false;
  return true;
}

/** Both chains after two products that `bf16-dot-amx` can take, with its event; else undefined. */
function fastStep(machine: Machine, tile: number, even: State, odd: State, a: number, b: number): Chains | undefined {
  const { hints } = machine;
  const first = fastMac(hints[a]!, hints[b]!, even.word, true);
  const nextEven = { word: first, significand: rounded.significand };
  const second = first < 0 ? -1 : fastMac(hints[a + 1]!, hints[b + 1]!, odd.word, true);
  if (second < 0) return undefined;
  push(machine, BF16_DOT_AMX_CHIP, [machine.clk, tile, a, b], even, odd);
  return [nextEven, { word: second, significand: rounded.significand }];
}

function slowStep(machine: Machine, tile: number, even: State, odd: State, a: number, b: number): Chains {
  push(machine, BF16_DOT_AMX_SLOW_CHIP, [machine.clk, tile, a, b], even, odd);
  const step = (i: 0 | 1, { word }: State): State => {
    const next = recordAmxFma(machine, machine.hints[a + i]!, (machine.hints[b + i]! << 16) >>> 0, word);
    return { word: next, significand: significandOf(next) };
  };
  return [step(0, even), step(1, odd)];
}

/** Appends an event: its first words, then of every state sign with significand, and word. */
function push(machine: Machine, chip: string, first: readonly number[], ...states: readonly State[]): void {
  const log = machine.log(chip)!;
  const at = log.push();
  log.words.set(first, at);
  states.forEach(({ word, significand }, i) => {
    log.words[at + first.length + 2 * i] = (word & 0x8000_0000) | significand;
    log.words[at + first.length + 2 * i + 1] = word;
  });
}
