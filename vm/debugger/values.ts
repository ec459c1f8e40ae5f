/** A 32-bit word as an author reads it: hex, integers, FP32, BF16. */

/** 0x and 8 digits. */
export const hexWord = (word: number): string => hexOf(word, 4);

/** 0x and two digits a byte. */
export const hexOf = (value: number, bytes: number): string =>
  `0x${(value >>> 0).toString(16).padStart(2 * bytes, '0')}`;

const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);

/** The shortest decimal that is this binary32 and no other; NaNs that are not canonical with their bits. */
export function fp32Text(word: number): string {
  bits[0] = word;
  const value = single[0]!;
  if (Number.isNaN(value)) return bits[0] === 0x7fc0_0000 ? 'nan' : `nan(${hexWord(word)})`;
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0';
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return `${Number(text)}`;
  }
  return `${Number(value.toPrecision(9))}`; // 9 significant digits tell all binary32 numbers apart
}

/** A BF16 is the high half of the binary32 of the same value. */
export const bf16Text = (half: number): string =>
  (half & 0x7fff) > 0x7f80 && (half & 0xffff) !== 0x7fc0 ? `nan(${hexOf(half & 0xffff, 2)})` : fp32Text(half << 16);

/** Whether an f register holds a 16-bit value as the standard boxes it: all ones above. */
export const isBoxed = (word: number): boolean => word >>> 16 === 0xffff;

/** An f register: the FP32, then the BF16 if it is boxed. */
export const floatText = (word: number): string =>
  isBoxed(word) ? `bf16 ${bf16Text(word & 0xffff)}` : `fp32 ${fp32Text(word)}`;

export const bytesText = (bytes: number): string => `${bytes} byte${bytes === 1 ? '' : 's'}`;
