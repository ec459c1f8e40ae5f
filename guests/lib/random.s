# Uniform numbers from the challenge seed: the ChaCha20 key stream and Lemire's rejection, as protocol/challenge.ts
# specifies them word by word.

    .section .bss
    .balign 4
random_state:   .space 64           # constants, key, counter, nonce
random_block:   .space 64           # the current block of key stream
random_next:    .space 4            # byte offset of the next word in it; 64: none left

    .section .text

# random_seed(a0: byte address in the public input of the 8 seed words): starts the key stream at block 0.
    .globl random_seed
random_seed:
    la      t0, random_state
    li      t1, 0x61707865          # "expand 32-byte k"
    sw      t1, 0(t0)
    li      t1, 0x3320646e
    sw      t1, 4(t0)
    li      t1, 0x79622d32
    sw      t1, 8(t0)
    li      t1, 0x6b206574
    sw      t1, 12(t0)
    li      t2, 8
    addi    t3, t0, 16
1:  ulp.pub.w t1, 0(a0)
    sw      t1, 0(t3)
    addi    a0, a0, 4
    addi    t3, t3, 4
    addi    t2, t2, -1
    bnez    t2, 1b
    sw      zero, 48(t0)            # counter
    li      t1, 0x20706c75          # nonce "ulp linear 1"
    sw      t1, 52(t0)
    li      t1, 0x656e696c
    sw      t1, 56(t0)
    li      t1, 0x31207261
    sw      t1, 60(t0)
    la      t0, random_next
    li      t1, 64
    sw      t1, 0(t0)
    ret

# random_below(a0: n in [1, 2^24]) -> a0: uniform in [0, n)
    .globl random_below
random_below:
    addi    sp, sp, -16
    sw      ra, 0(sp)
    sw      s0, 4(sp)
    sw      s1, 8(sp)
    mv      s0, a0
    neg     t0, a0                  # 2^32 - n, congruent to 2^32 modulo n
    remu    s1, t0, a0              # threshold 2^32 mod n

1:  la      t0, random_next
    lw      t1, 0(t0)
    li      t2, 64
    bne     t1, t2, 2f
    la      a0, random_state
    la      a1, random_block
    call    chacha20_block
    la      t0, random_state
    lw      t1, 48(t0)
    addi    t1, t1, 1
    sw      t1, 48(t0)
    li      t1, 0
2:  la      t0, random_block
    add     t0, t0, t1
    lw      t2, 0(t0)
    addi    t1, t1, 4
    la      t0, random_next
    sw      t1, 0(t0)
    mul     t3, t2, s0
    bltu    t3, s1, 1b              # the low word falls into the biased rest: next word
    mulhu   a0, t2, s0

    lw      ra, 0(sp)
    lw      s0, 4(sp)
    lw      s1, 8(sp)
    addi    sp, sp, 16
    ret
