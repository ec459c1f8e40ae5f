/* Reductions of binary32 in the host's own arithmetic, for the tests of precompiles/fp32-reduce.
 * Each line of the input: reduction, accumulator, words, all but the first in hexadecimal. Each line of the output: the
 * result, NaN as 7fc00000, and the flags as RISC-V numbers them. The orders are written as kernels and textbooks have
 * them: a warp with all of its lanes, a pairwise sum by recursion at the largest power of two below n.
 * cc -O1 -ffp-contract=off -frounding-math -o fp32-reduce fp32-reduce.c -lm
 */
#include <fenv.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#pragma STDC FENV_ACCESS ON

static float from(uint32_t word) {
  float x;
  memcpy(&x, &word, 4);
  return x;
}

static uint32_t to(float x) {
  uint32_t word;
  if (isnan(x)) return 0x7fc00000u;
  memcpy(&word, &x, 4);
  return word;
}

static float pairwise(const float *x, size_t n) {
  if (n == 0) return 0;
  if (n == 1) return x[0];
  size_t half = 1;
  while (2 * half < n) half *= 2;
  volatile float left = pairwise(x, half), right = pairwise(x + half, n - half);
  return left + right;
}

static float warp(const float *x, size_t n, int squares) {
  float val[32], other[32];
  for (int lane = 0; lane < 32; lane++) {
    volatile float sum = 0.0f;
    for (size_t i = lane; i < n; i += 32) sum = squares ? fmaf(x[i], x[i], sum) : sum + x[i];
    val[lane] = sum;
  }
  for (int offset = 16; offset > 0; offset /= 2) {
    /* Flags are those of lane 0: other lanes add what does not reach it. */
    for (int lane = 0; lane < 32; lane++) other[lane] = val[lane ^ offset];
    for (int lane = 0; lane < 32; lane++) {
      fexcept_t before;
      fegetexceptflag(&before, FE_ALL_EXCEPT);
      volatile float sum = val[lane] + other[lane];
      val[lane] = sum;
      if (lane >= offset) fesetexceptflag(&before, FE_ALL_EXCEPT);
    }
  }
  return val[0];
}

int main(void) {
  static char name[64];
  static float x[1 << 17];
  static uint32_t words[1 << 17];
  unsigned acc_word;
  while (scanf("%63s %x", name, &acc_word) == 2) {
    size_t n = 0;
    unsigned word;
    while (scanf("%x", &word) == 1) words[n++] = word;
    if (scanf("%*[;]") == EOF && n == 0) break;
    memcpy(x, words, 4 * n);
    volatile float acc = from(acc_word);
    feclearexcept(FE_ALL_EXCEPT);
    if (!strcmp(name, "sum.sequential")) for (size_t i = 0; i < n; i++) acc = acc + x[i];
    else if (!strcmp(name, "squares.sequential")) for (size_t i = 0; i < n; i++) acc = fmaf(x[i], x[i], acc);
    else if (!strcmp(name, "sum.warp")) acc = warp(x, n, 0);
    else if (!strcmp(name, "squares.warp")) acc = warp(x, n, 1);
    else if (!strcmp(name, "sum.pairwise")) acc = pairwise(x, n);
    else if (!strcmp(name, "squares.pairwise")) {
      for (size_t i = 0; i < n; i++) {
        volatile float square = x[i] * x[i];
        x[i] = square;
      }
      acc = pairwise(x, n);
    }
    else return 1;
    int e = fetestexcept(FE_ALL_EXCEPT);
    int flags = (e & FE_INEXACT ? 1 : 0) | (e & FE_UNDERFLOW ? 2 : 0) | (e & FE_OVERFLOW ? 4 : 0) |
                (e & FE_DIVBYZERO ? 8 : 0) | (e & FE_INVALID ? 16 : 0);
    uint32_t result = n == 0 && strstr(name, "sequential") ? acc_word : to(acc);
    printf("%08x %x\n", result, flags);
  }
  return 0;
}
