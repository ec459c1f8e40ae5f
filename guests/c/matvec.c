/*
 * A product of an integer matrix and a vector, y = A x: the matrix is private, vector and result are public.
 *
 * Public input: the number of rows, the number of columns, then x. Private hints: A by rows. Public output: y, modulo
 * 2^32. What the proof says: some matrix gives this y; commit to it (ulp_sponge) to say which.
 */
#include "ulp.h"

#define MAX_COLUMNS 64

static int32_t x[MAX_COLUMNS];

static uint32_t dot(uint32_t address, uint32_t columns) {
  uint32_t sum = 0;
  for (uint32_t i = 0; i < columns; i++) sum += ulp_hint_word(address + 4 * i) * (uint32_t)x[i];
  return sum;
}

int main(void) {
  uint32_t rows = ulp_public_word(0);
  uint32_t columns = ulp_public_word(4);
  ULP_ASSERT(columns <= MAX_COLUMNS, "too many columns");
  for (uint32_t i = 0; i < columns; i++) x[i] = (int32_t)ulp_public_word(8 + 4 * i);
  for (uint32_t row = 0; row < rows; row++) ulp_output(4 * row, dot(4 * row * columns, columns));
  return 0;
}
