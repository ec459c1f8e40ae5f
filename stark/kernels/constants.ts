/**
 * The low page of the shared memory: constants that kernels load instead of spelling them, because a v128 literal is
 * rebuilt inside loops by newer V8. The host writes the page once (`memory.ts`). This file is
 * read by both compilers, so it holds number literals only. Addresses are bytes; each entry is one u32 unless said.
 */
export const ADDRESS_P = 1024;
/** p^-1 mod 2^32: the Montgomery factor. */
export const ADDRESS_MU = 1028;
/** 2^32 mod p, and floor((2^32 mod p) 2^32 / p): a Shoup pair. */
export const ADDRESS_R = 1032;
export const ADDRESS_R_SHOUP = 1036;
/** 2^64 mod p: multiplying by it with Montgomery reduction multiplies by 2^32. */
export const ADDRESS_R_SQUARED = 1040;
/** 2^31 - 1. */
export const ADDRESS_LOW_31 = 1044;
/** 16 bytes: the byte permutation that rotates four 32-bit lanes right by 16. */
export const ADDRESS_ROTATE_16 = 1056;
/** 16 bytes: the same by 8. */
export const ADDRESS_ROTATE_8 = 1072;
/** 8 words: the initial value of BLAKE3. */
export const ADDRESS_BLAKE3_IV = 1088;
/** 25 words: a primitive 2^k-th root of unity for k = 0..24, each the square of the next. */
export const ADDRESS_ROOTS = 1280;
/** 25 words: their inverses. */
export const ADDRESS_INVERSE_ROOTS = 1408;
/** 25 words: 3^(2^k) for k = 0..24; the coset shift of height 2^k is number 24 - k. */
export const ADDRESS_SHIFTS = 1536;
/** 8 words for each hash domain: its key, in the order of `stark/hash/domains.ts`. */
export const ADDRESS_HASH_KEYS = 1664;
/** The first byte the arena may give out. */
export const ADDRESS_ARENA = 4096;
