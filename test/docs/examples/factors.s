# The prover knows two factors of n: public word 0 is n, hint words 0 and 1 are p and q with p q = n, both above 1.

    .globl _start
_start:
    ulp.pub.w  s0, 0(zero)
    ulp.hint.w s1, 0(zero)
    ulp.hint.w s2, 4(zero)

    mulhu      t0, s1, s2
    ulp.assert.eq t0, zero, "p q does not fit a word"
    mul        t0, s1, s2
    ulp.assert.eq t0, s0, "p q is not n"

    sltiu      t0, s1, 2
    ulp.assert.eq t0, zero, "p is not above 1"
    sltiu      t0, s2, 2
    ulp.assert.eq t0, zero, "q is not above 1"

    li         a0, 0                # exit code
    li         a7, 93               # exit
    ecall
