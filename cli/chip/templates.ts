/** The files of `ulp chip new`: a chip that adds two halfwords, with a carry to forge. */
import type { InstructionSpec } from '../../vm/isa/instruction.ts';

export const configText = (name: string): string => `import { defineConfig } from 'ulpvm/kit';
import { extension } from './${name}/extension.ts';

export default defineConfig([extension]);
`;

/** By file name. */
export const filesOf = (name: string, spec: InstructionSpec): readonly (readonly [string, string])[] => [
  ['spec.ts', specText(spec)],
  ['semantics.ts', SEMANTICS],
  ['air.ts', airText(name)],
  ['execute.ts', executeText(name)],
  ['trace.ts', TRACE],
  ['extension.ts', extensionText(name)],
  ['forgeries.ts', FORGERIES],
  [`${name}.test.ts`, testText(name)],
  ['example.s', exampleText(spec)],
];

const specText = (spec: InstructionSpec): string => `/** The instruction: its encoding and syntax. */
import type { InstructionSpec } from 'ulpvm/vm';

export const spec: InstructionSpec = ${JSON.stringify(spec, null, 2)};
`;

const SEMANTICS = `/** The sum of the low halfwords of two words: 17 bits. */
export const addHalves = (a: number, b: number): number => (a & 0xffff) + (b & 0xffff);
`;

const airText = (name: string): string => `/**
 * One row an instruction: the low halfwords of rs1 and rs2 are added.
 *
 * Assumes  the frame of a three-register instruction; limbs of registers are below 2^16.
 * Ensures  rd = sum + 2^16 carry = low halfword of rs1 + low halfword of rs2.
 * Proof    both sides of the constraint are below 2^17 < p, so that it holds over the integers; sum below 2^16 and a
 *          carry that is a bit make it unique.
 * Padding  all zero: 0 + 0 = 0, and isReal = 0 is the multiplicity of everything but range checks of 0.
 */
import { bit, defineAir, u16 } from 'ulpvm/stark';
import { operandColumns, operands } from 'ulpvm/vm';
import { spec } from './spec.ts';

export const air = defineAir({
  name: '${name}',
  columns: {
    ...operandColumns,
    sum: u16('low 16 bits of the sum'),
    carry: bit('bit 16 of the sum'),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const total = local.sum.plus(local.carry.times(2 ** 16));
    assertZero('the halfwords add up', local.rs1Lo.plus(local.rs2Lo).minus(total));

    operands(builder, local, { op: spec.op, result: { lo: local.sum, hi: local.carry } });
  },
});
`;

const executeText = (name: string): string => `/** How the instruction is decoded and executed. */
import { type Instruction, operandInstruction, xAddress, xTarget } from 'ulpvm/vm';
import { addHalves } from './semantics.ts';
import { spec } from './spec.ts';

export const instructions: readonly Instruction[] = [
  operandInstruction(
    '${name}',
    spec,
    ({ rd, rs1, rs2 }) => ({ op: spec.op, rd: xTarget(rd), rs1: xAddress(rs1), rs2: xAddress(rs2) }),
    addHalves,
  ),
];
`;

const TRACE = `/** Events to rows: \`operandChip\` fills the frame, the chip its own two cells. */
import { operandChip } from 'ulpvm/vm';
import { air } from './air.ts';
import { addHalves } from './semantics.ts';

const { sum, carry } = air.offsets;

export const chip = operandChip(air, (cells, row, _op, a, b) => {
  const total = addHalves(a, b);
  cells[row + sum] = total & 0xffff;
  cells[row + carry] = total >>> 16;
});
`;

const extensionText = (name: string): string => `/** What joins the machine. */
import type { UserExtension } from 'ulpvm/kit';
import { instructions } from './execute.ts';
import { chip } from './trace.ts';

export const extension: UserExtension = {
  name: '${name}',
  chips: [chip],
  instructions,
  forgeries: () => import('./forgeries.ts'),
};
`;

const FORGERIES = `/** False claims about the chip, each with exactly what rejects it. \`ulp chip check\` demands that they name everything. */
import {
  type ChipForgeries,
  type Forgery,
  frameForgeries,
  frameNeverAlone,
  stepped,
  swapOperands,
  withCells,
} from 'ulpvm/kit';
import { felt, inverse, neg, type Rows } from 'ulpvm/stark';
import { air } from './air.ts';
import { instructions } from './execute.ts';
import { spec } from './spec.ts';
import { chip } from './trace.ts';

/** The row of one execution: x3 = x1 + x2. */
const row = (a: number, b: number): Rows =>
  stepped(instructions, [chip], [
    { mnemonic: spec.mnemonic, fields: { rd: 3, rs1: 1, rs2: 2 }, registers: { 1: a, 2: b } },
  ]).trace(chip);

const honest = row(0x1234_0003, 4);
const carrying = row(0xffff, 1);
const forgeries: Forgery[] = [
  ...frameForgeries({ air, honest, accesses: { rs1: 0, rs2: 1, rd: 3 } }),
  { claim: '3 + 4 = 8', honest, forged: withCells(air, honest, 0, { sum: 8 }), rejectedBy: ['the halfwords add up'] },
  {
    claim: 'a carry of -1 / 2^16 pays for 3 + 4 = 8',
    honest,
    forged: withCells(air, honest, 0, { sum: 8, carry: neg(inverse(felt(2 ** 16))) }),
    rejectedBy: ['carry is a bit'],
  },
  {
    claim: '0xffff + 1 = 0x10000 fits the low halfword',
    honest: carrying,
    forged: withCells(air, carrying, 0, { sum: 2 ** 16, carry: 0 }),
    rejectedBy: ['sum is below 2^16'],
  },
  {
    claim: 'the operands change places',
    honest: row(5, 5),
    forged: swapOperands(air, row(5, 5)),
    rejectedBy: ['the program has this instruction'],
  },
];

const checks: ChipForgeries = { air, forgeries, neverAlone: frameNeverAlone(['rs1', 'rs2', 'rd']) };
export default checks;
`;

const testText = (name: string): string => `/** node --import ulpvm/loader --test ${name}/${name}.test.ts */
import assert from 'node:assert/strict';
import test from 'node:test';
import { checkChip } from 'ulpvm/kit';
import { ulpMachine } from 'ulpvm/machine';
import { extension } from './extension.ts';
import forgeries from './forgeries.ts';
import { addHalves } from './semantics.ts';

// Expected values come from outside: a standard, a published vector, another implementation.
test('known answers', () => {
  assert.equal(addHalves(0xffff_0001, 2), 3);
  assert.equal(addHalves(0xffff, 0xffff), 0x1_fffe);
});

test('the chip agrees with the machine, and its forgeries are rejected by exactly what they name', () => {
  const wrong = checkChip(ulpMachine([extension]), '${name}', forgeries).filter(({ verdict }) => verdict === 'failed');
  assert.deepEqual(wrong, []);
});
`;

const exampleText = ({ mnemonic }: InstructionSpec): string => `# Writes 0xffff + 2 = 0x10001 to the public output.
.text
.globl _start
_start:
    li t0, 0xffff
    li t1, 2
    ${mnemonic} t2, t0, t1
    ulp.out t2, 0(zero)
    li a0, 0
    li a7, 93
    ecall
`;
