/** What a reduction leaves for the chips of its rows. Addresses count words. */
import type { Machine } from '../../vm/executor/machine.ts';
import { flagsOf, withFlags, wordOf } from '../fp32-round/semantics.ts';
import { BLOCK_WORDS, FOLDS, LANES, laneOfLeaf, RAM_TIME, SHAPES } from './constants.ts';
import type { Fold } from './fold/steps.ts';
import { RECORD_STEP, recordFoldRow } from './fold/trace.ts';
import { recordNodes } from './node/trace.ts';
import { STEPS } from './semantics.ts';
import { recordTreeRow, TREE_KIND } from './tree/trace.ts';
import { recordWords } from './words/trace.ts';

/** The words of a call: `count` from `address` on. Hint blocks are taken whole. */
export interface Place {
  readonly isRam: boolean;
  readonly address: number;
  readonly count: number;
}

/** What the call has to know: the result with its flags, and where its rows ended. */
export interface Recorded {
  readonly result: number;
  readonly end: number;
  readonly numRows: number;
  readonly level: number;
}

/** Appends the rows of a fold. `acc`: one accumulator, or those of the lanes, which are left folded. */
function recordFold(
  machine: Machine,
  of: Fold,
  { isRam, address, count }: Place,
  acc: Uint32Array,
): { flags: number; end: number } {
  const { lanes, width } = SHAPES[of.shape];
  let [flags, at] = [0, address];
  for (let remaining = count; remaining > 0; remaining -= Math.min(width, remaining), at += width) {
    const words = rowWords(machine, isRam, at, width, remaining);
    recordFoldRow(machine, of, { isRam, address: at, remaining, flags }, acc, words);
    for (let k = 0; k < Math.min(width, remaining); k++) {
      const lane = k % lanes;
      RECORD_STEP[of.fold](machine, acc[lane]!, words[k]!);
      const result = STEPS[of.fold](acc[lane]!, words[k]!);
      acc[lane] = wordOf(result);
      flags |= flagsOf(result);
    }
  }
  return { flags, end: at };
}

/** A fold that starts with the word `start`. */
export function recordSequential(machine: Machine, fold: Fold['fold'], place: Place, start: number): Recorded {
  const acc = Uint32Array.of(start);
  const { flags, end } = recordFold(machine, { fold, shape: 'sequential' }, place, acc);
  return { result: withFlags(acc[0]!, flags), end, numRows: 0, level: 0 };
}

/** 32 lanes and their butterfly. */
export function recordWarp(machine: Machine, fold: 'sum' | 'squares', place: Place): Recorded {
  const acc = new Uint32Array(LANES);
  const { flags, end } = recordFold(machine, { fold, shape: 'warp' }, place, acc);
  const row = {
    kind: TREE_KIND.warp,
    address: end,
    remaining: 0,
    index: 0,
    fold: FOLDS[fold],
    lanesInRam: place.isRam,
    flags,
  };
  const leaves = acc.map((_, leaf) => acc[laneOfLeaf(leaf)]!);
  return { result: recordTreeRow(machine, row, leaves), end: 0, numRows: 0, level: 0 };
}

/** Trees of 32 words, or of their squares, and the nodes above them. */
export function recordPairwise(machine: Machine, areSquares: boolean, { isRam, address, count }: Place): Recorded {
  const nodes: number[] = [];
  let at = address;
  for (let remaining = count; remaining > 0; remaining -= Math.min(LANES, remaining), at += LANES) {
    const row = { address: at, remaining, index: nodes.length, fold: 0, lanesInRam: false, flags: 0 };
    if (areSquares) {
      const squares = new Uint32Array(LANES);
      const place = { isRam, address: at, count: Math.min(LANES, remaining) };
      const { flags } = recordFold(machine, { fold: 'squares', shape: 'warp' }, place, squares);
      const kind = isRam ? TREE_KIND.ramSquares : TREE_KIND.hintSquares;
      nodes.push(recordTreeRow(machine, { ...row, kind, flags }, squares));
    } else {
      const kind = isRam ? TREE_KIND.ram : TREE_KIND.hint;
      nodes.push(recordTreeRow(machine, { ...row, kind }, rowWords(machine, isRam, at, LANES, remaining)));
    }
  }
  if (count === 0) return { result: 0, end: at, numRows: 0, level: 0 };
  const { root, level } = recordNodes(machine, nodes);
  return { result: root, end: at, numRows: nodes.length, level };
}

/**
 * The words of a row of `width`, of which up to `remaining` are asked for: hint blocks whole, words of RAM with the events
 * of their reading, and 0 for those that are not read.
 */
function rowWords(machine: Machine, isRam: boolean, address: number, width: number, remaining: number): Uint32Array {
  const words = new Uint32Array(width);
  const wanted = Math.min(width, remaining);
  if (isRam) {
    for (let first = 0; first < wanted; first += BLOCK_WORDS) {
      recordWords(machine, machine.clk + RAM_TIME, address + first, Math.min(BLOCK_WORDS, wanted - first));
    }
    for (let k = 0; k < wanted; k++) words[k] = machine.ram.read(address + k);
    return words;
  }
  const taken = Math.ceil(wanted / BLOCK_WORDS) * BLOCK_WORDS;
  for (let k = 0; k < taken; k++) words[k] = hintWordAt(machine.hints, address + k);
  return words;
}

/** Word of the hint tape by its number. */
export const hintWordAt = (hints: Uint16Array, word: number): number =>
  (hints[2 * word]! | (hints[2 * word + 1]! << 16)) >>> 0;
