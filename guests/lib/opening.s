# Opening a leaf of a committed tensor: what the hint tape holds there is what the root in the public input commits to.

    .section .bss
    .balign 4
opening_digest: .space 36

    .section .text

# open_leaf(a0: hint byte address of the leaf's blocks, a1: sponge rows of the leaf, a2: leaf index, a3: tree depth,
#           a4: byte address of the root in the public input)
# Traps unless the blocks are the committed leaf of that index. Changes a0..a4 and t0..t3 only: callers may keep t4..t6.
    .globl open_leaf
open_leaf:
    la      t0, opening_digest
    poseidon2.sponge t0, a0, a1
    poseidon2.merkle t0, a2, a3
    li      t1, 9
1:  lw      t2, 0(t0)
    ulp.pub.w t3, 0(a4)
    ulp.assert.eq t2, t3, "the opened leaf does not belong to the committed root"
    addi    t0, t0, 4
    addi    a4, a4, 4
    addi    t1, t1, -1
    bnez    t1, 1b
    ret
