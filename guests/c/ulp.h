/*
 * Xulp for C: the instructions of Ulp outside standard RISC-V as inline functions.
 *
 * They are written by `.insn`, which every GNU and LLVM assembler for RISC-V has, so that stock GCC and Clang compile
 * them. Encodings: vm/isa/xulp.ts; a test holds them against that table. Compile by
 *   -march=rv32imf_zicsr -mabi=ilp32f -nostdlib -ffreestanding
 *
 * Hints are private and untrusted: the prover writes what it likes there. Compare every one, or what is computed from it,
 * by ULP_ASSERT_EQ or ULP_ASSERT, or hash it against a commitment.
 */
#ifndef ULP_H
#define ULP_H

#include <stdint.h>

/* The word of the private hint tape at this byte address, a multiple of 4. */
static inline uint32_t ulp_hint_word(uint32_t address) {
  uint32_t value;
  __asm__ volatile(".insn i 0x0b, 0, %0, 0(%1)" : "=r"(value) : "r"(address));
  return value;
}

/* The halfword of the private hint tape at this byte address, a multiple of 2. */
static inline uint32_t ulp_hint_half(uint32_t address) {
  uint32_t value;
  __asm__ volatile(".insn i 0x0b, 1, %0, 0(%1)" : "=r"(value) : "r"(address));
  return value;
}

/* The word of the public input at this byte address, a multiple of 4. */
static inline uint32_t ulp_public_word(uint32_t address) {
  uint32_t value;
  __asm__ volatile(".insn i 0x0b, 2, %0, 0(%1)" : "=r"(value) : "r"(address));
  return value;
}

/* Appends a word to the public output. Addresses are 0, 4, 8, ... in the order of the calls. */
static inline void ulp_output(uint32_t address, uint32_t value) {
  __asm__ volatile(".insn s 0x0b, 3, %0, 0(%1)" : : "r"(value), "r"(address) : "memory");
}

/*
 * Fails the run, which then has no proof, unless a == b. The message is a string literal; it is kept beside the program
 * and shown when the assertion fails. Its id is the address of its byte in the section .ulp.ids. Relaxation must be off:
 * GNU ld takes the small number for an address that x0 reaches, and would compare x0 instead of a.
 */
#define ULP_ASSERT_EQ(a, b, message)                        \
  __asm__ volatile(                                         \
      ".pushsection .ulp.ids, \"\", @progbits\n"            \
      "7701: .byte 0\n"                                     \
      ".popsection\n"                                       \
      ".option push\n"                                      \
      ".option norelax\n"                                   \
      ".insn s 0x0b, 4, %1, %%lo(7701b)(%0)\n"              \
      ".option pop\n"                                       \
      ".pushsection .ulp.asserts, \"\", @progbits\n"        \
      ".balign 4\n"                                         \
      ".word 1, 7701b, %c2\n"                               \
      ".ascii \"" message "\"\n"                            \
      ".balign 4\n"                                         \
      ".popsection"                                         \
      :                                                     \
      : "r"((uint32_t)(a)), "r"((uint32_t)(b)), "i"(sizeof(message) - 1))

/* As ULP_ASSERT_EQ, for a condition. */
#define ULP_ASSERT(condition, message) ULP_ASSERT_EQ((condition) != 0, 1, message)

/* The bit pattern of an FP32 number. */
static inline uint32_t ulp_bits(float value) {
  uint32_t bits;
  __asm__("fmv.x.w %0, %1" : "=r"(bits) : "f"(value));
  return bits;
}

/* The square root, rounded to nearest. GCC's own sqrtf wants a library for its errno. */
static inline float ulp_sqrt(float value) {
  float root;
  __asm__("fsqrt.s %0, %1" : "=f"(root) : "f"(value));
  return root;
}

/* A BF16 bit pattern. */
typedef uint16_t ulp_bf16;

/* Rounds to BF16, ties to even. */
static inline ulp_bf16 ulp_round_bf16(float value) {
  float boxed;
  uint32_t bits;
  __asm__(".insn r 0x53, 0, 0x22, %0, %1, x8" : "=f"(boxed) : "f"(value));
  __asm__("fmv.x.w %0, %1" : "=r"(bits) : "f"(boxed));
  return (ulp_bf16)bits;
}

/* Exact. */
static inline float ulp_float_of_bf16(ulp_bf16 value) {
  float result;
  __asm__("fmv.w.x %0, %1" : "=f"(result) : "r"((uint32_t)value << 16));
  return result;
}

/*
 * c plus the dot product of two rows of 16 * blocks BF16 on the hint tape, rounded as a Hopper tensor core does.
 * Addresses are multiples of 32.
 */
static inline float ulp_dot_hopper(float c, uint32_t a, uint32_t b, uint32_t blocks) {
  __asm__ volatile(".insn r4 0x2b, 0, 0, %0, %1, %2, %3" : "+f"(c) : "r"(a), "r"(b), "r"(blocks));
  return c;
}

/* A Poseidon2 digest: 9 field elements below 2^31 - 2^24 + 1. */
typedef struct {
  uint32_t word[9];
} ulp_digest;

/* Salted digest of `rows` rows of 3 hint blocks (96 bytes) from a hint address on. */
static inline void ulp_sponge(ulp_digest *digest, uint32_t hint_address, uint32_t rows) {
  __asm__ volatile(".insn r4 0x2b, 0, 1, x0, %0, %1, %2" : : "r"(digest), "r"(hint_address), "r"(rows) : "memory");
}

/* Replaces the digest of a leaf by the root of its tree. */
static inline void ulp_merkle(ulp_digest *digest, uint32_t leaf_index, uint32_t depth) {
  __asm__ volatile(".insn r4 0x2b, 1, 1, x0, %0, %1, %2" : : "r"(digest), "r"(leaf_index), "r"(depth) : "memory");
}

/* Ends the run. Returning from main does the same. */
static inline __attribute__((noreturn)) void ulp_exit(int code) {
  register int a0 __asm__("a0") = code;
  register int a7 __asm__("a7") = 93;
  __asm__ volatile("ecall" : : "r"(a0), "r"(a7));
  __builtin_unreachable();
}

#endif
