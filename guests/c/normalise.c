/*
 * Floating point in C: a vector divided by its length, in FP32 and rounded to BF16.
 *
 * Public input: n in word 0, then n signed integers. Public output: for each the FP32 pattern of x_i / |x| and, in the next
 * word, its BF16 pattern. Every operation is the IEEE one: one rounding each, ties to even.
 */
#include "ulp.h"

int main(void) {
  uint32_t n = ulp_public_word(0);
  float squares = 0.0f;
  for (uint32_t i = 0; i < n; i++) {
    float x = (float)(int32_t)ulp_public_word(4 + 4 * i);
    squares += x * x;
  }
  float length = ulp_sqrt(squares);
  ULP_ASSERT(length > 0.0f, "the vector is zero");
  for (uint32_t i = 0; i < n; i++) {
    float unit = (float)(int32_t)ulp_public_word(4 + 4 * i) / length;
    ulp_output(8 * i, ulp_bits(unit));
    ulp_output(8 * i + 4, ulp_round_bf16(unit));
  }
  return 0;
}
