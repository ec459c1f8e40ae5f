# riscv64-unknown-elf-gcc (12.2.0-14+deb12u1+11+b2) 12.2.0
# riscv64-unknown-elf-gcc -march=rv32imf_zicsr -mabi=ilp32f -nostdlib -ffreestanding -Iguests/c -O2 -S guests/c/matvec.c
	.file	"matvec.c"
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
	li	t3,0
 #APP
# 33 "guests/c/ulp.h" 1
	.insn i 0x0b, 2, t3, 0(t3)
# 0 "" 2
 #NO_APP
	li	a0,4
 #APP
# 33 "guests/c/ulp.h" 1
	.insn i 0x0b, 2, a0, 0(a0)
# 0 "" 2
 #NO_APP
	li	a4,1
	sltiu	a5,a0,65
 #APP
# 22 "guests/c/matvec.c" 1
	.pushsection .ulp.ids, "", @progbits
7701: .byte 0
.popsection
.option push
.option norelax
.insn s 0x0b, 4, a4, %lo(7701b)(a5)
.option pop
.pushsection .ulp.asserts, "", @progbits
.balign 4
.word 1, 7701b, 16
.ascii "too many columns"
.balign 4
.popsection
# 0 "" 2
 #NO_APP
	beq	a0,zero,.L2
	lui	a5,%hi(.LANCHOR0)
	addi	a5,a5,%lo(.LANCHOR0)
	li	a2,8
	li	a3,0
	sub	a2,a2,a5
.L3:
	add	a4,a2,a5
 #APP
# 33 "guests/c/ulp.h" 1
	.insn i 0x0b, 2, a4, 0(a4)
# 0 "" 2
 #NO_APP
	sw	a4,0(a5)
	addi	a3,a3,1
	addi	a5,a5,4
	bne	a3,a0,.L3
.L2:
	beq	t3,zero,.L4
	lui	t4,%hi(.LANCHOR0)
	addi	t4,t4,%lo(.LANCHOR0)
	slli	t5,a0,2
	neg	a6,t4
	li	a7,0
.L7:
	slli	t1,a7,2
	beq	a0,zero,.L8
	mv	a4,t4
	li	a2,0
	li	a3,0
.L6:
	add	a5,a6,a4
 #APP
# 19 "guests/c/ulp.h" 1
	.insn i 0x0b, 0, a5, 0(a5)
# 0 "" 2
 #NO_APP
	lw	a1,0(a4)
	addi	a3,a3,1
	addi	a4,a4,4
	mul	a5,a5,a1
	add	a2,a2,a5
	bne	a0,a3,.L6
 #APP
# 39 "guests/c/ulp.h" 1
	.insn s 0x0b, 3, a2, 0(t1)
# 0 "" 2
 #NO_APP
	addi	a7,a7,1
	add	a6,a6,t5
	bne	a7,t3,.L7
.L4:
	li	a0,0
	ret
.L8:
	li	a2,0
 #APP
# 39 "guests/c/ulp.h" 1
	.insn s 0x0b, 3, a2, 0(t1)
# 0 "" 2
 #NO_APP
	addi	a7,a7,1
	add	a6,a6,t5
	bne	a7,t3,.L7
	j	.L4
	.size	main, .-main
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	x, @object
	.size	x, 256
x:
	.zero	256
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
