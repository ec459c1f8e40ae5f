# riscv64-unknown-elf-gcc (12.2.0-14+deb12u1+11+b2) 12.2.0
# riscv64-unknown-elf-gcc -march=rv32imf_zicsr -mabi=ilp32f -nostdlib -ffreestanding -Iguests/c -O2 -S test/foreign/sha256.c
	.file	"sha256.c"
	.option nopic
	.attribute arch, "rv32i2p1_m2p0_f2p2_zicsr2p0"
	.attribute unaligned_access, 0
	.attribute stack_align, 16
	.text
	.align	2
	.type	compress, @function
compress:
	addi	sp,sp,-320
	lui	a4,%hi(.LANCHOR0)
	addi	a4,a4,%lo(.LANCHOR0)
	addi	a0,sp,32
	sw	s0,316(sp)
	sw	s1,312(sp)
	sw	s2,308(sp)
	sw	s3,304(sp)
	sw	s4,300(sp)
	addi	a7,a4,64
	mv	a1,a0
.L2:
	lbu	a5,0(a4)
	lbu	a2,1(a4)
	lbu	a6,3(a4)
	lbu	a3,2(a4)
	slli	a5,a5,24
	slli	a2,a2,16
	or	a5,a5,a2
	or	a5,a5,a6
	slli	a3,a3,8
	or	a5,a5,a3
	sw	a5,0(a1)
	addi	a4,a4,4
	addi	a1,a1,4
	bne	a7,a4,.L2
	lw	t0,68(sp)
	lw	t6,72(sp)
	lw	t5,76(sp)
	lw	t4,80(sp)
	lw	t3,84(sp)
	lw	a2,88(sp)
	lw	t1,92(sp)
	lw	a3,32(sp)
	addi	a1,sp,36
	addi	s0,a0,196
.L3:
	mv	t2,a3
	lw	a3,0(a1)
	srli	s1,a2,19
	slli	a4,a2,15
	srli	s2,a2,17
	slli	a6,a2,13
	srli	a5,a3,7
	slli	s4,a3,25
	slli	a7,a3,14
	srli	s3,a3,18
	or	a7,a7,s3
	or	a6,a6,s1
	or	a5,a5,s4
	or	a4,a4,s2
	srli	s1,a2,10
	xor	a5,a5,a7
	xor	a4,a4,a6
	srli	a7,a3,3
	xor	a4,a4,s1
	xor	a5,a5,a7
	add	a5,a5,a4
	add	a5,a5,t2
	mv	a4,t1
	add	t1,a5,t0
	sw	t1,60(a1)
	addi	a1,a1,4
	mv	t0,t6
	mv	t6,t5
	mv	t5,t4
	mv	t4,t3
	mv	t3,a2
	mv	a2,a4
	bne	s0,a1,.L3
	lui	a5,%hi(.LANCHOR1)
	addi	t4,a5,%lo(.LANCHOR1)
	mv	a7,sp
	addi	t5,t4,32
	mv	a4,a7
	addi	a5,a5,%lo(.LANCHOR1)
.L4:
	lw	a3,0(a5)
	addi	a5,a5,4
	addi	a4,a4,4
	sw	a3,-4(a4)
	bne	t5,a5,.L4
	lui	t1,%hi(.LANCHOR2)
	lw	a6,16(sp)
	lw	t6,0(sp)
	addi	t1,t1,%lo(.LANCHOR2)
	addi	t3,t1,256
.L6:
	slli	t2,a6,26
	slli	a3,a6,21
	srli	a2,a6,6
	srli	a5,a6,11
	or	a5,a5,a3
	or	a2,a2,t2
	slli	s0,a6,7
	srli	s4,a6,25
	lw	a4,0(a0)
	xor	a2,a2,a5
	or	s0,s0,s4
	lw	a1,0(t1)
	xor	a2,a2,s0
	lw	s0,28(sp)
	add	a1,a1,a4
	lw	t0,4(sp)
	add	a1,a1,s0
	lw	s0,24(sp)
	lw	s1,8(sp)
	not	a4,a6
	and	a4,a4,s0
	lw	s0,20(sp)
	slli	s3,t6,19
	slli	t2,t6,30
	srli	a3,t6,13
	srli	s2,t6,2
	or	a3,a3,s3
	or	s2,s2,t2
	xor	a5,t0,s1
	slli	t2,t6,10
	srli	s3,t6,22
	and	s0,a6,s0
	xor	a3,a3,s2
	or	a6,t2,s3
	and	a5,a5,t6
	and	t0,t0,s1
	xor	a5,a5,t0
	add	a2,a2,a1
	xor	a4,a4,s0
	xor	a3,a3,a6
	add	a3,a3,a5
	add	a2,a2,a4
	addi	a5,sp,28
.L5:
	lw	a4,-4(a5)
	addi	a5,a5,-4
	sw	a4,4(a5)
	bne	a5,a7,.L5
	lw	a6,16(sp)
	add	t6,a2,a3
	sw	t6,0(sp)
	add	a6,a2,a6
	sw	a6,16(sp)
	addi	t1,t1,4
	addi	a0,a0,4
	bne	t1,t3,.L6
.L7:
	lw	a5,0(t4)
	lw	a4,0(a7)
	addi	t4,t4,4
	addi	a7,a7,4
	add	a5,a5,a4
	sw	a5,-4(t4)
	bne	t4,t5,.L7
	lw	s0,316(sp)
	lw	s1,312(sp)
	lw	s2,308(sp)
	lw	s3,304(sp)
	lw	s4,300(sp)
	addi	sp,sp,320
	jr	ra
	.size	compress, .-compress
	.align	2
	.type	ackermann, @function
ackermann:
	beq	a0,zero,.L30
	addi	sp,sp,-16
	sw	s0,8(sp)
	sw	ra,12(sp)
	mv	s0,a0
.L18:
	mv	a0,s0
	addi	s0,s0,-1
	bne	a1,zero,.L31
	li	a1,1
	bne	s0,zero,.L18
.L17:
	lw	ra,12(sp)
	lw	s0,8(sp)
	addi	a0,a1,1
	addi	sp,sp,16
	jr	ra
.L31:
	addi	a1,a1,-1
	call	ackermann
	mv	a1,a0
	bne	s0,zero,.L18
	j	.L17
.L30:
	addi	a0,a1,1
	ret
	.size	ackermann, .-ackermann
	.align	2
	.type	scramble, @function
scramble:
	li	a5,6
	beq	a0,a5,.L34
	lui	a5,%hi(.LANCHOR2)
	slli	a0,a0,2
	addi	a5,a5,%lo(.LANCHOR2)
	add	a5,a5,a0
	lw	a0,256(a5)
	ret
.L34:
	li	a0,0
	ret
	.size	scramble, .-scramble
	.align	2
	.type	negate, @function
negate:
	neg	a0,a0
	ret
	.size	negate, .-negate
	.section	.text.startup,"ax",@progbits
	.align	2
	.globl	main
	.type	main, @function
main:
	addi	sp,sp,-16
	lui	a5,%hi(.LANCHOR0)
	li	a4,-2140971008
	addi	a5,a5,%lo(.LANCHOR0)
	sw	ra,12(sp)
	sw	s0,8(sp)
	sw	s1,4(sp)
	sw	s2,0(sp)
	addi	a4,a4,609
	sw	a4,0(a5)
	li	a4,24
	sb	a4,63(a5)
	call	compress
	lui	a4,%hi(.LANCHOR1)
	addi	a4,a4,%lo(.LANCHOR1)
	li	a5,0
	li	a2,32
.L37:
	lw	a3,0(a4)
 #APP
# 39 "guests/c/ulp.h" 1
	.insn s 0x0b, 3, a3, 0(a5)
# 0 "" 2
 #NO_APP
	addi	a5,a5,4
	addi	a4,a4,4
	bne	a5,a2,.L37
	lui	a0,%hi(.LANCHOR2)
	addi	a0,a0,%lo(.LANCHOR2)
	li	a2,-306675712
	addi	a1,a0,280
	li	a5,-1
	addi	a0,a0,289
	addi	a2,a2,800
.L40:
	lbu	a3,0(a1)
	li	a4,8
	xor	a5,a5,a3
.L39:
	andi	a3,a5,1
	addi	a4,a4,-1
	srli	a5,a5,1
	beq	a3,zero,.L38
	xor	a5,a5,a2
.L38:
	bne	a4,zero,.L39
	addi	a1,a1,1
	bne	a1,a0,.L40
	not	a5,a5
	li	a4,32
 #APP
# 39 "guests/c/ulp.h" 1
	.insn s 0x0b, 3, a5, 0(a4)
# 0 "" 2
 #NO_APP
	li	a1,3
	li	a0,2
	call	ackermann
	li	a5,36
 #APP
# 39 "guests/c/ulp.h" 1
	.insn s 0x0b, 3, a0, 0(a5)
# 0 "" 2
 #NO_APP
	li	s0,0
	li	s1,0
	li	s2,6
.L41:
	mv	a0,s0
	call	scramble
	addi	s0,s0,1
	add	s1,s1,a0
	bne	s0,s2,.L41
	neg	a0,s1
	call	negate
	li	a5,40
 #APP
# 39 "guests/c/ulp.h" 1
	.insn s 0x0b, 3, a0, 0(a5)
# 0 "" 2
 #NO_APP
	lw	ra,12(sp)
	lw	s0,8(sp)
	lw	s1,4(sp)
	lw	s2,0(sp)
	li	a0,0
	addi	sp,sp,16
	jr	ra
	.size	main, .-main
	.globl	digits
	.section	.rodata
	.align	2
	.set	.LANCHOR2,. + 0
	.type	K, @object
	.size	K, 256
K:
	.word	1116352408
	.word	1899447441
	.word	-1245643825
	.word	-373957723
	.word	961987163
	.word	1508970993
	.word	-1841331548
	.word	-1424204075
	.word	-670586216
	.word	310598401
	.word	607225278
	.word	1426881987
	.word	1925078388
	.word	-2132889090
	.word	-1680079193
	.word	-1046744716
	.word	-459576895
	.word	-272742522
	.word	264347078
	.word	604807628
	.word	770255983
	.word	1249150122
	.word	1555081692
	.word	1996064986
	.word	-1740746414
	.word	-1473132947
	.word	-1341970488
	.word	-1084653625
	.word	-958395405
	.word	-710438585
	.word	113926993
	.word	338241895
	.word	666307205
	.word	773529912
	.word	1294757372
	.word	1396182291
	.word	1695183700
	.word	1986661051
	.word	-2117940946
	.word	-1838011259
	.word	-1564481375
	.word	-1474664885
	.word	-1035236496
	.word	-949202525
	.word	-778901479
	.word	-694614492
	.word	-200395387
	.word	275423344
	.word	430227734
	.word	506948616
	.word	659060556
	.word	883997877
	.word	958139571
	.word	1322822218
	.word	1537002063
	.word	1747873779
	.word	1955562222
	.word	2024104815
	.word	-2067236844
	.word	-1933114872
	.word	-1866530822
	.word	-1538233109
	.word	-1090935817
	.word	-965641998
	.type	CSWTCH.10, @object
	.size	CSWTCH.10, 24
CSWTCH.10:
	.word	40
	.word	-7
	.word	1000
	.word	-1000
	.word	23
	.word	-41
	.type	digits, @object
	.size	digits, 10
digits:
	.string	"123456789"
	.data
	.align	2
	.set	.LANCHOR1,. + 0
	.type	state, @object
	.size	state, 32
state:
	.word	1779033703
	.word	-1150833019
	.word	1013904242
	.word	-1521486534
	.word	1359893119
	.word	-1694144372
	.word	528734635
	.word	1541459225
	.bss
	.align	2
	.set	.LANCHOR0,. + 0
	.type	block, @object
	.size	block, 64
block:
	.zero	64
	.ident	"GCC: (12.2.0-14+deb12u1+11+b2) 12.2.0"
