# A BF16 linear layer, Y = X W^T (+ bias), checked at k sampled entries.
#
# Public input: protocol/statement.ts (shape, roots, k, seed). For each sample the hint tape holds, back to back, the
# row of X, the row of W, the 48 entries of Y around the sampled one, and with a bias 48 entries of it, each padded to
# whole sponge rows of 96 bytes. The guest derives (row, column) from the seed itself, opens all of them against the
# roots, recomputes the entry in the declared accumulation order and compares bits.
#
# Every value taken from the tape is opened against a root before the run ends; the padding that enters the dot product
# is asserted to be +0.

    .equ MAGIC, 0x4c504c55          # "ULPL"
    .equ VERSION, 1
    .equ MODEL_HOPPER, 0            # funct3 of the dot product
    .equ MODEL_AMPERE, 1
    .equ MODEL_BLACKWELL, 2
    .equ MODEL_FMA, 4
    .equ PUB_MAGIC, 0
    .equ PUB_VERSION, 4
    .equ PUB_MODEL, 8
    .equ PUB_FLAGS, 12
    .equ PUB_ROWS, 16
    .equ PUB_COLUMNS, 20
    .equ PUB_INNER, 24
    .equ PUB_SAMPLES, 28
    .equ PUB_ROOT_X, 32
    .equ PUB_ROOT_W, 68
    .equ PUB_ROOT_Y, 104
    .equ PUB_ROOT_BIAS, 140
    .equ PUB_SEED, 176
    .equ SPONGE_ROW_BYTES, 96       # 3 blocks of 16 BF16

    .include "lib/crt0.s"
    .include "lib/math.s"
    .include "lib/chacha20.s"
    .include "lib/random.s"
    .include "lib/opening.s"

# Asserts that public word \address is in [1, \limit] and leaves it in \reg.
.macro READ_BOUNDED reg, address, limit, message
    ulp.pub.w \reg, \address (zero)
    li      t1, \limit
    addi    t0, \reg, -1            # 0 becomes 2^32 - 1
    sltu    t0, t0, t1
    li      t1, 1
    ulp.assert.eq t0, t1, "\message"
.endm

    .section .bss
    .balign 4
depth_x:        .space 4
depth_w:        .space 4
depth_y:        .space 4
depth_bias:     .space 4
has_bias:       .space 4

    .section .text
    .globl main
# s0 rows   s1 columns   s2 inner   s3 samples left   s4 sponge rows of a row   s5 dot blocks
# s6 leaves per row of Y   s7 tape position   s8 row   s9 column / 48   s10 column mod 48 (bytes)   s11 column
main:
    addi    sp, sp, -16
    sw      ra, 0(sp)

    ulp.pub.w t0, PUB_MAGIC(zero)
    li      t1, MAGIC
    ulp.assert.eq t0, t1, "the public input is not a linear layer statement"
    ulp.pub.w t0, PUB_VERSION(zero)
    li      t1, VERSION
    ulp.assert.eq t0, t1, "unknown version of the statement"
    ulp.pub.w t0, PUB_MODEL(zero)
    li      t1, MODEL_FMA
    beq     t0, t1, known_model
    sltiu   t0, t0, MODEL_BLACKWELL + 1
    li      t1, 1
    ulp.assert.eq t0, t1, "unknown accumulation model"
known_model:
    ulp.pub.w t0, PUB_FLAGS(zero)
    andi    t1, t0, 1
    ulp.assert.eq t0, t1, "unknown flags"
    la      t1, has_bias
    sw      t0, 0(t1)
    READ_BOUNDED s0, PUB_ROWS, 1 << 24, "rows out of range"
    READ_BOUNDED s1, PUB_COLUMNS, 1 << 24, "columns out of range"
    READ_BOUNDED s2, PUB_INNER, 1 << 20, "inner dimension out of range"
    READ_BOUNDED s3, PUB_SAMPLES, 1 << 20, "number of samples out of range"

    mv      a0, s2
    call    ceil_div_48
    mv      s4, a0
    addi    s5, s2, 15
    srli    s5, s5, 4
    mv      a0, s1
    call    ceil_div_48
    mv      s6, a0

    # Leaves of Y: at most 2^30, so that indexes and depths stay in range.
    mulhu   t0, s0, s6
    ulp.assert.eq t0, zero, "too many leaves of Y"
    mul     a0, s0, s6
    li      t1, 1 << 30
    sltu    t0, t1, a0
    ulp.assert.eq t0, zero, "too many leaves of Y"
    call    ceil_log2
    la      t0, depth_y
    sw      a0, 0(t0)
    mv      a0, s0
    call    ceil_log2
    la      t0, depth_x
    sw      a0, 0(t0)
    mv      a0, s1
    call    ceil_log2
    la      t0, depth_w
    sw      a0, 0(t0)
    mv      a0, s6
    call    ceil_log2
    la      t0, depth_bias
    sw      a0, 0(t0)

    li      a0, PUB_SEED
    call    random_seed
    li      s7, 0

next_sample:
    mv      a0, s0
    call    random_below
    mv      s8, a0
    mv      a0, s1
    call    random_below
    mv      s11, a0
    li      t0, 0xaaaaaaab          # column / 48
    mulhu   s9, a0, t0
    srli    s9, s9, 5
    li      t0, 48
    mul     t0, s9, t0
    sub     s10, s11, t0
    slli    s10, s10, 1

    li      t0, SPONGE_ROW_BYTES
    mul     t4, s4, t0              # bytes of a padded row

    # The row of X and its padding.
    mv      a0, s7
    mv      a1, s4
    mv      a2, s8
    la      t0, depth_x
    lw      a3, 0(t0)
    li      a4, PUB_ROOT_X
    call    open_leaf
    # The row of W.
    add     a0, s7, t4
    mv      a1, s4
    mv      a2, s11
    la      t0, depth_w
    lw      a3, 0(t0)
    li      a4, PUB_ROOT_W
    call    open_leaf
    add     t5, s7, t4              # t5: the row of W
    add     t6, t5, t4              # t6: the leaf of Y

    # Elements K .. 16 ceil(K / 16) - 1 of both rows are +0.
    slli    t0, s5, 4
    mv      t1, s2
1:  beq     t1, t0, 2f
    slli    t2, t1, 1
    add     t3, s7, t2
    ulp.hint.hu t3, 0(t3)
    ulp.assert.eq t3, zero, "padding of a row of X is not +0"
    add     t3, t5, t2
    ulp.hint.hu t3, 0(t3)
    ulp.assert.eq t3, zero, "padding of a row of W is not +0"
    addi    t1, t1, 1
    j       1b
2:
    fmv.w.x fa0, zero
    ulp.pub.w t0, PUB_MODEL(zero)
    li      t1, MODEL_AMPERE
    beq     t0, t1, 4f
    li      t1, MODEL_BLACKWELL
    beq     t0, t1, 5f
    li      t1, MODEL_FMA
    beq     t0, t1, 6f
    bf16.dot.hopper fa0, s7, t5, s5
    j       7f
4:  bf16.dot.ampere fa0, s7, t5, s5
    j       7f
5:  bf16.dot.blackwell fa0, s7, t5, s5
    j       7f
6:  bf16.dot.fma fa0, s7, t5, s5
7:

    # The leaf of Y that holds the entry.
    mv      a0, t6
    li      a1, 1
    mul     a2, s8, s6
    add     a2, a2, s9
    la      t0, depth_y
    lw      a3, 0(t0)
    li      a4, PUB_ROOT_Y
    call    open_leaf
    add     t0, t6, s10
    ulp.hint.hu s8, 0(t0)           # the committed entry; the row index is no longer needed
    addi    s7, t6, SPONGE_ROW_BYTES

    la      t0, has_bias
    lw      t0, 0(t0)
    beqz    t0, 3f
    mv      a0, s7
    li      a1, 1
    mv      a2, s9
    la      t0, depth_bias
    lw      a3, 0(t0)
    li      a4, PUB_ROOT_BIAS
    call    open_leaf
    add     t0, s7, s10
    ulp.hint.hu t0, 0(t0)
    slli    t0, t0, 16              # BF16 to FP32 is exact
    fmv.w.x fa1, t0
    fadd.s  fa0, fa0, fa1, rne
    addi    s7, s7, SPONGE_ROW_BYTES
3:
    fcvt.bf16.s fa0, fa0, rne
    fmv.x.w t0, fa0
    slli    t0, t0, 16              # drop the NaN box
    srli    t0, t0, 16
    ulp.assert.eq t0, s8, "a sampled entry of Y is not the declared product"

    addi    s3, s3, -1
    bnez    s3, next_sample

    # Public output: the number of entries checked.
    ulp.pub.w t0, PUB_SAMPLES(zero)
    ulp.out t0, 0(zero)
    lw      ra, 0(sp)
    addi    sp, sp, 16
    li      a0, 0
    ret
