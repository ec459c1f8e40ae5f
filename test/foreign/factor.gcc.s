# riscv64-unknown-elf-gcc (12.2.0-14+deb12u1+11+b2) 12.2.0
# riscv64-unknown-elf-gcc -march=rv32imf_zicsr -mabi=ilp32f -nostdlib -ffreestanding -Iguests/c -O2 -S guests/c/factor.c
	.file	"factor.c"
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
# 19 "guests/c/ulp.h" 1
	.insn i 0x0b, 0, a5, 0(a2)
# 0 "" 2
 #NO_APP
	li	a4,4
 #APP
# 19 "guests/c/ulp.h" 1
	.insn i 0x0b, 0, a1, 0(a4)
# 0 "" 2
 #NO_APP
	sltiu	a0,a5,2
	xori	a0,a0,1
	li	a3,1
 #APP
# 12 "guests/c/factor.c" 1
	.pushsection .ulp.ids, "", @progbits
7701: .byte 0
.popsection
.option push
.option norelax
.insn s 0x0b, 4, a3, %lo(7701b)(a0)
.option pop
.pushsection .ulp.asserts, "", @progbits
.balign 4
.word 1, 7701b, 27
.ascii "the first factor is trivial"
.balign 4
.popsection
# 0 "" 2
 #NO_APP
	sltiu	a0,a1,2
	xori	a0,a0,1
 #APP
# 13 "guests/c/factor.c" 1
	.pushsection .ulp.ids, "", @progbits
7701: .byte 0
.popsection
.option push
.option norelax
.insn s 0x0b, 4, a3, %lo(7701b)(a0)
.option pop
.pushsection .ulp.asserts, "", @progbits
.balign 4
.word 1, 7701b, 28
.ascii "the second factor is trivial"
.balign 4
.popsection
# 0 "" 2
 #NO_APP
	mul	a0,a5,a1
	mulhu	a5,a5,a1
 #APP
# 33 "guests/c/ulp.h" 1
	.insn i 0x0b, 2, a1, 0(a2)
# 0 "" 2
# 15 "guests/c/factor.c" 1
	.pushsection .ulp.ids, "", @progbits
7701: .byte 0
.popsection
.option push
.option norelax
.insn s 0x0b, 4, a1, %lo(7701b)(a0)
.option pop
.pushsection .ulp.asserts, "", @progbits
.balign 4
.word 1, 7701b, 40
.ascii "the product is another number (low word)"
.balign 4
.popsection
# 0 "" 2
# 33 "guests/c/ulp.h" 1
	.insn i 0x0b, 2, a4, 0(a4)
# 0 "" 2
# 16 "guests/c/factor.c" 1
	.pushsection .ulp.ids, "", @progbits
7701: .byte 0
.popsection
.option push
.option norelax
.insn s 0x0b, 4, a4, %lo(7701b)(a5)
.option pop
.pushsection .ulp.asserts, "", @progbits
.balign 4
.word 1, 7701b, 41
.ascii "the product is another number (high word)"
.balign 4
.popsection
# 0 "" 2
# 39 "guests/c/ulp.h" 1
	.insn s 0x0b, 3, a3, 0(a2)
# 0 "" 2
 #NO_APP
	li	a0,0
	ret
	.size	main, .-main
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
