import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { fp32Chip } from '../fp32-frame/trace.ts';
import { flagsOf } from '../fp32-round/semantics.ts';
import { bf16RoundStochasticAir } from './air.ts';
import { BF16_ROUND_STOCHASTIC_FAMILY } from './execute.ts';

const at = bf16RoundStochasticAir.offsets;
const bit = (condition: boolean): number => (condition ? 1 : 0);
const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));

/** One row per executed bf16.round.stochastic. */
export const bf16RoundStochasticChip = fp32Chip(
  bf16RoundStochasticAir,
  BF16_ROUND_STOCHASTIC_FAMILY,
  (cells, row, _op, _mode, word, register, _c, result) => {
    const biased = (word >>> 23) & 0xff;
    const [special, fraction, dropped] = [biased === 255, word & 0x7f_ffff, word & 0xffff];
    const upper = (fraction >>> 16) + (biased === 0 ? 0 : 0x80);
    const sum = dropped + (register & 0xffff);
    const room = 0x7f80 - ((word >>> 16) & 0x7fff) - (sum >>> 16);
    const isNan = special && fraction !== 0;
    cells[row + at.sign] = word >>> 31;
    cells[row + at.biased] = Math.max(biased, 1);
    cells[row + at.upper] = upper;
    cells[row + at.special] = bit(special);
    cells[row + at.isNan] = bit(isNan);
    cells[row + at.nanInverse] = isNan ? inverseOrZero(fraction) : 0;
    cells[row + at.hidden] = upper >>> 7;
    cells[row + at.quiet] = (upper >>> 6) & 1;
    cells[row + at.payload] = upper & 0x3f;
    cells[row + at.carry] = sum >>> 16;
    cells[row + at.remainder] = sum & 0xffff;
    cells[row + at.inexact] = bit(dropped !== 0);
    cells[row + at.droppedInverse] = inverseOrZero(dropped);
    cells[row + at.out] = result & 0xffff;
    cells[row + at.overflow] = bit(!special && room === 0);
    cells[row + at.roomInverse] = special ? 0 : inverseOrZero(room);
    cells[row + at.flags] = flagsOf(result);
  },
);
