/** Programs of several files for the linkers to agree on: names across files and every relocation that C code has. */

export const LINK_SCRIPT = `ENTRY(_start)
SECTIONS {
  . = 0x10000;
  .text : { *(.text .text.*) }
  . = ALIGN(0x1000);
  .rodata : { *(.rodata .rodata.*) }
  . = ALIGN(0x1000);
  .data : { *(.data .data.*) }
  .sdata : { *(.sdata .sdata.*) }
  .bss : { *(.bss .bss.*) *(COMMON) }
  /DISCARD/ : { *(.riscv.attributes) *(.comment) *(.note.*) }
}
`;

export const PROGRAMS = [
  {
    name: 'names across files',
    files: {
      'main.s': `.globl _start
.text
_start:
  la a0, table
  lla a1, local
  lw a2, counter
  sw a2, counter, t0
  lb a3, bytes + 3
  flw fa0, scale, t1
  fsw fa0, scale, t1
  call routine
  call t0, routine
  jal routine
  jal a4, far
  beqz a0, 1f
  lui a5, %hi(table + 8)
  addi a5, a5, %lo(table + 8)
  lw a6, %lo(table + 8)(a5)
  sw a6, %lo(counter)(a5)
2: auipc a7, %pcrel_hi(table - 4)
  lw t2, %pcrel_lo(2b)(a7)
  sw t2, %pcrel_lo(2b)(a7)
  lui t3, %hi(SIZE)
  addi t3, t3, %lo(SIZE)
1: tail last
local: nop
.section .rodata
.globl scale
scale: .float 1.5
.word table, table + 4, routine - 8, SIZE
.word _start - local
`,
      'data.s': `.globl table, counter, bytes, SIZE
.equ SIZE, 0x12345fff
.section .rodata
.balign 16
table: .word 1, 2, 3, after
.word after - table
.word routine - table
.byte 1
after:
.data
.balign 4
counter: .word counter
bytes: .byte 1, 2, 3, 4
.bss
.balign 8
.space 20
`,
      'code.s': `.globl routine, far
.text
.space 64
routine: addi a0, a0, 1
  bnez a0, routine
  bnez a0, .Lend
  j far
.Lend: ret
.balign 16
far: jr ra
.section .text.last, "ax"
.globl last
last: la a0, _start
  ret
`,
    },
  },
  {
    name: 'weak and common symbols',
    files: {
      'main.s': `.globl _start
.weak absent, replaced, kept
.text
_start:
  lui a0, %hi(absent)
  addi a0, a0, %lo(absent)
  call replaced
  call kept
  la a1, shared
  ret
replaced: nop
  ret
kept: nop
  nop
  ret
.comm shared, 4, 4
.data
.word absent, replaced, kept, shared
`,
      'other.s': `.globl replaced
.weak kept
.text
replaced: li a0, 7
  ret
kept: li a0, 9
  ret
.comm shared, 12, 8
.lcomm private, 8
.local hidden
.comm hidden, 8, 4
.data
.word private, hidden, shared
`,
    },
  },
];
