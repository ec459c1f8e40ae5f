/**
 * Assembly that GNU as and this project's assembler must turn into the same bytes: every standard instruction with
 * operands at the ends of their ranges, every pseudo-instruction, and the data directives. Written from the ISA
 * manual, not from the instruction table, so that a wrong row shows.
 *
 * Left out: fcvt.bf16.s and fcvt.s.bf16, which binutils 2.40 does not know; floats halfway between two, which GNU as
 * rounds away from zero instead of to even; padding in text behind a number of bytes that is no multiple of 4, which
 * GNU as does not make.
 */

const xyz = ['a0, a1, a2', 'zero, t6, x31', 'x31, x0, ra', 's0, fp, sp'];
const immediate = ['a0, a1, 0', 'zero, t6, 2047', 'x31, ra, -2048', 's11, gp, -1', 'a0, a0, 0xfffff800'];
const memory = ['a0, 0(a1)', 'x31, 2047(sp)', 'ra, -2048(x31)', 't0, (s0)', 's1, 4 + 4 * 2(a0)'];
const fpMemory = ['fa0, 0(a1)', 'ft11, 2047(sp)', 'f0, -2048(x31)', 'fs11, (t6)'];
const fff = ['fa0, fa1, fa2', 'ft0, ft11, f31', 'f31, fs0, ft8'];
const modes = ['', ', rne', ', rtz', ', rdn', ', rup', ', rmm', ', dyn'];

/** Every mnemonic with every operand list. */
const cross = (mnemonics, operands) =>
  mnemonics.split(' ').flatMap((mnemonic) => operands.map((list) => `${mnemonic} ${list}`.trim()));
const rounded = (mnemonics, operands) =>
  cross(
    mnemonics,
    operands.flatMap((list) => modes.map((mode) => list + mode)),
  );

const branches = (mnemonics, operands) =>
  cross(
    mnemonics,
    operands.map((list) => `${list}1f\nnop\n1: nop`),
  ).concat(
    cross(
      mnemonics,
      operands.map((list) => `${list}2b`),
    ).map((text) => `2: nop\n${text}`),
  );

/** Statements of the text section. */
export const TEXT_CASES = [
  ...cross('lui auipc', ['a0, 0', 'x31, 0xfffff', 'ra, 0x80000', 'zero, 1']),
  ...cross('lui', ['a0, %hi(0x12345fff)', 'a0, %hi(0x12345000)', 'a0, %hi(0xfffff800)']),
  ...cross('jal', ['ra, 1f\nnop\n1: nop', 'zero, 1f\n.space 2048\n1: nop', '1f\n1: nop', 't0, .', '. + 16', '. - 4']),
  ...cross('jalr', [
    'ra, 0(a0)',
    'zero, -2048(x31)',
    't0, 2047(t1)',
    'a0',
    'a0, a1',
    'a0, a1, 12',
    '4(a0)',
    'ra, (a0)',
  ]),
  ...branches('beq bne blt bge bltu bgeu', ['a0, a1, ', 'x31, zero, ', 'x0, x31, ']),
  'beq a0, a1, . + 4094 - 2',
  'beq a0, a1, . - 4096',
  'bgeu t6, t5, 1f\n.space 4088\n1: nop',
  '3: .space 4096\nbne a0, a1, 3b',
  'jal zero, . - 0x100000',
  'jal x31, . + 0xffffc',
  ...cross('lb lh lw lbu lhu sb sh sw', memory),
  ...cross('lw', ['a0, %lo(0x12345fff)(a1)', 'a0, %lo(0x12345800)(a1)']),
  ...cross('addi slti sltiu xori ori andi', immediate),
  ...cross('addi', ["a0, a1, 'a'", 'a0, a1, %lo(0xfff)', "a0, zero, '\\n'", 'a0, a1, ~7', 'a0, a1, -(3 << 2)']),
  ...cross('slli srli srai', ['a0, a1, 0', 'x31, x31, 31', 'ra, sp, 1', 'a0, a1, 3 * 4 + 1']),
  ...cross('add sub sll slt sltu xor srl sra or and', xyz),
  ...cross('mul mulh mulhsu mulhu div divu rem remu', xyz),
  ...cross('fence', ['', 'iorw, iorw', 'rw, w', 'i, o', 'r, r', 'iorw, w']),
  ...['ecall', 'ebreak', 'nop', 'ret', 'unimp', 'pause'],
  ...cross('flw fsw flh fsh', fpMemory),
  ...rounded('fmadd.s fmsub.s fnmsub.s fnmadd.s', ['fa0, fa1, fa2, fa3', 'ft0, ft11, f31, fs11']),
  ...rounded('fadd.s fsub.s fmul.s fdiv.s', fff),
  ...rounded('fsqrt.s', ['fa0, fa1', 'ft11, f0']),
  ...cross('fsgnj.s fsgnjn.s fsgnjx.s fmin.s fmax.s', fff),
  ...rounded('fcvt.w.s fcvt.wu.s', ['a0, fa1', 'x31, ft11']),
  ...rounded('fcvt.s.w fcvt.s.wu', ['fa0, a1', 'ft11, x31']),
  ...cross('feq.s flt.s fle.s fgt.s fge.s', ['a0, fa1, fa2', 'x31, f0, ft11']),
  ...cross('fclass.s fmv.x.w fmv.x.s fmv.x.h', ['a0, fa1', 'x31, ft11']),
  ...cross('fmv.w.x fmv.s.x fmv.h.x', ['fa0, a1', 'ft11, x31']),
  ...cross('fmv.s fabs.s fneg.s', ['fa0, fa1', 'ft11, f0']),
  ...cross('csrrw csrrs csrrc', ['a0, fcsr, a1', 'zero, 0xfff, x31', 'x31, fflags, zero', 'a0, frm, 31']),
  ...cross('csrrwi csrrsi csrrci', ['a0, fcsr, 0', 'zero, 0xfff, 31', 'x31, 0, 1']),
  ...cross('csrr', ['a0, frm', 'x31, 0xfff']),
  ...cross('csrw csrs csrc', ['fcsr, a0', '0xfff, x31', 'frm, 5']),
  ...cross('csrwi csrsi csrci', ['fcsr, 0', '0xfff, 31']),
  ...cross('rdcycle rdtime rdinstret rdcycleh rdtimeh rdinstreth', ['a0', 'x31']),
  ...cross('frcsr frsr frrm frflags', ['a0', 'x31']),
  ...cross('fscsr fssr fsrm fsflags', ['a0', 'a1, a0']),
  ...cross('fsrmi fsflagsi', ['1', 'a0, 31']),

  ...cross('mv move not neg seqz snez sltz sgtz', ['a0, a1', 'x31, zero']),
  ...cross('sext.b sext.h zext.b zext.h', ['a0, a1', 'x31, t6']),
  ...cross('sgt sgtu', xyz),
  ...cross('add and or xor slt sltu', ['a0, a1, 5', 'a0, a1, -2048']),
  ...cross('sll srl sra', ['a0, a1, 5', 'a0, a1, 31']),
  ...branches('beqz bnez blez bgez bltz bgtz', ['a0, ', 'x31, ']),
  ...branches('bgt ble bgtu bleu', ['a0, a1, ', 'x31, zero, ']),
  ...branches('j call tail la,a0 lla,x31', ['']).map((text) => text.replace(/(lla|la),(\w+) /, '$1 $2, ')),
  ...cross('jr', ['a0', '8(a0)', 'a0, 8', '(x31)']),
  'call t0, 1f\n1: nop',
  'jump 1f, t1\nnop\n1: nop',
  ...cross('lb lh lw lbu lhu', ['a0, 1f\n1: nop']),
  ...cross('sb sh sw', ['a0, 1f, t0\n1: nop']),
  ...cross('flw flh fsw fsh', ['fa0, 1f, t0\n1: nop']),
  '4: .space 6000\n.balign 4\nla a0, 4b\nlw a1, 4b\n5: auipc a2, %pcrel_hi(4b)\nlh a3, %pcrel_lo(5b)(a2)\nsb a3, %pcrel_lo(5b)(a2)',
  ...[0, 1, -1, 2047, 2048, -2048, -2049, 4095, 4096, 0x7ffff7ff, 0x7ffff800, 0x7fffffff, 0x80000000, -0x80000000]
    .concat([0xffffffff, 0xfffff7ff, 0xfffff800, 0x12345678, 0x12345800, 0x12346000, 0xdeadbeef])
    .map((value) => `li a0, ${value}`),
  "li t0, 'x'",
  'li t0, (1 << 12) - 1',
  'li t0, 017',
  'li t0, 0b1011',
  '.equ size, 48\nli a0, size * 2\naddi a1, a1, -size',
  '.set count, 1\nli a0, count\n.set count, count + 1\nli a0, count',
  'again = 7\nli a0, again\nagain = 8\nli a0, again',
  'nop; nop # one\n/* three\n lines */ nop',
  '.macro pair reg, other=t1\nmv \\reg, \\other\nmv \\other, \\reg\n.endm\npair a0\npair a1, a2\npair other=a3, reg=a4',
  '.macro named stem\nlocal_\\stem\\()_end: j local_\\stem\\()_end\n.endm\nnamed first\nnamed second',
  '.macro unique\nj .Lskip\\@\nnop\n.Lskip\\@:\n.endm\nunique\nunique',
  '.rept 3\nnop\n.rept 2\nret\n.endr\n.endr',
  '.irp reg, a0, a1, t6\nmv \\reg, zero\n.endr',
  '.if 1 > 2\nnop\n.elseif 2 > 1\nret\n.else\nebreak\n.endif',
  '.ifdef missing\nnop\n.else\n.ifndef missing\nret\n.endif\n.endif',
  '.macro down n\nli a0, \\n\n.if \\n\ndown (\\n - 1)\n.endif\n.endm\ndown 3',
  '1: nop\n1: j 1b\nj 1f\n1: nop\nj 1b',
  'nop\n.align 4\nnop\n.p2align 3\nret',
  '.irp reg, a0 a1 t6\nmv \\reg, zero\n.endr',
  '.irpc digit, 123\naddi a\\digit, a0, \\digit\n.endr',
  '.ifc a0, a0\nnop\n.endif\n.ifnc a0,a1\nret\n.endif\n.ifc x, y\nebreak\n.endif',
  '.ifeqs "a b", "a b"\nnop\n.endif\n.ifnes "a", "b"\nret\n.endif',
  '.ifge 0\nli a0, 1\n.endif\n.ifgt 0\nli a0, 2\n.endif\n.ifle -1\nli a0, 3\n.endif\n.iflt -1\nli a0, 4\n.endif\n.ifne 2\nnop\n.endif',
  '.ifnotdef missing\nnop\n.endif',
  '.macro early n\n.if \\n\nli a0, \\n\n.exitm\n.endif\nnop\n.endm\nearly 3\nearly 0\nret',
  '.macro once\nnop\n.endm\nonce\n.purgem once\n.macro once\nret\n.endm\nonce',
  '.option push\n.option norelax\nnop\n.option pop',
  'fence.tso',
  '.insn r 0x33, 0, 0, a0, a1, a2\n.insn r 0x53, 7, 0x00, fa0, fa1, fa2\n.insn r 0x53, 0, 0x70, a0, fa1, x0',
  '.insn r4 0x43, 7, 0, fa0, fa1, fa2, fa3\n.insn r4 0x2b, 0, 0, fa0, a1, a2, a3\n.insn r4 0x2b, 1, 1, x0, a1, a2, a3',
  '.insn i 0x13, 0, a0, a1, -5\n.insn i 0x03, 2, a0, 8(a1)\n.insn i 0x07, 2, fa0, 8(a1)\n.insn i 0x67, 0, ra, 0(a1)',
  '.insn s 0x23, 2, a0, -4(a1)\n.insn s 0x27, 2, fa0, 4(a1)\n.insn s 0x0b, 4, a0, 2047(a1)',
  '1: .insn b 0x63, 0, a0, a1, 1b\n.insn sb 0x63, 1, a0, a1, 1b\n.insn u 0x37, a0, 0x12345\n.insn j 0x6f, ra, 1b\n.insn uj 0x6f, zero, 1b',
  '.insn 0x00b50533',
];

/** Statements of the data section. */
export const DATA_CASES = [
  ".byte 0, 255, -128, 127, 'a', 1 + 2 * 3",
  '.half 0, 65535, -32768\n.short 1\n.hword 2\n.2byte 3',
  '.word 0, 4294967295, -2147483648, 0x12345678\n.long 1\n.4byte 2',
  '.dword 0x123456789abcdef0, -1\n.quad 1\n.8byte 2',
  '6: .word 1\n7: .word 7b - 6b, 8f - 7b\n8: .byte 8b - 6b',
  '.string "hello", "two"\n.asciz "\\n\\t\\\\\\"\\101\\x41"\n.ascii "no end", ""',
  '.string "caf\u00e9 \\377"',
  '.zero 3\n.space 2, 0xaa\n.skip 1\n.fill 2, 2, 0x1234\n.fill 3\n.byte 1',
  '.byte 1\n.align 2\n.word 1\n.byte 2\n.balign 8, 0xff\n.byte 3\n.p2align 4,,3\n.byte 4\n.p2align 2,,15\n.word 5',
  '.float 0, 1, -1, 1.5, -2.5e3, 1e-3, 3.14159265358979, 0.1, 16777219',
  '.float 3.4028235e38, 1.17549435e-38, 1e-45, 1.4e-45, 1.0000000596046448',
  '.float inf, -inf',
  '.single 2',
  '.word ~0, -1, !0, !5, 7 / 2, -7 / 2, -7 % 3, 1 << 31, 0xf0 >> 4',
  [0, 1, 127, 128, 300, 0xffffffff].map((n) => `.uleb128 ${n}`).join('\n'),
  [0, -1, 63, 64, -64, -65, 300, -300].map((n) => `.sleb128 ${n}`).join('\n'),
  '1: .byte 1\n.org 1b + 8\n.byte 2\n.org 1b + 12, 0xff\n.byte 3',
  '.word (1 | 6) & 3, (5 ^ 1) + 2, 2 + 3 * 4 - 1, (2 + 3) * 4',
];
