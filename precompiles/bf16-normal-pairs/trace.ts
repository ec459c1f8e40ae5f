import { felt, inverse, mul, ONE, reduce } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { BF16_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { BLOCK } from '../bf16-dot/semantics.ts';
import { PAIRS_EVENT_WORDS } from '../bf16-pairs/bus.ts';
import { writePairs } from '../bf16-pairs/trace.ts';
import { bf16NormalPairsAir, NUM_PRODUCTS } from './air.ts';
import { LEAST_EXPONENT } from './bus.ts';

const at = bf16NormalPairsAir.offsets;

/** One row per two blocks whose products are asked for. */
export const bf16NormalPairsChip = eventChip({
  air: bf16NormalPairsAir,
  eventWords: PAIRS_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { hints }) {
    for (let i = 0; i < count; i++) {
      const [row, event] = [i * stride, i * eventWords];
      writePairs(cells, row, at, words, event, hints);
      let product = ONE;
      for (let k = 0; k < 2 * BLOCK; k++) {
        const element = k < BLOCK ? words[event]! * BLOCK + k : words[event + 1]! * BLOCK + k - BLOCK;
        product = mul(product, reduce(BF16_EXPONENT[hints[element]!]! - LEAST_EXPONENT));
        const cell = k / 3 - 1; // Factors 0 to 3, 4 to 6, ..: after k = 3, 6, ..
        if (Number.isInteger(cell) && cell >= 0 && cell < NUM_PRODUCTS) cells[row + at.product + cell] = product;
      }
      cells[row + at.inverse] = inverse(felt(product));
    }
  },
});
