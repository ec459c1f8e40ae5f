import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { fp32Chip } from '../fp32-frame/trace.ts';
import { FLAG, flagsOf, increments, overflowsToInfinity } from '../fp32-round/semantics.ts';
import { bf16RoundAir } from './air.ts';
import { BF16_ROUND_FAMILY } from './execute.ts';

const at = bf16RoundAir.offsets;
const bit = (condition: boolean): number => (condition ? 1 : 0);
const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));

/** One row per executed fcvt.bf16.s. */
export const bf16RoundChip = fp32Chip(
  bf16RoundAir,
  BF16_ROUND_FAMILY,
  (cells, row, _op, mode, word, _b, _c, result) => {
    const biased = (word >>> 23) & 0xff;
    const [special, fraction, negative] = [biased === 255, word & 0x7f_ffff, word >>> 31 === 1];
    const upper = (fraction >>> 16) + (biased === 0 ? 0 : 0x80);
    const isNan = special && fraction !== 0;
    const [odd, guard, second] = [(upper & 1) === 1, (word & 0x8000) !== 0, (word & 0x4000) !== 0];
    const dropped = word & 0x3fff;
    const increment = bit(increments(mode, negative, odd, guard, second || dropped !== 0));
    const room = 0x7f80 - 0x80 * (Math.max(biased, 1) - 1) - upper - increment;
    const toNormal = upper + increment - 0x80;
    cells[row + at.sign] = bit(negative);
    cells[row + at.biased] = Math.max(biased, 1);
    cells[row + at.upper] = upper;
    cells[row + at.special] = bit(special);
    cells[row + at.isNan] = bit(isNan);
    cells[row + at.nanInverse] = isNan ? inverseOrZero(fraction) : 0;
    cells[row + at.hidden] = upper >>> 7;
    cells[row + at.quiet] = (upper >>> 6) & 1;
    cells[row + at.middle] = (upper >>> 1) & 0x1f;
    cells[row + at.odd] = bit(odd);
    cells[row + at.guard] = bit(guard);
    cells[row + at.second] = bit(second);
    cells[row + at.dropped] = dropped;
    cells[row + at.further] = bit(dropped !== 0);
    cells[row + at.furtherInverse] = inverseOrZero(dropped);
    cells[row + at.increment] = increment;
    cells[row + at.inexact] = bit(guard || second || dropped !== 0);
    cells[row + at.carries] = bit(guard && increments(mode, negative, guard, second, dropped !== 0));
    cells[row + at.infinite] = bit(overflowsToInfinity(mode, negative));
    cells[row + at.out] = result & 0xffff;
    cells[row + at.overflow] = bit(!special && room === 0);
    cells[row + at.roomInverse] = special ? 0 : inverseOrZero(room);
    cells[row + at.becameNormal] = bit(biased === 0 && toNormal === 0);
    cells[row + at.becameInverse] = biased === 0 ? inverseOrZero(toNormal) : 0;
    cells[row + at.underflow] = bit((flagsOf(result) & FLAG.underflow) !== 0);
    cells[row + at.flags] = flagsOf(result);
  },
);
