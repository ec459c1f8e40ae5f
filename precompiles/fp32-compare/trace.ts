import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { opOf } from '../../vm/isa/op.ts';
import { isNan } from '../fp32-add/semantics.ts';
import { writeNan } from '../fp32-decode/nan-trace.ts';
import { fp32Chip } from '../fp32-frame/trace.ts';
import { FLAG, flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32CompareAir } from './air.ts';
import { FP32_COMPARE_FAMILY } from './execute.ts';
import { areZeros, isBefore } from './semantics.ts';

const at = fp32CompareAir.offsets;
const SELECTORS = new Map([
  [opOf('feq.s'), at.isEqual],
  [opOf('flt.s'), at.isLess],
  [opOf('fle.s'), at.isLessEqual],
  [opOf('fmin.s'), at.isMin],
  [opOf('fmax.s'), at.isMax],
]);
const [MIN, MAX] = [opOf('fmin.s'), opOf('fmax.s')];
const bit = (condition: boolean): number => (condition ? 1 : 0);
const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));

/** One row per executed feq.s, flt.s, fle.s, fmin.s or fmax.s. */
export const fp32CompareChip = fp32Chip(
  fp32CompareAir,
  FP32_COMPARE_FAMILY,
  (cells, row, op, _mode, a, b, _c, result) => {
    const difference = (a - b) >>> 0;
    const [low, high] = [difference & 0xffff, difference >>> 16];
    const magnitudes = (a & 0xffff) + ((a >>> 16) & 0x7fff) + (b & 0xffff) + ((b >>> 16) & 0x7fff);
    // As the constraint has it, also for NaN: by sign, then by the unsigned words.
    const before = isBefore(a, b);
    const unordered = isNan(a) || isNan(b);
    const isChoice = op === MIN || op === MAX;
    const word = wordOf(result);
    cells[row + SELECTORS.get(op)!] = 1;
    writeNan(cells, row + at.aSign, a);
    writeNan(cells, row + at.bSign, b);
    cells[row + at.differenceLo] = low;
    cells[row + at.differenceHi] = high;
    cells[row + at.same] = bit(a === b);
    cells[row + at.sameInverse] = inverseOrZero(low + high);
    cells[row + at.zeros] = bit(areZeros(a, b));
    cells[row + at.zerosInverse] = inverseOrZero(magnitudes);
    cells[row + at.before] = bit(before);
    cells[row + at.unordered] = bit(unordered);
    cells[row + at.allNan] = bit(isNan(a) && isNan(b));
    cells[row + at.holds] = isChoice ? 0 : word;
    cells[row + at.takesA] = unordered ? bit(isNan(b)) : bit(op === MIN ? before : op === MAX && !before);
    cells[row + at.invalid] = bit(flagsOf(result) === FLAG.invalid);
    cells[row + at.outLo] = word & 0xffff;
    cells[row + at.outHi] = word >>> 16;
  },
);
