# riscv64-unknown-elf-gcc (12.2.0-14+deb12u1+11+b2) 12.2.0
# riscv64-unknown-elf-gcc -march=rv32imf_zicsr -mabi=ilp32f -nostdlib -ffreestanding -Iguests/c -O2 -S guests/c/normalise.c
	.file	"normalise.c"
	.option nopic
	.attribute arch, "rv32i2p1_m2p0_f2p2_zicsr2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	li	a2,0
 #APP
# 33 "guests/c/ulp.h" 1
	.insn i 0x0b, 2, a2, 0(a2)
# 0 "" 2
 #NO_APP
	fmv.w.x	fa5,zero
	beq	a2,zero,.L2
	li	a5,0
.L3:
	addi	a5,a5,1
	slli	a4,a5,2
 #APP
# 33 "guests/c/ulp.h" 1
	.insn i 0x0b, 2, a4, 0(a4)
# 0 "" 2
 #NO_APP
	fcvt.s.w	fa4,a4
	fmadd.s	fa5,fa4,fa4,fa5
	bne	a5,a2,.L3
.L2:
 #APP
# 78 "guests/c/ulp.h" 1
	fsqrt.s fa4, fa5
# 0 "" 2
 #NO_APP
	fmv.w.x	fa5,zero
	li	a4,1
	fgt.s	a5,fa4,fa5
 #APP
# 17 "guests/c/normalise.c" 1
	.pushsection .ulp.ids, "", @progbits
7701: .byte 0
.popsection
.option push
.option norelax
.insn s 0x0b, 4, a4, %lo(7701b)(a5)
.option pop
.pushsection .ulp.asserts, "", @progbits
.balign 4
.word 1, 7701b, 18
.ascii "the vector is zero"
.balign 4
.popsection
# 0 "" 2
 #NO_APP
	beq	a2,zero,.L4
	li	a0,65536
	li	a4,0
	li	a5,0
	addi	a0,a0,-1
.L5:
	addi	a5,a5,1
	slli	a3,a5,2
 #APP
# 33 "guests/c/ulp.h" 1
	.insn i 0x0b, 2, a3, 0(a3)
# 0 "" 2
 #NO_APP
	fcvt.s.w	fa5,a3
	fdiv.s	fa5,fa5,fa4
 #APP
# 71 "guests/c/ulp.h" 1
	fmv.x.w a3, fa5
# 0 "" 2
# 39 "guests/c/ulp.h" 1
	.insn s 0x0b, 3, a3, 0(a4)
# 0 "" 2
# 89 "guests/c/ulp.h" 1
	.insn r 0x53, 0, 0x22, fa5, fa5, x8
# 0 "" 2
 #NO_APP
	addi	a1,a4,4
 #APP
# 90 "guests/c/ulp.h" 1
	fmv.x.w a3, fa5
# 0 "" 2
 #NO_APP
	and	a3,a3,a0
 #APP
# 39 "guests/c/ulp.h" 1
	.insn s 0x0b, 3, a3, 0(a1)
# 0 "" 2
 #NO_APP
	addi	a4,a4,8
	bne	a5,a2,.L5
.L4:
	li	a0,0
	ret
	.size	main, .-main
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
