/*
 * A worked example of hint and verify: the prover knows the factors of a public number and shows nothing of them.
 *
 * Public input: n in words 0 (low) and 1 (high). Private hints: p in word 0, q in word 1. Public output: 1.
 * What the proof says: n = p q for some p, q with 1 < p < 2^32 and 1 < q < 2^32.
 */
#include "ulp.h"

int main(void) {
  uint32_t p = ulp_hint_word(0);
  uint32_t q = ulp_hint_word(4);
  ULP_ASSERT(p > 1, "the first factor is trivial");
  ULP_ASSERT(q > 1, "the second factor is trivial");
  uint64_t product = (uint64_t)p * q;
  ULP_ASSERT_EQ(product, ulp_public_word(0), "the product is another number (low word)");
  ULP_ASSERT_EQ(product >> 32, ulp_public_word(4), "the product is another number (high word)");
  ulp_output(0, 1);
  return 0;
}
