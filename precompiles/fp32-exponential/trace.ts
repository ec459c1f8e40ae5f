import { residue } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { fp32ExponentialAir } from './air.ts';
import { EXPONENTIAL_EVENT_WORDS } from './bus.ts';
import { exponentialRow } from './row.ts';
import { FIRST_HEAD, FIRST_STEP, HEAD_LOGS, STEP_LOGS } from './tables.ts';

const at = fp32ExponentialAir.offsets;

/** One row per pair asked for. */
export const fp32ExponentialChip = eventChip({
  air: fp32ExponentialAir,
  eventWords: EXPONENTIAL_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const event = i * eventWords;
      writeRow(cells, i * stride, words[event]! | 0, words[event + 1]! | 0, words[event + 2]! | 0);
    }
  },
});

function writeRow(cells: Uint32Array, row: number, upper: number, middle: number, lower: number): void {
  const { head, step, w, powerCarry, carry, digit } = exponentialRow(upper, middle, lower);
  cells[row + at.isReal] = 1;
  cells[row + at.head] = head;
  cells[row + at.step] = residue(step);
  for (const [offset, logs, entry] of [
    [at.headLog, HEAD_LOGS, head - FIRST_HEAD],
    [at.stepLog, STEP_LOGS, step - FIRST_STEP],
  ] as const) {
    cells[row + offset] = residue(logs.upper[entry]!);
    cells[row + offset + 1] = logs.middle[entry]!;
    cells[row + offset + 2] = logs.lower[entry]!;
  }
  cells[row + at.powerCarry] = residue(powerCarry);
  cells[row + at.w0] = residue(w[0]!);
  cells[row + at.w1] = w[1]!;
  cells[row + at.w2] = w[2]!;
  cells[row + at.w3] = w[3]!;
  cells[row + at.square] = w[0]! * w[0]!;
  for (let k = 0; k < 5; k++) cells[row + at.carry + k] = residue(carry[k]!);
  for (let k = 0; k < 4; k++) cells[row + at.digit + k] = digit[k]!;
  cells[row + at.left] = digit[4]!;
}
