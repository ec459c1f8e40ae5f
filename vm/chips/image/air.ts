/**
 * IMAGE table: every register and every word of the ELF file's data, from its initial to its final value.
 *
 * Assumes  the known columns are the statement's: distinct (space, address), limbs below 2^16; every image word is below
 *          the RAM base from which `memory` initialises.
 * Ensures  the chain of accesses of these addresses starts with the initial value at time 0 and ends somewhere.
 * Proof    one send and one receive per address. The final tuple needs no check of its own: the bus balances only if it
 *          is the last one sent. An untouched word ends as (initial value, time 0).
 * Padding  isReal = 0: multiplicity 0.
 */
import { defineAir, given, known } from '../../../stark/air/air.ts';
import { MEMORY_BUS } from '../../buses.ts';

const BY_BUS = 'the memory bus: what was last sent to the address';

export const imageAir = defineAir({
  name: 'image',
  columns: {
    isReal: known('1 on a row that has an address'),
    space: known('register space or RAM'),
    address: known('register or word address'),
    lo: known('initial low limb'),
    hi: known('initial high limb'),
    finalLo: given(BY_BUS, 'low limb at the end'),
    finalHi: given(BY_BUS, 'high limb at the end'),
    finalClk: given(BY_BUS, 'time of the last access, 0 if none'),
  },
  define({ local, send, receive }) {
    const { isReal, space, address, lo, hi, finalLo, finalHi, finalClk } = local;
    send('the word starts with its initial value', MEMORY_BUS, { given: [space, address, lo, hi, 0] }, isReal);
    receive(
      'the word ends with the value last written',
      MEMORY_BUS,
      { given: [space, address, finalLo, finalHi, finalClk] },
      isReal,
    );
  },
});
