/**
 * Operations of the chunked vector interpreter (`assembly/interpreter.ts`), and the words of an instruction. An operand
 * is a slot: a run of one value per row of the chunk, canonical u32; an element of K is five consecutive slots. This
 * file is read by both compilers, so it holds number literals only.
 *
 * An instruction is 8 words: operation, destination, operands a, b, c, d, constant, length. Slots are byte offsets in
 * the scratch memory, the constant is a byte offset in the constant table, the length is in bytes.
 */
export const INSTRUCTION_WORDS = 8;
/** dst = a + b, elementwise over `length` bytes (one slot or five). */
export const OP_ADD = 0;
/** dst = a - b, elementwise over `length` bytes. */
export const OP_SUB = 1;
/** dst = a b 2^-32 in F_p. */
export const OP_MUL = 2;
/** dst = a + constant. */
export const OP_ADD_CONSTANT = 3;
/** dst = constant - a. */
export const OP_CONSTANT_SUB = 4;
/** dst = a w, elementwise over `length` bytes; the constant is the Shoup pair w, floor(w 2^32 / p). */
export const OP_SCALE = 5;
/** dst = a b 2^-32 in K. */
export const OP_EXT_MUL = 6;
/** dst = a b 2^-32, a in K, b in F_p. */
export const OP_EXT_MUL_BASE = 7;
/** dst = constant, five words, in every row. */
export const OP_EXT_FILL = 8;
/** dst += (a k0 + b k1 + c k2 + d k3) 2^-32, operands in F_p, dst and the four constants (five words each) in K. */
export const OP_EXT_DOT4 = 9;
/** The same with three, two and one operands. */
export const OP_EXT_DOT3 = 10;
export const OP_EXT_DOT2 = 11;
export const OP_EXT_DOT1 = 12;
/** dst = 2^64 / a in K, a != dst; b is five slots of scratch. Raises the flag of the job where a is zero. */
export const OP_EXT_INVERT = 13;
