/*
 * Search for the inputs of exp, exp2, log and tanh whose value lies nearest to a rounding boundary of binary32: the
 * midpoints of neighbouring numbers, also between subnormals. Every input is evaluated with the C library in double
 * precision (error below 4 units in the last place, 2^-50 relative), those within 2^-46 of a boundary again with MPFR at
 * 240 bits. The search is exhaustive over the 2^32 inputs; inputs whose value is decided by a bound are passed over.
 *
 *   cc -O2 -o hard-cases hard-cases.c -lmpfr -lgmp -lm && ./hard-cases exp > exp.txt
 *
 * A line: input (hex), log2 of the distance relative to the value's binade, log2 of the distance itself.
 */
#include <math.h>
#include <mpfr.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { EXP, EXP2, LOG, TANH };
static const char *const NAMES[] = {"exp", "exp2", "log", "tanh"};

static float word_to_float(uint32_t word) {
  float x;
  memcpy(&x, &word, 4);
  return x;
}

static double approximate(int function, double x) {
  switch (function) {
  case EXP: return exp(x);
  case EXP2: return exp2(x);
  case LOG: return log(x);
  default: return tanh(x);
  }
}

static void evaluate(int function, mpfr_t y, mpfr_t x) {
  switch (function) {
  case EXP: mpfr_exp(y, x, MPFR_RNDN); break;
  case EXP2: mpfr_exp2(y, x, MPFR_RNDN); break;
  case LOG: mpfr_log(y, x, MPFR_RNDN); break;
  default: mpfr_tanh(y, x, MPFR_RNDN);
  }
}

/* Inputs left out: NaN, infinities, and values decided by a bound (1 + x with |x| < 2^-26, x for tanh below 2^-13, ...). */
static int is_decided(int function, double x) {
  double a = fabs(x);
  switch (function) {
  case EXP: return a < 0x1p-26 || x > 89 || x < -104;
  case EXP2: return a < 0x1p-26 || x > 128 || x < -150 || x == floor(x);
  case LOG: return !(x > 0) || x == 1;
  default: return a < 0x1p-13 || a > 10 || x < 0;
  }
}

int main(int count, char **arguments) {
  int function = 0;
  while (count != 2 || strcmp(arguments[1], NAMES[function]))
    if (count != 2 || ++function == 4) return fprintf(stderr, "usage: hard-cases exp|exp2|log|tanh\n"), 2;
  mpfr_t x, y, boundary;
  mpfr_inits2(240, x, y, boundary, (mpfr_ptr)0);
  for (uint64_t word = 0; word < (1ULL << 32); word++) {
    float input = word_to_float((uint32_t)word);
    if (!isfinite(input) || is_decided(function, input)) continue;
    double value = fabs(approximate(function, input));
    int exponent = ilogb(value);
    int scale = 24 - (exponent < -126 ? -126 : exponent);
    /* In half units in the last place: the boundaries are the odd integers. */
    double scaled = ldexp(value, scale);
    double distance = fabs(scaled - (2 * floor(scaled / 2) + 1));
    int isNearOne = function == LOG && fabs((double)input - 1) < 0x1p-12;
    if (distance > 0x1p-22 && !isNearOne) continue;
    mpfr_set_flt(x, input, MPFR_RNDN);
    evaluate(function, y, x);
    mpfr_abs(y, y, MPFR_RNDN);
    mpfr_set_d(boundary, ldexp(2 * floor(scaled / 2) + 1, -scale), MPFR_RNDN);
    mpfr_sub(boundary, boundary, y, MPFR_RNDN);
    double absolute = log2(fabs(mpfr_get_d(boundary, MPFR_RNDN)));
    printf("%08x %.3f %.3f\n", (uint32_t)word, absolute - exponent, absolute);
  }
  return 0;
}
