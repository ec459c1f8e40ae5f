# A BF16 linear layer, Y = X W^T (+ bias), checked at k samples: entries, or aligned squares of 2 x 2 or 4 x 4 entries.
#
# Public input: protocol/statement.ts (shape, roots, k, side of a tile, seed). For each sample the hint tape holds, back to
# back, the rows of X, the rows of W, for each row the 48 entries of Y around the tile, and with a bias 48 entries of it,
# each padded to whole sponge rows of 96 bytes. The guest derives (row, column) from the seed itself, opens all of them
# against the roots, recomputes the entries in the declared accumulation order and compares bits.
#
# Every value taken from the tape is opened against a root before the run ends; the padding that enters the dot product
# is asserted to be +0.

    .equ MAGIC, 0x4c504c55          # "ULPL"
    .equ VERSION, 1
    .equ FLAGS_END, 6               # bit 0: a bias; bits 1, 2: log2 of the side of a tile, 0 to 2
    .equ MODEL_HOPPER, 0            # funct3 of the dot product
    .equ MODEL_AMPERE, 1
    .equ MODEL_BLACKWELL, 2
    .equ MODEL_AMX, 3
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
row_bytes:      .space 4            # of a padded row
# Of the tile in progress, on the tape: its rows of X and of W, its first entry of Y and of the bias.
tile_x:         .space 4
tile_w:         .space 4
tile_y:         .space 4
tile_bias:      .space 4

    .section .text
    .globl main
# s0 rows   s1 columns   s2 inner   s3 samples left   s4 sponge rows of a row   s5 dot blocks
# s6 leaves per row of Y   s7 tape position   s8 first row of the tile   s9 entry of the tile, or column / 48
# s10 side of a tile   s11 first column of the tile
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
    sltiu   t0, t0, MODEL_FMA + 1
    li      t1, 1
    ulp.assert.eq t0, t1, "unknown accumulation model"
    ulp.pub.w t0, PUB_FLAGS(zero)
    sltiu   t1, t0, FLAGS_END
    li      t2, 1
    ulp.assert.eq t1, t2, "unknown flags"
    andi    t1, t0, 1
    la      t2, has_bias
    sw      t1, 0(t2)
    srli    t0, t0, 1
    li      s10, 1
    sll     s10, s10, t0
    READ_BOUNDED s0, PUB_ROWS, 1 << 24, "rows out of range"
    READ_BOUNDED s1, PUB_COLUMNS, 1 << 24, "columns out of range"
    READ_BOUNDED s2, PUB_INNER, 1 << 20, "inner dimension out of range"
    READ_BOUNDED s3, PUB_SAMPLES, 1 << 20, "number of samples out of range"

    mv      a0, s2
    call    ceil_div_48
    mv      s4, a0
    li      t0, SPONGE_ROW_BYTES
    mul     t0, s4, t0
    la      t1, row_bytes
    sw      t0, 0(t1)
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
    neg     t0, s10
    and     s8, a0, t0
    mv      a0, s1
    call    random_below
    neg     t0, s10
    and     s11, a0, t0

    la      t0, tile_x
    sw      s7, 0(t0)
    mv      a0, s8
    mv      a1, s0
    la      t0, depth_x
    lw      a2, 0(t0)
    li      a3, PUB_ROOT_X
    call    open_rows
    la      t0, tile_w
    sw      s7, 0(t0)
    mv      a0, s11
    mv      a1, s1
    la      t0, depth_w
    lw      a2, 0(t0)
    li      a3, PUB_ROOT_W
    call    open_rows

    # The leaves of Y with the columns of the tile, and that of the bias.
    li      t0, 0xaaaaaaab          # column / 48
    mulhu   s9, s11, t0
    srli    s9, s9, 5
    li      t0, 48
    mul     t0, s9, t0
    sub     t0, s11, t0
    slli    t4, t0, 1               # t4: bytes before the first column in its leaf
    add     t0, s7, t4
    la      t1, tile_y
    sw      t0, 0(t1)
    li      t5, 0                   # t5: row of the tile
1:  add     t0, s8, t5
    bltu    t0, s0, 2f
    addi    t0, s0, -1
2:  mul     t0, t0, s6
    add     a2, t0, s9
    mv      a0, s7
    li      a1, 1
    la      t0, depth_y
    lw      a3, 0(t0)
    li      a4, PUB_ROOT_Y
    call    open_leaf
    addi    s7, s7, SPONGE_ROW_BYTES
    addi    t5, t5, 1
    bne     t5, s10, 1b

    la      t0, has_bias
    lw      t0, 0(t0)
    beqz    t0, 3f
    add     t0, s7, t4
    la      t1, tile_bias
    sw      t0, 0(t1)
    mv      a0, s7
    li      a1, 1
    mv      a2, s9
    la      t0, depth_bias
    lw      a3, 0(t0)
    li      a4, PUB_ROOT_BIAS
    call    open_leaf
    addi    s7, s7, SPONGE_ROW_BYTES
3:
    li      s9, 0
next_entry:
    call    check_entry
    addi    s9, s9, 1
    mul     t0, s10, s10
    bne     s9, t0, next_entry

    addi    s3, s3, -1
    bnez    s3, next_sample

    # Public output: the number of samples.
    ulp.pub.w t0, PUB_SAMPLES(zero)
    ulp.out t0, 0(zero)
    lw      ra, 0(sp)
    addi    sp, sp, 16
    li      a0, 0
    ret

# open_rows(a0: index of the first row, a1: rows of the matrix, a2: tree depth, a3: address of the root): opens as many
# rows as a tile has, the last one of the matrix in the place of one beyond it, at s7 on the tape, and moves s7 past them.
# Asserts that elements K .. 16 ceil(K / 16) - 1 are +0.
open_rows:
    mv      t6, ra
    mv      a5, a0                  # a5: index
    addi    a6, a1, -1              # a6: the last one
    mv      a7, s10                 # a7: rows left
    mv      t4, a2
    mv      t5, a3
1:  mv      a0, s7
    mv      a1, s4
    mv      a2, a5
    bleu    a5, a6, 2f
    mv      a2, a6
2:  mv      a3, t4
    mv      a4, t5
    call    open_leaf
    slli    t0, s5, 4
    mv      t1, s2
3:  beq     t1, t0, 4f
    slli    t2, t1, 1
    add     t2, s7, t2
    ulp.hint.hu t2, 0(t2)
    ulp.assert.eq t2, zero, "padding of a row is not +0"
    addi    t1, t1, 1
    j       3b
4:  la      t0, row_bytes
    lw      t0, 0(t0)
    add     s7, s7, t0
    addi    a5, a5, 1
    addi    a7, a7, -1
    bnez    a7, 1b
    jr      t6

# check_entry(s9: number of an entry of the tile): asserts that it is the declared product. Entries are counted square by
# square: bits 1 and 3 of the number are the row, bits 0 and 2 the column. Four calls of a square have two rows each of X
# and W, which the prover may sum together. Beyond the edge the tape has the last row again, and the entry is its own.
check_entry:
    srli    t0, s9, 1
    srli    t1, s9, 2
    andi    t2, t0, 1
    andi    t1, t1, 2
    or      t2, t2, t1              # t2: row
    andi    t3, s9, 1
    andi    t0, t0, 2
    or      t3, t3, t0              # t3: column
    la      t0, row_bytes
    lw      t0, 0(t0)
    mul     t1, t2, t0
    la      a0, tile_x
    lw      a0, 0(a0)
    add     a0, a0, t1              # a0: the row of X
    mul     t1, t3, t0
    la      a1, tile_w
    lw      a1, 0(a1)
    add     a1, a1, t1              # a1: the row of W

    fmv.w.x fa0, zero
    ulp.pub.w t0, PUB_MODEL(zero)
    li      t1, MODEL_AMPERE
    beq     t0, t1, 1f
    li      t1, MODEL_BLACKWELL
    beq     t0, t1, 2f
    li      t1, MODEL_FMA
    beq     t0, t1, 3f
    li      t1, MODEL_AMX
    beq     t0, t1, 6f
    bf16.dot.hopper fa0, a0, a1, s5
    j       4f
1:  bf16.dot.ampere fa0, a0, a1, s5
    j       4f
2:  bf16.dot.blackwell fa0, a0, a1, s5
    j       4f
3:  bf16.dot.fma fa0, a0, a1, s5
    j       4f
6:  bf16.dot.amx fa0, a0, a1, s5
4:
    # Columns beyond the edge are the last one.
    add     t0, s11, t3
    bltu    t0, s1, 5f
    addi    t0, s1, -1
    sub     t3, t0, s11
5:  slli    t3, t3, 1

    la      t0, has_bias
    lw      t0, 0(t0)
    beqz    t0, 6f
    la      t0, tile_bias
    lw      t0, 0(t0)
    add     t0, t0, t3
    ulp.hint.hu t0, 0(t0)
    slli    t0, t0, 16              # BF16 to FP32 is exact
    fmv.w.x fa1, t0
    fadd.s  fa0, fa0, fa1, rne
6:
    la      t0, tile_y
    lw      t0, 0(t0)
    add     t0, t0, t3
    li      t1, SPONGE_ROW_BYTES
    mul     t1, t2, t1
    add     t0, t0, t1
    ulp.hint.hu t1, 0(t0)           # the committed entry
    fcvt.bf16.s fa0, fa0, rne
    fmv.x.w t0, fa0
    slli    t0, t0, 16              # drop the NaN box
    srli    t0, t0, 16
    ulp.assert.eq t0, t1, "a sampled entry of Y is not the declared product"
    ret
