/**
 * Xulp, the instructions of this machine outside standard RISC-V: the one place where their encodings are written.
 *
 * Space: custom-0 (memory spaces and assertions), custom-1 (precompiles with three sources, R4), custom-2 (precompiles
 * with one or two, by funct3: 0 `sha256`, 1 `philox`, 2 `bf16.table`, 3 correctly rounded functions
 * `fp32.*`, 4 `bf16.round.stochastic`).
 * In custom-1 funct2 is the family and funct3 the variant: 0 `bf16.dot`, 1 `poseidon2`, 2 and 3 reductions over words of
 * the hint tape and of RAM. The variants of `bf16.dot` are accumulation models: 0 hopper, 1 ampere, 2 blackwell, 3 amx,
 * 4 fma; those of reductions are in `REDUCTIONS`.
 */

import type { InstructionSpec } from './instruction.ts';

export const CUSTOM_0 = 0x0b;
export const CUSTOM_1 = 0x2b;
export const CUSTOM_2 = 0x5b;

/** funct3 of a `bf16.dot` instruction: the accumulation model it follows bit for bit. */
export const DOT_MODELS = { hopper: 0, ampere: 1, blackwell: 2, amx: 3, fma: 4 } as const;

export const XULP_IO: readonly InstructionSpec[] = [
  {
    mnemonic: 'ulp.hint.w',
    op: 160,
    format: 'I',
    opcode: CUSTOM_0,
    funct3: 0,
    syntax: 'rd, imm(rs1)',
    summary: 'rd = word of the private hint tape at byte address rs1 + imm',
  },
  {
    mnemonic: 'ulp.hint.hu',
    op: 161,
    format: 'I',
    opcode: CUSTOM_0,
    funct3: 1,
    syntax: 'rd, imm(rs1)',
    summary: 'rd = zero-extended halfword of the private hint tape at byte address rs1 + imm',
  },
  {
    mnemonic: 'ulp.pub.w',
    op: 162,
    format: 'I',
    opcode: CUSTOM_0,
    funct3: 2,
    syntax: 'rd, imm(rs1)',
    summary: 'rd = word of the public input at byte address rs1 + imm',
  },
  {
    mnemonic: 'ulp.out',
    op: 163,
    format: 'S',
    opcode: CUSTOM_0,
    funct3: 3,
    syntax: 'rs2, imm(rs1)',
    summary: 'append rs2 to the public output; rs1 + imm is its byte address and must be 0, 4, 8, .. in order',
  },
  {
    mnemonic: 'ulp.assert.eq',
    op: 164,
    format: 'S',
    opcode: CUSTOM_0,
    funct3: 4,
    syntax: 'rs1, rs2, id',
    summary: 'trap with the assertion id unless rs1 == rs2',
  },
];

const DOT_SUMMARIES = {
  hopper: 'in the Hopper model',
  ampere: 'in the Ampere model',
  blackwell: 'in the Blackwell model',
  amx: 'in the AMX model',
  fma: 'by fused multiply-adds in order',
};
/** The first of their ids; funct3 is added. */
const DOT_OP = 168;

export const BF16_DOT: readonly InstructionSpec[] = (Object.keys(DOT_SUMMARIES) as (keyof typeof DOT_SUMMARIES)[]).map(
  (model) => ({
    mnemonic: `bf16.dot.${model}`,
    op: DOT_OP + DOT_MODELS[model],
    format: 'R4',
    opcode: CUSTOM_1,
    funct2: 0,
    funct3: DOT_MODELS[model],
    syntax: 'fd, rs1, rs2, rs3',
    summary: `fd += dot product of rs3 blocks of 16 BF16 at hint byte addresses rs1 and rs2, ${DOT_SUMMARIES[model]}`,
  }),
);

export const POSEIDON2: readonly InstructionSpec[] = [
  {
    mnemonic: 'poseidon2.sponge',
    op: 176,
    format: 'R4',
    opcode: CUSTOM_1,
    funct2: 1,
    funct3: 0,
    fixed: { rd: 0 },
    syntax: 'rs1, rs2, rs3',
    summary: '9 words at rs1 = salted digest of rs3 rows of 3 hint blocks from hint byte address rs2',
  },
  {
    mnemonic: 'poseidon2.merkle',
    op: 177,
    format: 'R4',
    opcode: CUSTOM_1,
    funct2: 1,
    funct3: 1,
    fixed: { rd: 0 },
    syntax: 'rs1, rs2, rs3',
    summary: '9 words at rs1 = root over that leaf digest, with leaf index rs2 and depth rs3',
  },
];

export const WORD_PRECOMPILES: readonly InstructionSpec[] = [
  {
    mnemonic: 'sha256.compress',
    op: 184,
    format: 'R',
    opcode: CUSTOM_2,
    funct3: 0,
    funct7: 0,
    fixed: { rd: 0 },
    syntax: 'rs1, rs2',
    summary: '8 words at rs1 = SHA-256 state after the block of 16 words at rs2',
  },
  {
    mnemonic: 'philox',
    op: 185,
    format: 'R',
    opcode: CUSTOM_2,
    funct3: 1,
    funct7: 0,
    fixed: { rd: 0 },
    syntax: 'rs1, rs2',
    summary: '4 words at rs1 = Philox4x32-10 of that counter, with the key of 2 words at rs2',
  },
  {
    mnemonic: 'bf16.table',
    op: 186,
    format: 'I',
    opcode: CUSTOM_2,
    funct3: 2,
    syntax: 'fd, fs1, id',
    summary: 'fd = correctly rounded FP32 of function id at the BF16 in the low halfword of fs1',
  },
  {
    mnemonic: 'bf16.round.stochastic',
    op: 192,
    format: 'R',
    opcode: CUSTOM_2,
    funct3: 4,
    funct7: 0,
    syntax: 'fd, fs1, rs2',
    summary: 'fd = binary32 fs1 rounded to BF16, away from zero if its low halfword and that of rs2 carry, NaN-boxed',
  },
];

/** Correctly rounded functions, to nearest even whatever frm holds; funct7 is the function. */
export const FP32_FUNCTIONS: readonly InstructionSpec[] = [
  {
    mnemonic: 'fp32.exp',
    op: 187,
    format: 'R',
    opcode: CUSTOM_2,
    funct3: 3,
    funct7: 0,
    fixed: { rs2: 0 },
    syntax: 'fd, fs1',
    summary: 'fd = e^fs1, correctly rounded to nearest even',
  },
  {
    mnemonic: 'fp32.exp2',
    op: 188,
    format: 'R',
    opcode: CUSTOM_2,
    funct3: 3,
    funct7: 1,
    fixed: { rs2: 0 },
    syntax: 'fd, fs1',
    summary: 'fd = 2^fs1, correctly rounded to nearest even',
  },
  {
    mnemonic: 'fp32.log',
    op: 189,
    format: 'R',
    opcode: CUSTOM_2,
    funct3: 3,
    funct7: 2,
    fixed: { rs2: 0 },
    syntax: 'fd, fs1',
    summary: 'fd = natural logarithm of fs1, correctly rounded to nearest even',
  },
  {
    mnemonic: 'fp32.rsqrt',
    op: 190,
    format: 'R',
    opcode: CUSTOM_2,
    funct3: 3,
    funct7: 3,
    fixed: { rs2: 0 },
    syntax: 'fd, fs1',
    summary: 'fd = 1 / sqrt(fs1), correctly rounded to nearest even',
  },
  {
    mnemonic: 'fp32.tanh',
    op: 191,
    format: 'R',
    opcode: CUSTOM_2,
    funct3: 3,
    funct7: 4,
    fixed: { rs2: 0 },
    syntax: 'fd, fs1',
    summary: 'fd = hyperbolic tangent of fs1, correctly rounded to nearest even',
  },
];

/** Reductions of FP32 words by operation and order: funct3 and what fd receives. */
export const REDUCTIONS = {
  'sum.sequential': { funct3: 0, gives: 'fd + the sum, one word at a time' },
  'sum.pairwise': { funct3: 1, gives: 'the sum, neighbours in pairs, then their sums in pairs' },
  'sum.warp': { funct3: 2, gives: 'the sum as 32 lanes with stride 32 and a butterfly 16-8-4-2-1 form it' },
  'squares.sequential': { funct3: 3, gives: 'fd + the sum of squares, one fused multiply-add at a time' },
  max: { funct3: 4, gives: 'the largest of fd and the words, as fmax.s has it' },
  maxm: { funct3: 5, gives: 'the largest of fd and the words, or NaN if one of them is, as fmaxm.s has it' },
  'squares.warp': { funct3: 6, gives: 'the sum of squares in the order of sum.warp, lanes by fused multiply-adds' },
  'squares.pairwise': { funct3: 7, gives: 'the sum of squares in the order of sum.pairwise, each square rounded' },
} as const;
export type Reduction = keyof typeof REDUCTIONS;

/** Where the words of a reduction are: funct2, and what is added to funct3 for the id. */
export const REDUCTION_SOURCES = {
  hint: { funct2: 2, op: 200, where: 'hint byte address rs1' },
  ram: { funct2: 3, op: 208, where: 'RAM byte address rs1' },
} as const;
export type ReductionSource = keyof typeof REDUCTION_SOURCES;

export const FP32_REDUCE: readonly InstructionSpec[] = (Object.keys(REDUCTION_SOURCES) as ReductionSource[]).flatMap(
  (source) =>
    (Object.keys(REDUCTIONS) as Reduction[]).map((reduction): InstructionSpec => {
      const { funct2, op, where } = REDUCTION_SOURCES[source];
      const { funct3, gives } = REDUCTIONS[reduction];
      return {
        mnemonic: `fp32.${reduction}.${source}`,
        op: op + funct3,
        format: 'R4',
        opcode: CUSTOM_1,
        funct2,
        funct3,
        fixed: { rs3: 0 },
        syntax: 'fd, rs1, rs2',
        summary: `fd = ${gives}; of rs2 words from ${where} on`,
      };
    }),
);

/** Every Xulp instruction there is. A machine takes those it implements. */
export const XULP: readonly InstructionSpec[] = [
  ...XULP_IO,
  ...BF16_DOT,
  ...POSEIDON2,
  ...WORD_PRECOMPILES,
  ...FP32_FUNCTIONS,
  ...FP32_REDUCE,
];
