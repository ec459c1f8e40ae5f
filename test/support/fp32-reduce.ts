/** What the tests of reductions share: services and sources as tables of which an oracle says what they hold. */

import { FP32_ADD_BUS } from '../../precompiles/fp32-add/bus.ts';
import { addFp32 } from '../../precompiles/fp32-add/semantics.ts';
import { FP32_FMA_BUS } from '../../precompiles/fp32-fma/bus.ts';
import { fmaFp32 } from '../../precompiles/fp32-fma/semantics.ts';
import { FP32_MAX_BUS } from '../../precompiles/fp32-max/bus.ts';
import { maxFp32 } from '../../precompiles/fp32-max/semantics.ts';
import { WORDS_BUS } from '../../precompiles/fp32-reduce/bus.ts';
import { BLOCK_WORDS } from '../../precompiles/fp32-reduce/constants.ts';
import type { Air } from '../../stark/air/air.ts';
import { HINT_BUS } from '../../vm/buses.ts';
import { FLAGS_BUS } from '../../vm/chips/csr/flags-table.ts';
import type { Tables } from './forgery.ts';
import { withService } from './fp32-forger.ts';
import { seeded } from './random.ts';

/** Word i of the tape and of RAM: numbers of like size, so that sums are inexact; zeros from ZEROS_AT on. */
export const ZEROS_AT = 128;
const random = seeded(7);
export const TAPE_WORDS = Uint32Array.from({ length: 256 }, (_, i) =>
  i < ZEROS_AT ? 0x3f80_0000 + random.below(2 ** 25) : 0,
);
/** Where the words of RAM begin: tape and RAM have the same at the same address. */
export const RAM_AT = 0;
export const wordAt = (isRam: boolean, address: number): number => TAPE_WORDS[isRam ? address - RAM_AT : address]!;

export const limbs = (word: number): [number, number] => [word & 0xffff, word >>> 16];
const word = (lo: number, hi: number): number => hi * 2 ** 16 + lo;
/** Whether the last three fields, lo, hi, flags, are those of the result. */
const gives = (tuple: readonly number[], result: number): boolean => {
  const [lo, hi, flags] = tuple.slice(-3) as [number, number, number];
  return result === flags * 2 ** 32 + word(lo, hi);
};
const isWords = (isRam: boolean, address: number, words: readonly number[]): boolean =>
  words.length % 2 === 0 &&
  Array.from({ length: words.length / 2 }, (_, i) => i).every(
    (i) => wordAt(isRam, address + i) === word(words[2 * i]!, words[2 * i + 1]!),
  );

/** What services, tape and RAM hold. RAM is read at `time`; words beyond the count say nothing. */
export const reductionTables = (time: number): Tables => ({
  [FP32_ADD_BUS.name]: (t) => gives(t, addFp32(t[0]!, t[1] === 1, word(t[2]!, t[3]!), word(t[4]!, t[5]!))),
  [FP32_FMA_BUS.name]: (t) =>
    gives(t, fmaFp32(t[0]!, t[1]! + 2 * t[2]!, word(t[3]!, t[4]!), word(t[5]!, t[6]!), word(t[7]!, t[8]!))),
  [FP32_MAX_BUS.name]: (t) => gives(t, maxFp32(t[0] === 1, word(t[1]!, t[2]!), word(t[3]!, t[4]!))),
  [FLAGS_BUS.name]: ([before, raised, after]) => before! < 32 && raised! < 32 && after === (before! | raised!),
  [HINT_BUS.name]: ([block, ...halves]) => isWords(false, block! * BLOCK_WORDS, halves),
  [WORDS_BUS.name]: ([now, address, count, ...words]) =>
    now === time && count! >= 1 && count! <= BLOCK_WORDS && isWords(true, address!, words.slice(0, 2 * count!)),
});

/** The air with services and sources as tables. */
export const withSources = (air: Air): Air =>
  [FP32_ADD_BUS, FP32_FMA_BUS, FP32_MAX_BUS, HINT_BUS, WORDS_BUS].reduce(withService, air);
