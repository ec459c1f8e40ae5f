/** The part of `docs/isa.md` that is written by hand. Numbers come from the sources. */

import { BLOCK } from '../../precompiles/bf16-dot/semantics.ts';
import { BLOCK_WORDS, COUNT_LIMIT, LANES } from '../../precompiles/fp32-reduce/constants.ts';
import { DIGEST_FELTS } from '../../precompiles/poseidon2/constants.ts';
import { MAX_DEPTH, ROW_HALFWORDS, ROW_SALTS, ROWS_LIMIT } from '../../precompiles/poseidon2/format.ts';

import { P } from '../../stark/field/koala-bear.ts';
import { EXIT_CALL } from '../../vm/chips/halt/call.ts';
import { DOT_MODELS } from '../../vm/isa/xulp.ts';
import { CLK_LIMIT, CLK_STEP, RAM_END, REGISTER, TEXT_BASE } from '../../vm/space.ts';
import { markdownTable } from './table.ts';

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;
const BLOCK_BYTES = 2 * BLOCK;

const MEMORY_MAP = markdownTable(
  ['bytes', 'what', 'initial value', 'access'],
  [
    [`0 .. ${hex(TEXT_BASE - 1)}`, 'nothing, so that a null pointer traps', '', ''],
    [
      `from ${hex(TEXT_BASE)}`,
      'text: the executable segments',
      'the ELF file',
      'fetched as decoded when loaded; loads and stores see ordinary memory',
    ],
    ['after it', 'read-only data, data', 'the ELF file', 'loads and stores'],
    [`from the end of file data to ${hex(RAM_END - 1)}`, 'zeros: `.bss`, heap, stack', '0', 'loads and stores'],
    [`from ${hex(RAM_END)}`, 'nothing', '', ''],
  ],
);

const SPACES = markdownTable(
  ['space', 'what', 'written by', 'read by'],
  [
    ['registers', 'x0 to x31, f0 to f31 (32 bits each)', 'the program', 'the program'],
    ['RAM', 'above', 'the ELF file, the program', 'the program'],
    ['program', 'decoded text', 'the ELF file', 'instruction fetch'],
    [
      'public input',
      'words, part of the statement',
      'who states the claim',
      '`ulp.pub.w`, any word any number of times',
    ],
    ['public output', 'words, part of the statement', '`ulp.out`, in order, each once', 'the verifier'],
    [
      'hint tape',
      'halfwords, private',
      'the prover, before the run',
      '`ulp.hint.*`, `bf16.dot.*`, `fp32.*.hint`, `poseidon2.sponge`',
    ],
    ['advice', 'field elements, private', 'the prover, before the run', '`poseidon2.*`, in order, each once'],
  ],
);

/** Sections before the tables. */
export const ISA_TEXT: readonly string[] = [
  `# The instruction set

Generated from the instruction table of the machine by \`npx vitest run test/docs -u\`; a test compares it with it.

The machine is little-endian RV32IM with those parts of F and Zfbfmin that its chips prove, and an extension **Xulp** in the custom opcodes: the private hint tape, public input and output, assertions, and precompiles. Standard toolchains can make programs for it (\`-march=rv32im -mabi=ilp32\`); its own [assembler](../asm/README.md) knows Xulp as well. [write-a-guest.md](write-a-guest.md) is a first program.`,

  '## Memory',
  `Instructions are 32-bit words. A word access is aligned to 4 bytes, a halfword access to 2; anything else traps. The pc stays in the text.`,
  MEMORY_MAP,
  `\`la sp, ${hex(RAM_END)}\` gives the whole stack, which grows down (\`guests/lib/crt0.s\`). Stores into text change what loads see and never what runs: instructions are decoded once, when the program is loaded.`,

  '## Spaces',
  SPACES,

  '## Calling convention and the end of a run',
  `The standard ilp32 one: arguments and results in a0 to a7, return address in ra, s0 to s11 and sp preserved by a call, t0 to t6 not. A run starts at the entry of the ELF file with every register 0. It ends with \`ecall\` when a7 is ${EXIT_CALL}: a0 is the exit code, a public value. Any other \`ecall\` traps.

A **trap** (a failed assertion, an illegal instruction, a misaligned or unmapped access, a hint out of range, \`ebreak\`) ends the run with its cause, pc, source line and cycle. A run that trapped has no proof; a run that ended with an exit code other than 0 has one, which says so.`,

  '## Public input and output',
  `Both are lists of words, addressed by byte as if each began at address 0: word i is at 4 i. \`ulp.pub.w\` reads any word of the input; beyond its end it traps. \`ulp.out rs2, imm(rs1)\` appends a word; the address is there so that the proof need not carry a counter, and must be 4 times the number of words already written. Input, output and exit code are the statement: whoever verifies a proof supplies them.`,

  '## Hints',
  `The hint tape is what the prover knows and the verifier does not: a list of halfwords, in blocks of ${BLOCK} (${BLOCK_BYTES} bytes), padded with zeros to whole blocks. It is written once, before the run, so an address has one value in the whole run; that value may be anything. **A hint proves nothing by itself.** A program must check every hint it uses, against a root in the public input or by a computation whose result it asserts. The assembler warns of a hint that reaches no check; a test with wrong hints shows that there are enough of them.

\`ulp.hint.w\` and \`ulp.hint.hu\` take a byte address. \`bf16.dot.*\` and \`poseidon2.sponge\` take the address of a block, a multiple of ${BLOCK_BYTES}. Reading beyond the end traps.

Salts and siblings are no halfwords but field elements below ${P}, on a list of their own, the advice: each \`poseidon2\` instruction takes the next ones.`,

  '## Xulp conventions',
  `- \`ulp.assert.eq rs1, rs2, id\` traps unless both are equal. In the assembler the id may be a text, which is kept in the file and shown in the trap. The id is no part of the proof.
- \`bf16.dot.MODEL fd, rs1, rs2, rs3\`: fd holds the FP32 accumulator before and after; rs1 and rs2 are hint addresses, rs3 the number of blocks of 16 products, below 2^16. Rounding, order and special cases: [numerics.md](numerics.md). The funct3 field names the accumulation model (${Object.entries(
    DOT_MODELS,
  )
    .map(([name, code]) => `${code} ${name}`)
    .join(', ')}); this machine has those in the table below.
- \`fp32.FUNCTION fd, fs1\` rounds to nearest, ties to even, whatever \`frm\` holds: it is the nearest number for every operand, not an approximation. Special values are those of IEEE 754-2019, 9.2.1: \`fp32.log\` and \`fp32.rsqrt\` of a negative number are the canonical NaN and raise invalid, of a zero an infinity with division by zero, \`fp32.rsqrt\` of -0 the negative one. Flags accrue as for other operations; only exact results are not inexact.
- \`fp32.sum.*\`, \`fp32.squares.*\`, \`fp32.max\` and \`fp32.maxm\` \`fd, rs1, rs2\` reduce rs2 FP32 words, fewer than 2^${Math.log2(COUNT_LIMIT)}, from byte address rs1 on: of the hint tape (\`.hint\`, a multiple of ${BLOCK_WORDS * 4}) or of RAM (\`.ram\`, a multiple of 4). All additions round to nearest, ties to even, whatever \`frm\` holds, and flags accrue as those of the scalar instructions would.
  - \`.sequential\`, \`max\`, \`maxm\`: fd is the accumulator before the first word, so that a reduction can go on; without words it stays as it is. Squares are fused, acc = fma(x, x, acc), as nvcc makes them of acc += x * x. \`max\` is \`fmax.s\` (CUDA's fmaxf), \`maxm\` is \`fmaxm.s\` of Zfa (a NaN makes it NaN, as in torch.max).
  - \`.warp\`: ${LANES} lanes start as +0 and take word j, j + ${LANES}, .. in order, one less from lane rs2 mod ${LANES} on; then each adds that of the lane xor 16, 8, 4, 2, 1, and fd is the sum in lane 0, as \`__shfl_xor_sync\` gives it to every lane.
  - \`.pairwise\`: words in pairs, the last of an odd number as it is, and so on with their sums (Higham, Accuracy and Stability of Numerical Algorithms, 4.1): the left part of n words is the largest power of two below n. Without words +0. Squares are each rounded first, as \`fmul.s\` rounds them.
- \`bf16.round.stochastic fd, fs1, rs2\`: the low halfword of rs2 is the threshold, uniform where a program takes it from \`philox\`; its upper half is ignored. It is added to the bits of fs1, and the upper half of the sum is the BF16. It has no rounding mode; underflow is tininess before rounding.
- \`fp32.exp\`, \`fp32.exp2\` and the other functions \`fd, fs1\` of funct3 3: the binary32 number nearest to the true value, ties to even, whatever \`frm\` holds; they have no rounding mode. Flags accrue as IEEE 754-2019, 9.2, has them: inexact unless the value is a binary32 number, overflow, underflow, invalid for a signaling NaN. Which they are, and why each result is decided: [decision 0007](decisions/0007-correctly-rounded-functions.md).
- \`poseidon2.sponge rs1, rs2, rs3\`: hashes rs3 rows, fewer than 2^${Math.log2(ROWS_LIMIT)}, of ${ROW_HALFWORDS} halfwords from hint address rs2, each with ${ROW_SALTS} salts from the advice, and writes the digest, ${DIGEST_FELTS} words below p, to memory from rs1 on.
- \`poseidon2.merkle rs1, rs2, rs3\`: takes the digest in the ${DIGEST_FELTS} words at rs1 for leaf rs2 of a tree of depth rs3, at most ${MAX_DEPTH}, with ${DIGEST_FELTS} field elements a level from the advice as siblings, and writes the root in its place. Compare it with the root you expect: the instruction itself accepts anything.`,

  '## fcsr and counters',
  `\`fflags\`, \`frm\` and \`fcsr\` are read and written with the CSR instructions, start as 0, and every floating-point instruction accrues its flags exactly (NV 16, DZ 8, OF 4, UF 2, NX 1; underflow is tininess after rounding, but for \`bf16.round.stochastic\`). An instruction with a reserved rounding mode, its own or in the dynamic mode that of \`frm\`, is illegal. \`cycle\`, \`time\` and \`instret\` all are the number of instructions before the read; their upper halves are 0 in a run that can be proven. Any other CSR, and any write to a counter, is an illegal instruction.`,

  '## Time',
  `Every instruction has a time, \`clk\`, from 1 on, and advances it by ${CLK_STEP}. Times of a proven run stay below 2^${Math.log2(CLK_LIMIT)}, that is ${CLK_LIMIT / CLK_STEP / 2 ** 20} * 2^20 instructions, which is beyond what one proof holds in rows. Registers are memory too: x0 to x31 are addresses 0 to 31 and f0 to f31 ${REGISTER.f0} to ${REGISTER.f0 + 31} of a space of their own; writes to x0 are decoded to address ${REGISTER.sink}, which nothing reads; \`frm\` is ${REGISTER.frm} and \`fflags\` ${REGISTER.fflags}.`,
];
