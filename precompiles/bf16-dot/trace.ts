/** Trace of `air.ts`: one row an event, the sum redone limb by limb. */
import { felt, inverse, P } from '../../stark/field/koala-bear.ts';
import type { Chip } from '../../vm/chip.ts';
import { BF16_EXPONENT, BF16_SIGNIFICAND, SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { bf16DotAir } from './air.ts';
import { BLOCK, EXPONENT_FLOOR } from './semantics.ts';
import { BF16_DOT_CHIP, BLOCK_EVENT_WORDS, LOW_BITS } from './state.ts';

const LOW = 2 ** LOW_BITS;
const LIFT = 2033 * 2 ** 16;
const ACC_LIFT = 2 ** 26;
const at = bf16DotAir.offsets;

/** One row per block of finite operands. */
export const bf16DotChip: Chip & { readonly eventWords: number } = {
  air: bf16DotAir,
  eventWords: BLOCK_EVENT_WORDS,
  rows: (execution) => execution.logs.get(BF16_DOT_CHIP)?.count ?? 0,
  fill({ logs, hints }, { cells, stride }) {
    const log = logs.get(BF16_DOT_CHIP);
    for (let i = 0; i < (log?.count ?? 0); i++) writeRow(cells, i * stride, log!.words, i * BLOCK_EVENT_WORDS, hints);
  },
};

/** A signed integer above -p as a residue. */
const residue = (value: number): number => (value < 0 ? value + P : value);

/** Exponents of the 16 products of the row in progress. */
const exponents = new Int32Array(BLOCK);

function writeRow(cells: Uint32Array, row: number, words: Uint32Array, event: number, hints: Uint16Array): void {
  const [a, b] = [words[event + 1]!, words[event + 2]!];
  const accNegative = words[event + 3]! >>> 31;
  const accSignificand = words[event + 3]! & 0xff_ffff;
  const accExponent = words[event + 4]! | 0;
  cells[row + at.isReal] = 1;
  cells[row + at.clk] = words[event]!;
  cells[row + at.a] = a;
  cells[row + at.b] = b;
  cells[row + at.accNegative] = accNegative;
  cells[row + at.accHigh] = accSignificand >>> LOW_BITS;
  cells[row + at.accLow] = accSignificand % LOW;
  cells[row + at.accExponent] = residue(accExponent);

  let largest = Math.max(EXPONENT_FLOOR, accExponent);
  for (let k = 0; k < BLOCK; k++) {
    const [x, y] = [hints[a * BLOCK + k]!, hints[b * BLOCK + k]!];
    cells[row + at.aSignificand + k] = residue(BF16_SIGNIFICAND[x]!);
    cells[row + at.aExponent + k] = residue(BF16_EXPONENT[x]!);
    cells[row + at.bSignificand + k] = residue(BF16_SIGNIFICAND[y]!);
    cells[row + at.bExponent + k] = residue(BF16_EXPONENT[y]!);
    exponents[k] = BF16_EXPONENT[x]! + BF16_EXPONENT[y]!;
    if (exponents[k]! > largest) largest = exponents[k]!;
  }
  cells[row + at.largest] = residue(largest);
  let attained = largest - exponents[0]!;
  for (let k = 1; k < BLOCK; k++) {
    attained = (attained * (largest - exponents[k]!)) % P; // < 2^31 * 2^11
    if (k % 3 === 0) cells[row + at.attained + k / 3 - 1] = attained;
  }

  let liftedA = 0; // < 2^30
  let rest = 0; // < 2^31
  let numNegative = 0;
  for (let k = 0; k < BLOCK; k++) {
    const product = BF16_SIGNIFICAND[hints[a * BLOCK + k]!]! * BF16_SIGNIFICAND[hints[b * BLOCK + k]!]!;
    const isNegative = product < 0;
    const kept = align(cells, row, k, 16, at.quotient, Math.abs(product), largest - exponents[k]!);
    const term = isNegative ? LIFT - kept : kept;
    if (isNegative) numNegative++;
    cells[row + at.isNegative + k] = isNegative ? 1 : 0;
    if (k < 8) liftedA += term;
    else rest += term;
  }
  const accTerm =
    align(cells, row, 0, 1, at.highQuotient, accSignificand >>> LOW_BITS, largest - accExponent) +
    align(cells, row, 0, 1, at.lowQuotient, accSignificand % LOW, largest - accExponent + LOW_BITS);
  rest += accNegative === 1 ? ACC_LIFT - accTerm : accTerm;

  const sum = liftedA + rest - numNegative * LIFT - accNegative * ACC_LIFT;
  const magnitude = Math.abs(sum);
  const bottom = magnitude % 2 ** 16;
  const lowA = liftedA % 2 ** 16;
  cells[row + at.lowA] = lowA;
  cells[row + at.highA] = liftedA >>> 16;
  cells[row + at.carry] = residue((lowA + rest - (sum < 0 ? -bottom : bottom)) / 2 ** 16);
  cells[row + at.isNegativeSum] = sum < 0 ? 1 : 0;
  cells[row + at.bottom] = bottom;
  writeResult(cells, row, sum, largest);
}

/** Writes quotient, remainder, divisor, multiplier, each `distance` apart; returns the aligned term. */
function align(
  cells: Uint32Array,
  row: number,
  lane: number,
  distance: number,
  offset: number,
  value: number,
  shift: number,
): number {
  const divisor = shift > 11 && shift < 27 ? 2 ** (shift - 11) : 1;
  const multiplier = shift <= 11 ? 2 ** (11 - shift) : shift < 27 ? 1 : 0;
  const quotient = Math.floor(value / divisor);
  const cell = row + offset + lane;
  cells[cell] = quotient;
  cells[cell + distance] = value % divisor;
  cells[cell + 2 * distance] = divisor;
  cells[cell + 3 * distance] = multiplier;
  return quotient * multiplier;
}

/** Normalises sum * 2^(largest - 25). */
function writeResult(cells: Uint32Array, row: number, sum: number, largest: number): void {
  const magnitude = Math.abs(sum);
  const bottom = magnitude % 2 ** 16;
  const leadingZeros = Math.clz32(magnitude);
  const exponent = largest + 6 - leadingZeros;
  const isNormal = sum !== 0 && exponent >= -126;
  const shift = sum === 0 ? 0 : isNormal ? leadingZeros : largest + 132; // largest + 6 - shift = -126
  const halving = shift < 0 ? 1 : 0;
  const limbShift = shift >= 16 ? 1 : 0;
  const zeros = shift + halving - 16 * limbShift;
  const power = 2 ** zeros;
  const top = limbShift === 1 ? bottom : Math.floor(magnitude / 2 ** 16);
  const shiftedBottom = limbShift === 1 ? 0 : bottom * power;
  const moved = Math.floor(shiftedBottom / 2 ** 16);

  const step = 1 + halving;
  const upper = top * power + moved;
  const high = Math.floor(upper / (2 * step));
  const spill = upper % (2 * step);
  const lower = spill * 2 ** 16 + (shiftedBottom % 2 ** 16);
  const low = Math.floor(lower / (2 ** 8 * step));
  const isSubnormal = sum !== 0 && !isNormal && high + low > 0;
  cells[row + at.top] = top;
  cells[row + at.limbShift] = limbShift;
  cells[row + at.zeros] = zeros;
  cells[row + at.power] = power;
  cells[row + at.moved] = moved;
  cells[row + at.stayed] = (shiftedBottom % 2 ** 16) / power;
  cells[row + at.halving] = halving;
  cells[row + at.spill] = spill;
  cells[row + at.dropped] = lower % (2 ** 8 * step);
  cells[row + at.high] = high;
  cells[row + at.low] = low;
  cells[row + at.normal] = isNormal ? 1 : 0;
  cells[row + at.subnormal] = isSubnormal ? 1 : 0;
  cells[row + at.tiny] = sum !== 0 && !isNormal && !isSubnormal ? 1 : 0;
  cells[row + at.inverse] = isSubnormal ? inverse(felt(high * LOW + low)) : 0;
  cells[row + at.negative] = sum < 0 && (isNormal || isSubnormal) ? 1 : 0;
  const code = isNormal ? (exponent > 127 ? SPECIAL_EXPONENT : exponent) : isSubnormal ? -126 : ZERO_EXPONENT;
  cells[row + at.exponent] = residue(code);
}
