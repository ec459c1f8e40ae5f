/**
 * Which blocks go to the tile chip: the prover's choice alone, since a row of it states of four blocks what four rows of
 * `bf16-dot` do. Four calls, one after the other, are a tile if they are (a0, b0), (a0, b1), (a1, b0), (a1, b1) over
 * equally many blocks. Every k-th block that is an event of `bf16-dot` for all four of them becomes one event of the
 * tile; what is left stays where it is: a block with an infinity or NaN in one of the four, and its three neighbours.
 */
import type { EventLog } from '../../vm/chip.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { BLOCK } from '../bf16-dot/core.ts';
import { BF16_DOT_CHIP, BLOCK_EVENT_WORDS } from '../bf16-dot/state.ts';
import { CALL_EVENT_WORDS, CALL_WORD } from '../bf16-dot-call/event.ts';
import { BF16_DOT_TILE_CHIP, ENTRIES, ENTRY_EVENT_WORDS, OPERANDS } from './event.ts';

const CALLS = ENTRIES.length;
const BLOCK_BYTES = 2 * BLOCK;
/** Time of an event that has moved to the tile; the time of a call is at least 1. */
const MOVED = 0;

/** To be told of every call after its blocks: moves blocks of the last four calls if they are a tile. */
export function mergeTile(machine: Machine, calls: EventLog): void {
  if (!endsInTile(calls)) return;
  const { words, count } = machine.log(BF16_DOT_CHIP)!;
  const end = count * BLOCK_EVENT_WORDS;
  const clk = ENTRIES.map((_, call) => wordOf(calls, call, CALL_WORD.clk));
  const first = ENTRIES.map((_, call) => wordOf(calls, call, CALL_WORD.aAddress) / BLOCK_BYTES);
  // The log is in order of time, and of a call in order of blocks.
  let begin = end;
  while (begin > 0 && words[begin - BLOCK_EVENT_WORDS]! >= clk[0]!) begin -= BLOCK_EVENT_WORDS;
  const next = clk.map((time) => {
    let at = begin;
    while (at < end && words[at]! < time) at += BLOCK_EVENT_WORDS;
    return at;
  });
  const tiles = machine.log(BF16_DOT_TILE_CHIP)!;
  for (let k = 0; k < wordOf(calls, 0, CALL_WORD.blocks); k++) {
    let found = 0;
    for (let call = 0; call < CALLS; call++) {
      let at = next[call]!;
      while (at < end && words[at] === clk[call] && words[at + 1]! < first[call]! + k) at += BLOCK_EVENT_WORDS;
      if (at < end && words[at] === clk[call] && words[at + 1] === first[call]! + k) found++;
      next[call] = at;
    }
    if (found === CALLS) move(words, next, tiles);
  }
  removeMoved(machine.log(BF16_DOT_CHIP)!, begin);
}

/** Word of one of the last four calls. */
function wordOf({ words, count }: EventLog, call: number, word: number): number {
  return words[(count - CALLS + call) * CALL_EVENT_WORDS + word]!;
}

function endsInTile(calls: EventLog): boolean {
  if (calls.count < CALLS) return false;
  const isSame = (word: number, one: number, other: number): boolean =>
    wordOf(calls, one, word) === wordOf(calls, other, word);
  const { aAddress, bAddress, blocks } = CALL_WORD;
  return (
    isSame(aAddress, 0, 1) &&
    isSame(aAddress, 2, 3) &&
    isSame(bAddress, 0, 2) &&
    isSame(bAddress, 1, 3) &&
    isSame(blocks, 0, 1) &&
    isSame(blocks, 0, 2) &&
    isSame(blocks, 0, 3)
  );
}

/** Makes one event of the tile of the events of blocks at `next`, marks those as moved and goes past them. */
function move(words: Uint32Array, next: number[], tiles: EventLog): void {
  const at = tiles.push();
  const tile = tiles.words;
  const [y00, y01, y10] = next as [number, number, number];
  tile[at] = words[y00 + 1]!;
  tile[at + 1] = words[y10 + 1]!;
  tile[at + 2] = words[y00 + 2]!;
  tile[at + 3] = words[y01 + 2]!;
  for (let entry = 0; entry < CALLS; entry++) {
    const event = next[entry]!;
    const to = at + OPERANDS.length + entry * ENTRY_EVENT_WORDS;
    tile[to] = words[event]!;
    tile[to + 1] = words[event + 3]!;
    tile[to + 2] = words[event + 4]!;
    words[event] = MOVED;
    next[entry] = event + BLOCK_EVENT_WORDS;
  }
}

function removeMoved(log: EventLog, begin: number): void {
  const { words, count } = log;
  let to = begin;
  for (let at = begin; at < count * BLOCK_EVENT_WORDS; at += BLOCK_EVENT_WORDS) {
    if (words[at] === MOVED) continue;
    words.copyWithin(to, at, at + BLOCK_EVENT_WORDS);
    to += BLOCK_EVENT_WORDS;
  }
  words.fill(0, to, count * BLOCK_EVENT_WORDS);
  log.count = to / BLOCK_EVENT_WORDS;
}
