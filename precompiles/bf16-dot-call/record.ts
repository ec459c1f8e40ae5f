/** What a call leaves for the chips that prove its blocks. */
import { SPECIAL_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import {
  BLOCK,
  dotBlock,
  exponentOf,
  HOPPER,
  isSpecialBlock,
  overflowSignificand,
  significandOf,
  type TensorCore,
} from '../bf16-dot/semantics.ts';
import {
  BF16_DOT_AMPERE_CHIP,
  BF16_DOT_CHIP,
  BF16_DOT_SPECIAL_CHIP,
  BOTH_HALVES,
  FIRST_HALF,
  SECOND_HALF,
} from '../bf16-dot/state.ts';
import { type DotModel, TENSOR_CORES } from './semantics.ts';

/** The word, and its significand on the state bus: that of an infinity from an overflow is not that of the word. */
export interface State {
  readonly word: number;
  readonly significand: number;
}

/** Appends an event per row of `blocks` blocks from elements `a` and `b` of the hints, multiples of 16, onto `acc`. */
export function recordTensorCore(
  machine: Machine,
  model: DotModel,
  acc: number,
  a: number,
  b: number,
  blocks: number,
): State {
  const core = TENSOR_CORES[model]!;
  let state: State = { word: acc, significand: significandOf(acc) };
  for (let k = 0; k < BLOCK * blocks; k += BLOCK) {
    state =
      core === HOPPER ? recordBlock(machine, state, a + k, b + k) : recordHalves(machine, core, state, a + k, b + k);
  }
  return state;
}

function recordBlock(machine: Machine, state: State, a: number, b: number): State {
  const { hints } = machine;
  const isSpecial = isSpecialBlock(HOPPER, state.word, hints, a, hints, b);
  push(machine, isSpecial ? BF16_DOT_SPECIAL_CHIP : BF16_DOT_CHIP, state, a, b, BOTH_HALVES);
  return after(machine, HOPPER, state, a, b);
}

/** One row if nothing is special, also not in between, else one row per half. */
function recordHalves(machine: Machine, core: TensorCore, state: State, a: number, b: number): State {
  const { hints } = machine;
  const half = core.products;
  const between = after(machine, core, state, a, b);
  const isSpecial = (word: number, k: number): boolean => isSpecialBlock(core, word, hints, a + k, hints, b + k);
  if (isSpecial(state.word, 0)) push(machine, BF16_DOT_SPECIAL_CHIP, state, a, b, FIRST_HALF);
  else {
    const isWhole = !isSpecial(between.word, half);
    push(machine, BF16_DOT_AMPERE_CHIP, state, a, b, isWhole ? BOTH_HALVES : FIRST_HALF);
    if (isWhole) return after(machine, core, between, a + half, b + half);
  }
  push(machine, BF16_DOT_SPECIAL_CHIP, between, a, b, SECOND_HALF);
  return after(machine, core, between, a + half, b + half);
}

/** The state after one sum. */
function after({ hints }: Machine, core: TensorCore, { word }: State, a: number, b: number): State {
  const next = dotBlock(core, word, hints, a, hints, b);
  const overflows = exponentOf(next) === SPECIAL_EXPONENT && !isSpecialBlock(core, word, hints, a, hints, b);
  return {
    word: next,
    significand: overflows ? overflowSignificand(core, word, hints, a, hints, b) : significandOf(next),
  };
}

/** Appends the event of a row; `a`, `b`: first elements of the block. */
function push(
  machine: Machine,
  chip: string,
  { word, significand }: State,
  a: number,
  b: number,
  halves: number,
): void {
  const log = machine.log(chip)!;
  const at = log.push();
  const { words } = log;
  words[at] = machine.clk;
  words[at + 1] = a / BLOCK;
  words[at + 2] = b / BLOCK;
  words[at + 3] = (word & 0x8000_0000) | significand;
  words[at + 4] = exponentOf(word);
  words[at + 5] = halves;
}
