/** Trace of `sum-air.ts`: the sum redone limb by limb. */
import { felt, inverse, mul, reduce, residue } from '../../stark/field/koala-bear.ts';
import { BF16_EXPONENT, BF16_SIGNIFICAND, SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { BLOCK, type TensorCore } from './semantics.ts';
import { LOW_BITS } from './state.ts';
import { ACC_LIFT_LIMB, kappaOf, LIFT_LIMB, numApart, numAttained, type SumCells, windowsBelow } from './sum-air.ts';

/** Offsets of the columns of a sum, from `partOf`. */
export type SumOffsets = { readonly [K in keyof SumCells]: number };

const LOW = 2 ** LOW_BITS;
const LIFT = LIFT_LIMB * 2 ** 16;
const ACC_LIFT = ACC_LIFT_LIMB * 2 ** 16;

/** Exponents of the products of the row in progress. */
const exponents = new Int32Array(BLOCK);

/**
 * Writes the sum of the products of elements a + k and b + k of the hints, k < core.products, and an accumulator with
 * its sign (a bit), 24-bit significand and exponent code; all of them finite.
 */
export function writeSum(
  cells: Uint32Array,
  row: number,
  at: SumOffsets,
  core: TensorCore,
  hints: Uint16Array,
  a: number,
  b: number,
  accNegative: number,
  accSignificand: number,
  accExponent: number,
): void {
  const count = core.products;
  let largest = Math.max(core.floor, accExponent);
  for (let k = 0; k < count; k++) {
    exponents[k] = BF16_EXPONENT[hints[a + k]!]! + BF16_EXPONENT[hints[b + k]!]!;
    if (exponents[k]! > largest) largest = exponents[k]!;
  }
  largest += kappaOf(core);
  cells[row + at.largest] = residue(largest);
  writeDistances(cells, row, at, core, largest, accExponent, true);

  const isSplit = count > 8;
  let liftedA = 0; // < 2^30
  let rest = 0; // < 2^31
  let numNegative = 0;
  for (let k = 0; k < count; k++) {
    const product = BF16_SIGNIFICAND[hints[a + k]!]! * BF16_SIGNIFICAND[hints[b + k]!]!;
    const isNegative = product < 0;
    const kept = align(cells, row + at.quotient + k, count, Math.abs(product), largest - exponents[k]!);
    const term = isNegative ? LIFT - kept : kept;
    if (isNegative) numNegative++;
    cells[row + at.isNegative + k] = isNegative ? 1 : 0;
    if (isSplit && k < 8) liftedA += term;
    else rest += term;
  }
  const accTerm =
    align(cells, row + at.highQuotient, 1, accSignificand >>> LOW_BITS, largest - accExponent) +
    align(cells, row + at.lowQuotient, 1, accSignificand % LOW, largest - accExponent + LOW_BITS);
  rest += accNegative === 1 ? ACC_LIFT - accTerm : accTerm;

  const sum = liftedA + rest - numNegative * LIFT - accNegative * ACC_LIFT;
  const magnitude = Math.abs(sum);
  const bottom = magnitude % 2 ** 16;
  const lowA = liftedA % 2 ** 16;
  if (isSplit) {
    cells[row + at.lowA] = lowA;
    cells[row + at.highA] = liftedA >>> 16;
  }
  cells[row + at.carry] = residue((lowA + rest - (sum < 0 ? -bottom : bottom)) / 2 ** 16);
  cells[row + at.isNegativeSum] = sum < 0 ? 1 : 0;
  cells[row + at.bottom] = bottom;
  writeResult(cells, row, at, sum, largest);
}

/** Writes a sum that is not active: what the operands still ask for, whatever they are. The other cells are zero. */
export function writeIdleSum(
  cells: Uint32Array,
  row: number,
  at: SumOffsets,
  core: TensorCore,
  hints: Uint16Array,
  a: number,
  b: number,
  accNegative: number,
  accSignificand: number,
  accExponent: number,
): void {
  for (let k = 0; k < core.products; k++) {
    const [x, y] = [hints[a + k]!, hints[b + k]!];
    exponents[k] = BF16_EXPONENT[x]! + BF16_EXPONENT[y]!;
    cells[row + at.quotient + k] = residue(BF16_SIGNIFICAND[x]! * BF16_SIGNIFICAND[y]!);
    cells[row + at.divisor + k] = 1;
  }
  cells[row + at.largest] = residue(exponents[0]!);
  cells[row + at.highQuotient] = accSignificand >>> LOW_BITS;
  cells[row + at.highDivisor] = 1;
  cells[row + at.lowQuotient] = accSignificand % LOW;
  cells[row + at.lowDivisor] = 1;
  cells[row + at.carry] = accNegative * ACC_LIFT_LIMB;
  writeDistances(cells, row, at, core, exponents[0]!, accExponent, false);
}

/** The running products of the distances, by `exponents`. */
function writeDistances(
  cells: Uint32Array,
  row: number,
  at: SumOffsets,
  core: TensorCore,
  largest: number,
  accExponent: number,
  active: boolean,
): void {
  const count = core.products;
  const kappa = active ? kappaOf(core) : 0;
  let attained = residue(largest - kappa - exponents[0]!);
  for (let k = 1; k <= 3 * numAttained(core); k++) {
    attained = mul(felt(attained), reduce(largest - kappa - exponents[k]!));
    if (k % 3 === 0) cells[row + at.attained + k / 3 - 1] = attained;
  }
  const size = numApart(core);
  if (size === 0) return;
  const below = windowsBelow(core);
  const distance = (k: number): number => {
    if (k < count) return largest - exponents[k]!;
    return k === count ? largest - accExponent : largest - below[k - count - 1]!;
  };
  let apart = reduce(distance(0));
  for (let k = 1; k <= count + below.length; k++) {
    apart = mul(apart, reduce(distance(k)));
    if (k % 3 === 0 && k <= 3 * size) cells[row + at.apart + k / 3 - 1] = apart;
  }
  if (active) cells[row + at.apartInverse] = inverse(apart);
}

/** Writes quotient, remainder, divisor, multiplier, each `distance` apart; returns the aligned term. */
function align(cells: Uint32Array, cell: number, distance: number, value: number, shift: number): number {
  const divisor = shift > 11 && shift < 27 ? 2 ** (shift - 11) : 1;
  const multiplier = shift <= 11 ? 2 ** (11 - shift) : shift < 27 ? 1 : 0;
  const quotient = Math.floor(value / divisor);
  cells[cell] = quotient;
  cells[cell + distance] = value % divisor;
  cells[cell + 2 * distance] = divisor;
  cells[cell + 3 * distance] = multiplier;
  return quotient * multiplier;
}

/** Normalises sum * 2^(largest - 25). */
function writeResult(cells: Uint32Array, row: number, at: SumOffsets, sum: number, largest: number): void {
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
