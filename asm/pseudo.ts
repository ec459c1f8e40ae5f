/**
 * Pseudo-instructions as data: the operands an author writes and the instructions they stand for, in assembly with
 * the operand names in place of the operands.
 *
 * Addresses always take two instructions (`la`, `call`, `tail`, `lw rd, symbol`): there is no relaxation, so an
 * instruction's size never depends on where its target is. A routine within 1 MiB is called in one by `jal routine`.
 *
 * Source: RISC-V Assembly Programmer's Manual, "pseudoinstructions"; RISC-V Unprivileged ISA, chapter 33.
 */

export interface Pseudo {
  readonly mnemonic: string;
  /** As in an instruction's row. `target` is any address. */
  readonly syntax: string;
  /** The statements; `loadImmediate` gives those of `li`, which depend on the value. */
  readonly expansion: readonly string[];
}

export const PSEUDO_INSTRUCTIONS: readonly Pseudo[] = [
  row('nop', '', 'addi x0, x0, 0'),
  row('unimp', '', 'csrrw x0, 0xc00, x0'),

  row('mv', 'rd, rs1', 'addi rd, rs1, 0'),
  row('move', 'rd, rs1', 'addi rd, rs1, 0'),
  row('not', 'rd, rs1', 'xori rd, rs1, -1'),
  row('neg', 'rd, rs1', 'sub rd, x0, rs1'),
  row('seqz', 'rd, rs1', 'sltiu rd, rs1, 1'),
  row('snez', 'rd, rs1', 'sltu rd, x0, rs1'),
  row('sltz', 'rd, rs1', 'slt rd, rs1, x0'),
  row('sgtz', 'rd, rs1', 'slt rd, x0, rs1'),
  row('sgt', 'rd, rs1, rs2', 'slt rd, rs2, rs1'),
  row('sgtu', 'rd, rs1, rs2', 'sltu rd, rs2, rs1'),
  row('zext.b', 'rd, rs1', 'andi rd, rs1, 255'),
  row('zext.h', 'rd, rs1', 'slli rd, rs1, 16', 'srli rd, rd, 16'),
  row('sext.b', 'rd, rs1', 'slli rd, rs1, 24', 'srai rd, rd, 24'),
  row('sext.h', 'rd, rs1', 'slli rd, rs1, 16', 'srai rd, rd, 16'),

  row('add', 'rd, rs1, imm', 'addi rd, rs1, imm'),
  row('and', 'rd, rs1, imm', 'andi rd, rs1, imm'),
  row('or', 'rd, rs1, imm', 'ori rd, rs1, imm'),
  row('xor', 'rd, rs1, imm', 'xori rd, rs1, imm'),
  row('slt', 'rd, rs1, imm', 'slti rd, rs1, imm'),
  row('sltu', 'rd, rs1, imm', 'sltiu rd, rs1, imm'),
  row('sll', 'rd, rs1, shamt', 'slli rd, rs1, shamt'),
  row('srl', 'rd, rs1, shamt', 'srli rd, rs1, shamt'),
  row('sra', 'rd, rs1, shamt', 'srai rd, rs1, shamt'),

  row('la', 'rd, target', 'auipc rd, %pcrel_hi(target)', 'addi rd, rd, %pcrel_lo(. - 4)'),
  row('lla', 'rd, target', 'auipc rd, %pcrel_hi(target)', 'addi rd, rd, %pcrel_lo(. - 4)'),
  ...['lb', 'lh', 'lw', 'lbu', 'lhu'].map((load) =>
    row(load, 'rd, target', 'auipc rd, %pcrel_hi(target)', `${load} rd, %pcrel_lo(. - 4)(rd)`),
  ),
  ...['flw', 'flh'].map((load) =>
    row(load, 'fd, target, rs1', 'auipc rs1, %pcrel_hi(target)', `${load} fd, %pcrel_lo(. - 4)(rs1)`),
  ),
  ...['sb', 'sh', 'sw'].map((store) =>
    row(store, 'rs2, target, rs1', 'auipc rs1, %pcrel_hi(target)', `${store} rs2, %pcrel_lo(. - 4)(rs1)`),
  ),
  ...['fsw', 'fsh'].map((store) =>
    row(store, 'fs2, target, rs1', 'auipc rs1, %pcrel_hi(target)', `${store} fs2, %pcrel_lo(. - 4)(rs1)`),
  ),

  row('beqz', 'rs1, target', 'beq rs1, x0, target'),
  row('bnez', 'rs1, target', 'bne rs1, x0, target'),
  row('blez', 'rs1, target', 'bge x0, rs1, target'),
  row('bgez', 'rs1, target', 'bge rs1, x0, target'),
  row('bltz', 'rs1, target', 'blt rs1, x0, target'),
  row('bgtz', 'rs1, target', 'blt x0, rs1, target'),
  row('bgt', 'rs1, rs2, target', 'blt rs2, rs1, target'),
  row('ble', 'rs1, rs2, target', 'bge rs2, rs1, target'),
  row('bgtu', 'rs1, rs2, target', 'bltu rs2, rs1, target'),
  row('bleu', 'rs1, rs2, target', 'bgeu rs2, rs1, target'),

  row('j', 'target', 'jal x0, target'),
  row('jal', 'target', 'jal x1, target'),
  row('jr', 'rs1', 'jalr x0, 0(rs1)'),
  row('jr', 'imm(rs1)', 'jalr x0, imm(rs1)'),
  row('jr', 'rs1, imm', 'jalr x0, imm(rs1)'),
  row('jalr', 'rs1', 'jalr x1, 0(rs1)'),
  row('jalr', 'imm(rs1)', 'jalr x1, imm(rs1)'),
  row('jalr', 'rs1, imm', 'jalr x1, imm(rs1)'),
  row('jalr', 'rd, rs1', 'jalr rd, 0(rs1)'),
  row('jalr', 'rd, rs1, imm', 'jalr rd, imm(rs1)'),
  row('ret', '', 'jalr x0, 0(x1)'),
  row('call', 'target', 'auipc x1, %pcrel_hi(target)', 'jalr x1, %pcrel_lo(. - 4)(x1)'),
  row('call', 'rd, target', 'auipc x6, %pcrel_hi(target)', 'jalr rd, %pcrel_lo(. - 4)(x6)'),
  row('tail', 'target', 'auipc x6, %pcrel_hi(target)', 'jalr x0, %pcrel_lo(. - 4)(x6)'),
  row('jump', 'target, rs1', 'auipc rs1, %pcrel_hi(target)', 'jalr x0, %pcrel_lo(. - 4)(rs1)'),

  row('fence', '', 'fence iorw, iorw'),
  row('pause', '', 'fence w, 0'),

  row('fmv.s', 'fd, fs1', 'fsgnj.s fd, fs1, fs1'),
  row('fabs.s', 'fd, fs1', 'fsgnjx.s fd, fs1, fs1'),
  row('fneg.s', 'fd, fs1', 'fsgnjn.s fd, fs1, fs1'),
  row('fgt.s', 'rd, fs1, fs2', 'flt.s rd, fs2, fs1'),
  row('fge.s', 'rd, fs1, fs2', 'fle.s rd, fs2, fs1'),
  row('fmv.x.s', 'rd, fs1', 'fmv.x.w rd, fs1'),
  row('fmv.s.x', 'fd, rs1', 'fmv.w.x fd, rs1'),
  row('fcvt.s.bf16', 'fd, fs1', 'fcvt.s.bf16 fd, fs1, rne'),

  row('csrr', 'rd, csr', 'csrrs rd, csr, x0'),
  row('csrw', 'csr, rs1', 'csrrw x0, csr, rs1'),
  row('csrs', 'csr, rs1', 'csrrs x0, csr, rs1'),
  row('csrc', 'csr, rs1', 'csrrc x0, csr, rs1'),
  ...['csrwi', 'csrw'].map((name) => row(name, 'csr, zimm', 'csrrwi x0, csr, zimm')),
  ...['csrsi', 'csrs'].map((name) => row(name, 'csr, zimm', 'csrrsi x0, csr, zimm')),
  ...['csrci', 'csrc'].map((name) => row(name, 'csr, zimm', 'csrrci x0, csr, zimm')),
  row('csrrw', 'rd, csr, zimm', 'csrrwi rd, csr, zimm'),
  row('csrrs', 'rd, csr, zimm', 'csrrsi rd, csr, zimm'),
  row('csrrc', 'rd, csr, zimm', 'csrrci rd, csr, zimm'),
  ...['cycle', 'time', 'instret', 'cycleh', 'timeh', 'instreth'].map((counter) =>
    row(`rd${counter}`, 'rd', `csrrs rd, ${counter}, x0`),
  ),
  ...['frcsr', 'frsr'].map((name) => row(name, 'rd', 'csrrs rd, fcsr, x0')),
  ...['fscsr', 'fssr'].flatMap((name) => [
    row(name, 'rs1', 'csrrw x0, fcsr, rs1'),
    row(name, 'rd, rs1', 'csrrw rd, fcsr, rs1'),
  ]),
  row('frrm', 'rd', 'csrrs rd, frm, x0'),
  row('fsrm', 'rs1', 'csrrw x0, frm, rs1'),
  row('fsrm', 'rd, rs1', 'csrrw rd, frm, rs1'),
  row('fsrmi', 'zimm', 'csrrwi x0, frm, zimm'),
  row('fsrmi', 'rd, zimm', 'csrrwi rd, frm, zimm'),
  row('frflags', 'rd', 'csrrs rd, fflags, x0'),
  row('fsflags', 'rs1', 'csrrw x0, fflags, rs1'),
  row('fsflags', 'rd, rs1', 'csrrw rd, fflags, rs1'),
  row('fsflagsi', 'zimm', 'csrrwi x0, fflags, zimm'),
  row('fsflagsi', 'rd, zimm', 'csrrwi rd, fflags, zimm'),
];

/** fence rw, rw with fm = 8; `fence` has no operand for fm. Source: RISC-V Unprivileged ISA, chapter 2.7. */
export const FENCE_TSO = 0x8330000f;

/** Operands of `li`. */
export const LOAD_IMMEDIATE: Pseudo = { mnemonic: 'li', syntax: 'rd, imm', expansion: [] };

/**
 * The shortest load of a constant: `addi`, `lui`, or both.
 *
 * @param value in [-2^31, 2^32), loaded modulo 2^32
 */
export function loadImmediate(value: number): readonly string[] {
  const signed = value | 0;
  const low = (signed << 20) >> 20;
  const high = ((signed - low) >>> 12) & 0xfffff;
  if (high === 0) return [`addi rd, x0, ${low}`];
  return low === 0 ? [`lui rd, ${high}`] : [`lui rd, ${high}`, `addi rd, rd, ${low}`];
}

function row(mnemonic: string, syntax: string, ...expansion: string[]): Pseudo {
  return { mnemonic, syntax, expansion };
}
