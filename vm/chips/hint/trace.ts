import type { Provider } from '../../../stark/air/air.ts';
import { reduce } from '../../../stark/field/koala-bear.ts';
import { HINT_BUS, OPERAND_BUS } from '../../buses.ts';
import type { Chip } from '../../chip.ts';
import { BLOCK_HALVES } from '../../space.ts';
import { decodeBf16 } from '../bf16-decode/decode.ts';
import { hintAir } from './air.ts';

/** One row per block of the tape. */
export const hintChip: Chip & { readonly providers: readonly Provider[] } = {
  air: hintAir,
  providers: [
    { bus: HINT_BUS, multiplicities: ['hintReads'], positionOf: (tuple) => tuple[0] },
    { bus: OPERAND_BUS, multiplicities: ['operandReads'], positionOf: (tuple) => tuple[0] },
  ],
  rows: ({ hints }) => hints.length / BLOCK_HALVES,
  fill({ hints }, { cells, stride }) {
    const { isReal, block, h, sm, e } = hintAir.offsets;
    for (let b = 0; b < hints.length / BLOCK_HALVES; b++) {
      const row = b * stride;
      cells[row + isReal] = 1;
      cells[row + block] = b;
      for (let i = 0; i < BLOCK_HALVES; i++) {
        const pattern = hints[b * BLOCK_HALVES + i]!;
        cells[row + h + i] = pattern;
        cells[row + sm + i] = significands[pattern]!;
        cells[row + e + i] = exponents[pattern]!;
      }
    }
  },
};

/** All 2^16 decodings as residues. */
const significands = new Uint32Array(0x1_0000);
const exponents = new Uint32Array(0x1_0000);
for (let pattern = 0; pattern < 0x1_0000; pattern++) {
  const { significand, exponent } = decodeBf16(pattern);
  significands[pattern] = reduce(significand);
  exponents[pattern] = reduce(exponent);
}
