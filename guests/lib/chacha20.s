# ChaCha20 block function, RFC 8439 section 2.3.

# One quarter round on four registers; t0 is scratch.
.macro ROTL reg, n
    slli    t0, \reg, \n
    srli    \reg, \reg, 32 - \n
    or      \reg, \reg, t0
.endm

.macro QUARTER_ROUND a, b, c, d
    add     \a, \a, \b
    xor     \d, \d, \a
    ROTL    \d, 16
    add     \c, \c, \d
    xor     \b, \b, \c
    ROTL    \b, 12
    add     \a, \a, \b
    xor     \d, \d, \a
    ROTL    \d, 8
    add     \c, \c, \d
    xor     \b, \b, \c
    ROTL    \b, 7
.endm

# chacha20_block(a0: the 16 words of the initial state, a1: 16 words of key stream, written)
# The state is constants (4), key (8), counter (1), nonce (3).
    .section .text
    .globl chacha20_block
chacha20_block:
    addi    sp, sp, -48
    sw      s0, 0(sp)
    sw      s1, 4(sp)
    sw      s2, 8(sp)
    sw      s3, 12(sp)
    sw      s4, 16(sp)
    sw      s5, 20(sp)
    sw      s6, 24(sp)
    sw      s7, 28(sp)
    sw      s8, 32(sp)
    sw      s9, 36(sp)
    sw      s10, 40(sp)
    sw      s11, 44(sp)

    lw      s0, 0(a0)
    lw      s1, 4(a0)
    lw      s2, 8(a0)
    lw      s3, 12(a0)
    lw      s4, 16(a0)
    lw      s5, 20(a0)
    lw      s6, 24(a0)
    lw      s7, 28(a0)
    lw      s8, 32(a0)
    lw      s9, 36(a0)
    lw      s10, 40(a0)
    lw      s11, 44(a0)
    lw      a4, 48(a0)
    lw      a5, 52(a0)
    lw      a6, 56(a0)
    lw      a7, 60(a0)

    li      t1, 10
1:  QUARTER_ROUND s0, s4, s8, a4
    QUARTER_ROUND s1, s5, s9, a5
    QUARTER_ROUND s2, s6, s10, a6
    QUARTER_ROUND s3, s7, s11, a7
    QUARTER_ROUND s0, s5, s10, a7
    QUARTER_ROUND s1, s6, s11, a4
    QUARTER_ROUND s2, s7, s8, a5
    QUARTER_ROUND s3, s4, s9, a6
    addi    t1, t1, -1
    bnez    t1, 1b

.macro FINISH reg, i
    lw      t0, 4 * \i (a0)
    add     \reg, \reg, t0
    sw      \reg, 4 * \i (a1)
.endm
    FINISH  s0, 0
    FINISH  s1, 1
    FINISH  s2, 2
    FINISH  s3, 3
    FINISH  s4, 4
    FINISH  s5, 5
    FINISH  s6, 6
    FINISH  s7, 7
    FINISH  s8, 8
    FINISH  s9, 9
    FINISH  s10, 10
    FINISH  s11, 11
    FINISH  a4, 12
    FINISH  a5, 13
    FINISH  a6, 14
    FINISH  a7, 15

    lw      s0, 0(sp)
    lw      s1, 4(sp)
    lw      s2, 8(sp)
    lw      s3, 12(sp)
    lw      s4, 16(sp)
    lw      s5, 20(sp)
    lw      s6, 24(sp)
    lw      s7, 28(sp)
    lw      s8, 32(sp)
    lw      s9, 36(sp)
    lw      s10, 40(sp)
    lw      s11, 44(sp)
    addi    sp, sp, 48
    ret
