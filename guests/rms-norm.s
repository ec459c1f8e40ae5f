# The reciprocal root mean square of a row of FP32 words, 1 / sqrt(sum of squares / n + epsilon), as RMSNorm has it: squares
# are summed by a warp of 32 lanes (fp32.squares.warp), then division, addition and reciprocal square root are rounded once
# each.
#
# Public input: n (1 to 2^20 - 1), index of the row, depth of the tree, epsilon as FP32, nine words of the root. The hint
# tape holds the row from byte 0 on, padded to whole sponge rows of 96 bytes. Public output: the result as FP32.

    .equ PUB_COUNT, 0
    .equ PUB_INDEX, 4
    .equ PUB_DEPTH, 8
    .equ PUB_EPSILON, 12
    .equ PUB_ROOT, 16

    .include "lib/crt0.s"
    .include "lib/math.s"
    .include "lib/opening.s"

    .section .text
    .globl main
main:
    addi    sp, sp, -16
    sw      ra, 12(sp)
    sw      s0, 8(sp)

    # The row is the committed one: 2 n halfwords, 48 in a row of the sponge.
    ulp.pub.w s0, PUB_COUNT(zero)
    slli    a0, s0, 1
    call    ceil_div_48
    mv      a1, a0
    li      a0, 0
    ulp.pub.w a2, PUB_INDEX(zero)
    ulp.pub.w a3, PUB_DEPTH(zero)
    li      a4, PUB_ROOT
    call    open_leaf

    li      t0, 0                   # the row's byte address
    fp32.squares.warp.hint fa0, t0, s0
    fcvt.s.wu fa1, s0
    fdiv.s  fa0, fa0, fa1
    ulp.pub.w t0, PUB_EPSILON(zero)
    fmv.w.x fa1, t0
    fadd.s  fa0, fa0, fa1
    fp32.rsqrt fa0, fa0
    fmv.x.w t0, fa0
    ulp.out t0, 0(zero)

    li      a0, 0
    lw      s0, 8(sp)
    lw      ra, 12(sp)
    addi    sp, sp, 16
    ret
