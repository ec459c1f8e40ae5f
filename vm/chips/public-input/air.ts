/**
 * PUBLIC-INPUT table: the words of the public input by index, and how often each was read.
 *
 * Assumes  the known columns are the statement's public input: index 0, 1, 2, ..., limbs below 2^16.
 * Ensures  whatever is sent on the public-input bus is a word of the public input with its index.
 * Proof    every receive is a row of known columns with isReal = 1. Multiplicities are free: a false one only
 *          unbalances the bus.
 * Padding  isReal = 0: nothing is provided. Without that, word 0 could be read as 0.
 */
import { defineAir, given, known } from '../../../stark/air/air.ts';
import { PUBLIC_INPUT_BUS } from '../../buses.ts';

export const publicInputAir = defineAir({
  name: 'public-input',
  columns: {
    isReal: known('1 where there is a word'),
    index: known('index of the word'),
    lo: known('low limb of the word'),
    hi: known('high limb of the word'),
    multiplicity: given('free: the bus balances only for the true count', 'times the word was read'),
  },
  define({ local, assertZero, receive }) {
    const { isReal, index, lo, hi, multiplicity } = local;
    assertZero('only words of the input are read', multiplicity.times(isReal.not()));
    receive('the word was read', PUBLIC_INPUT_BUS, { given: [index, lo, hi] }, multiplicity);
  },
});
