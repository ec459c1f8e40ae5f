import { eventChip } from '../../vm/chip.ts';
import { DIGEST_FELTS } from '../poseidon2/constants.ts';
import { merkleAir } from './air.ts';
import { compressInto } from './semantics.ts';

const NODE_AT = 3;
const SIBLING_AT = NODE_AT + DIGEST_FELTS;
/** Event: id, remaining, index, node (9), sibling (9). */
export const MERKLE_EVENT_WORDS = SIBLING_AT + DIGEST_FELTS;

/** One row per level of a path. */
export const merkleChip = eventChip({
  air: merkleAir,
  eventWords: MERKLE_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const { isReal, id, remaining, isRight, parentIndex, node, left, right, parentInitial } = merkleAir.offsets;
    const parent = new Uint32Array(DIGEST_FELTS);
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const index = words[event + 2]!;
      const side = index & 1;
      cells[row + isReal] = 1;
      cells[row + id] = words[event]!;
      cells[row + remaining] = words[event + 1]!;
      cells[row + isRight] = side;
      cells[row + parentIndex] = index >>> 1;
      for (let k = 0; k < DIGEST_FELTS; k++) {
        const [own, sibling] = [words[event + NODE_AT + k]!, words[event + SIBLING_AT + k]!];
        cells[row + node + k] = own;
        cells[row + left + k] = side === 0 ? own : sibling;
        cells[row + right + k] = side === 0 ? sibling : own;
      }
      compressInto(parent, 0, cells, row + left, cells, row + right, cells, row + parentInitial);
    }
  },
});
