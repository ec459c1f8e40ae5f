/** ulp.hint.w and ulp.hint.hu: a word or zero-extended halfword of the tape. Xulp. `index` counts halfwords. */
export const hintWord = (hints: Uint16Array, index: number): number =>
  (hints[index]! | (hints[index + 1]! << 16)) >>> 0;
export const hintHalf = (hints: Uint16Array, index: number): number => hints[index]!;
