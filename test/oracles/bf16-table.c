/*
 * The tables of `precompiles/bf16-table` by GNU MPFR: 65,536 little-endian words, the FP32 nearest to the function at
 * each BF16, ties to even.
 *
 *   gcc -O2 -o bf16-table bf16-table.c -lmpfr -lgmp && ./bf16-table silu | sha256sum
 *
 * Every function is evaluated at 2,000 bits and rounded once: nothing is closer to a tie than 2^-1000 unless it is one.
 * Zero, infinities and NaN are those of the head of `precompiles/bf16-table/functions.ts`.
 */
#include <math.h>
#include <mpfr.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define BITS 2000
static mpfr_t x, y, t, u, v, pi;
static const mpfr_rnd_t N = MPFR_RNDN;

/* y = 1 / (1 + e^-a) */
static void sigmoid(mpfr_t r, mpfr_t a) {
  mpfr_neg(r, a, N);
  mpfr_exp(r, r, N);
  mpfr_add_ui(r, r, 1, N);
  mpfr_ui_div(r, 1, r, N);
}
/* r = (1 + erf(a / sqrt 2)) / 2 = erfc(-a / sqrt 2) / 2 */
static void normal(mpfr_t r, mpfr_t a) {
  mpfr_sqrt_ui(r, 2, N);
  mpfr_div(r, a, r, N);
  mpfr_neg(r, r, N);
  mpfr_erfc(r, r, N);
  mpfr_div_2ui(r, r, 1, N);
}
/* u = 2 sqrt(2 / pi) (x + 0.044715 x^3), v = its derivative */
static void inner(void) {
  mpfr_t c, k;
  mpfr_inits2(BITS, c, k, (mpfr_ptr)0);
  mpfr_set_ui(c, 44715, N);
  mpfr_div_ui(c, c, 1000000, N);
  mpfr_ui_div(k, 2, pi, N);
  mpfr_sqrt(k, k, N);
  mpfr_mul_2ui(k, k, 1, N);
  mpfr_sqr(v, x, N);
  mpfr_mul(v, v, c, N);
  mpfr_add_ui(u, v, 1, N);
  mpfr_mul(u, u, x, N);
  mpfr_mul(u, u, k, N);
  mpfr_mul_ui(v, v, 3, N);
  mpfr_add_ui(v, v, 1, N);
  mpfr_mul(v, v, k, N);
  mpfr_clears(c, k, (mpfr_ptr)0);
}
static void silu(void) { sigmoid(y, x); mpfr_mul(y, y, x, N); }
/* s + x s (1 - s) d, where s = sigmoid of t and d its derivative v; 1 - s = sigmoid(-t) */
static void product_rule(void) {
  sigmoid(y, t);
  mpfr_neg(t, t, N);
  sigmoid(t, t);
  mpfr_mul(t, t, y, N);
  mpfr_mul(t, t, x, N);
  mpfr_mul(t, t, v, N);
  mpfr_add(y, y, t, N);
}
static void silu_grad(void) { mpfr_set(t, x, N); mpfr_set_ui(v, 1, N); product_rule(); }
static void gelu_tanh(void) { inner(); sigmoid(y, u); mpfr_mul(y, y, x, N); }
static void gelu_tanh_grad(void) { inner(); mpfr_set(t, u, N); product_rule(); }
static void gelu_erf(void) { normal(y, x); mpfr_mul(y, y, x, N); }
static void gelu_erf_grad(void) {
  normal(y, x);
  mpfr_sqr(t, x, N);
  mpfr_div_2ui(t, t, 1, N);
  mpfr_neg(t, t, N);
  mpfr_exp(t, t, N);
  mpfr_mul_2ui(u, pi, 1, N);
  mpfr_sqrt(u, u, N);
  mpfr_div(t, t, u, N);
  mpfr_mul(t, t, x, N);
  mpfr_add(y, y, t, N);
}
static void exp2_of(void) { mpfr_exp2(y, x, N); }

/* Functions with their words at -inf and +inf. */
static const struct { const char *name; void (*at)(void); uint32_t low, high; } FUNCTIONS[] = {
    {"gelu-tanh", gelu_tanh, 0x80000000, 0x7f800000}, {"gelu-erf", gelu_erf, 0x80000000, 0x7f800000},
    {"silu", silu, 0x80000000, 0x7f800000},           {"gelu-tanh-grad", gelu_tanh_grad, 0x80000000, 0x3f800000},
    {"gelu-erf-grad", gelu_erf_grad, 0x80000000, 0x3f800000}, {"silu-grad", silu_grad, 0x80000000, 0x3f800000},
    {"exp2", exp2_of, 0, 0x7f800000},
};

/* y to FP32, once: the multiple of the ulp at its exponent, 2^-149 at least, that is nearest, ties to even. */
static uint32_t to_fp32(void) {
  uint32_t sign = mpfr_signbit(y) ? 0x80000000u : 0;
  if (mpfr_zero_p(y)) return sign;
  mpfr_abs(y, y, N);
  long e = (long)mpfr_get_exp(y) - 1; /* 2^e <= y < 2^(e+1) */
  if (e > 128) return sign | 0x7f800000;
  long ulp = (e < -126 ? -126 : e) - 23;
  mpfr_mul_2si(y, y, -ulp, N);
  mpfr_rint(y, y, N); /* to nearest, ties to even */
  unsigned long m = mpfr_get_ui(y, N);
  if (m == 1ul << 24) { m >>= 1; ulp++; }
  if (ulp + 23 > 127) return sign | 0x7f800000;
  if (m < 1ul << 23) return sign | (uint32_t)m;
  return sign | (uint32_t)((ulp + 23 + 127) << 23) | (uint32_t)(m - (1ul << 23));
}

int main(int argc, char **argv) {
  size_t f, count = sizeof FUNCTIONS / sizeof *FUNCTIONS;
  for (f = 0; f < count && (argc < 2 || strcmp(argv[1], FUNCTIONS[f].name)); f++);
  if (f == count) return 1;
  mpfr_set_emin(-1L << 40);
  mpfr_set_emax(1L << 40);
  mpfr_inits2(BITS, x, y, t, u, v, pi, (mpfr_ptr)0);
  mpfr_const_pi(pi, N);
  for (uint32_t pattern = 0; pattern < 65536; pattern++) {
    uint32_t bits = pattern << 16, word, magnitude = pattern & 0x7fff;
    float value;
    memcpy(&value, &bits, 4);
    if (magnitude > 0x7f80) word = 0x7fc00000;
    else if (magnitude == 0x7f80) word = pattern >> 15 ? FUNCTIONS[f].low : FUNCTIONS[f].high;
    else {
      mpfr_set_flt(x, value, N);
      /* Far out the limit is exact to thousands of bits, and e^-(x^2) has no exponent. */
      if (fabsf(value) > 1e3f) {
        int grad = strstr(FUNCTIONS[f].name, "grad") != 0;
        if (value < 0) word = FUNCTIONS[f].low;
        else if (grad || f == 6) word = FUNCTIONS[f].high;
        else word = bits;
      } else { FUNCTIONS[f].at(); word = to_fp32(); }
    }
    fwrite(&word, 4, 1, stdout);
  }
  return 0;
}
