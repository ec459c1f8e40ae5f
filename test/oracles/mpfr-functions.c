/*
 * exp, exp2, log, rsqrt and tanh of binary32 words by MPFR, correctly rounded to nearest even, for comparison with
 * precompiles/fp32-<function>/semantics.ts. Results are words of 4 bytes, little-endian, in the order of the operands.
 *
 *   cc -O2 -o mpfr-functions mpfr-functions.c -lmpfr -lgmp
 *   mpfr-functions exp 0 4096 1048576      operands 0, 4096, ... modulo 2^32: first, stride, count
 *   mpfr-functions exp < operands          operands from standard input, 4 bytes each
 *
 * NaN is 0x7fc00000. 1/sqrt(-0) is -infinity as in IEEE 754-2019, 9.2 (MPFR has +infinity).
 */
#include <mpfr.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int (*Function)(mpfr_t, mpfr_srcptr, mpfr_rnd_t);
static const struct {
  const char *name;
  Function apply;
} FUNCTIONS[] = {
    {"exp", mpfr_exp}, {"exp2", mpfr_exp2}, {"log", mpfr_log}, {"rsqrt", mpfr_rec_sqrt}, {"tanh", mpfr_tanh}};

static uint32_t evaluate(Function apply, mpfr_t x, mpfr_t y, uint32_t word) {
  if (apply == mpfr_rec_sqrt && word == 0x80000000u) return 0xff800000u;
  float value;
  memcpy(&value, &word, 4);
  mpfr_set_flt(x, value, MPFR_RNDN);
  int ternary = apply(y, x, MPFR_RNDN);
  mpfr_subnormalize(y, ternary, MPFR_RNDN);
  if (mpfr_nan_p(y)) return 0x7fc00000u;
  value = mpfr_get_flt(y, MPFR_RNDN);
  memcpy(&word, &value, 4);
  return word;
}

int main(int count, char **arguments) {
  unsigned index = 0;
  while (index < 5 && (count < 2 || strcmp(arguments[1], FUNCTIONS[index].name) != 0)) index++;
  if (index == 5 || (count != 2 && count != 5)) {
    fprintf(stderr, "usage: mpfr-functions exp|exp2|log|rsqrt|tanh [FIRST STRIDE COUNT]\n");
    return 2;
  }
  Function apply = FUNCTIONS[index].apply;
  mpfr_t x, y;
  mpfr_init2(x, 24);
  mpfr_init2(y, 24);
  /* Of binary32 with subnormal numbers: 0.1b 2^-148 is the least, below 2^128 the largest. */
  mpfr_set_emin(-148);
  mpfr_set_emax(128);
  uint32_t word;
  if (count == 2) {
    while (fread(&word, 4, 1, stdin) == 1) {
      word = evaluate(apply, x, y, word);
      fwrite(&word, 4, 1, stdout);
    }
  } else {
    uint32_t operand = (uint32_t)strtoul(arguments[2], NULL, 0);
    uint32_t stride = (uint32_t)strtoul(arguments[3], NULL, 0);
    for (uint64_t left = strtoull(arguments[4], NULL, 0); left > 0; left--, operand += stride) {
      word = evaluate(apply, x, y, operand);
      fwrite(&word, 4, 1, stdout);
    }
  }
  return fflush(stdout) == 0 ? 0 : 1;
}
