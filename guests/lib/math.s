# Small integer routines.

    .section .text

# ceil_log2(a0: n in [1, 2^31]) -> a0: the least d with 2^d >= n
    .globl ceil_log2
ceil_log2:
    li      t0, 0
    li      t1, 1
1:  bgeu    t1, a0, 2f
    slli    t1, t1, 1
    addi    t0, t0, 1
    j       1b
2:  mv      a0, t0
    ret

# ceil_div_48(a0: n < 2^32 - 47) -> a0: ceil(n / 48). 0xaaaaaaab = (2^33 + 1) / 3, exact for every u32.
    .globl ceil_div_48
ceil_div_48:
    addi    a0, a0, 47
    li      t0, 0xaaaaaaab
    mulhu   a0, a0, t0
    srli    a0, a0, 5
    ret
