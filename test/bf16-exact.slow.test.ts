/** The large samples of `bf16-exact.test.ts`, and all pairs of edges as instructions whose traces are checked. */
import { expect, test } from 'vitest';
import { assemble, readElf } from '../asm/index.ts';
import { checkExecution, explainFinding } from '../machine/check.ts';
import { ulpMachine } from '../machine/relation.ts';
import { loadProgram } from '../vm/executor/load.ts';
import { run } from '../vm/executor/run.ts';
import {
  BF16_EDGES,
  drawOperands,
  drawRounded,
  productRne,
  roundedBf16,
  stochasticBf16,
  tensorCoreProduct,
} from './support/bf16-exact.ts';
import { productDifference, roundingDifference } from './support/bf16-exact-cases.ts';
import { seeded } from './support/random.ts';

const SAMPLE = 10_000_000;
const seed = Number(process.env['SEED'] ?? 1);

test(`products of 10^7 seeded pairs, seed ${seed}`, () => {
  const random = seeded(seed);
  for (let i = 0; i < SAMPLE; i++) {
    const [a, b] = drawOperands(random);
    const difference = productDifference(a, b, i % 16);
    if (difference !== undefined) expect.fail(`seed ${seed}: ${difference}`);
  }
});

test(`rounding of 10^7 seeded words, in all modes and by thresholds, seed ${seed}`, () => {
  const random = seeded(seed);
  for (let i = 0; i < SAMPLE; i++) {
    const difference = roundingDifference(drawRounded(random), random.u32());
    if (difference !== undefined) expect.fail(`seed ${seed}: ${difference}`);
  }
});

/** Edge i in the first element of the block at 32 i. */
const hints = Uint16Array.from(BF16_EDGES.flatMap((edge) => [edge, ...new Array<number>(15).fill(0)]));

/** `body` for every pair of edges, at hint addresses s0 and s1; it leaves a result in t0, and a digest is put out. */
const overPairs = (body: string): string => `
  .globl _start
  _start:
    li s2, ${32 * BF16_EDGES.length}
    li s3, 1
    li s4, 0
    li s5, 0x9e3779b1
    li s0, 0
  rows:
    li s1, 0
  columns:
    ${body}
    mul s4, s4, s5
    add s4, s4, t0
    addi s1, s1, 32
    bne s1, s2, columns
    addi s0, s0, 32
    bne s0, s2, rows
    ulp.out s4, 0(zero)
    li a0, 0
    li a7, 93
    ecall
`;
const digestOf = (results: readonly number[]): number =>
  results.reduce((digest, word) => (Math.imul(digest, 0x9e37_79b1) + word) >>> 0, 0);
const ofPairs = (result: (a: number, b: number) => number): number =>
  digestOf(BF16_EDGES.flatMap((a) => BF16_EDGES.map((b) => result(a, b))));

const fused = (a: number, b: number): number => {
  const [word] = productRne(a, b);
  return word === 0x8000_0000 ? 0 : word;
};
const DOT = (model: string): string => `fmv.w.x fa0, zero\n bf16.dot.${model} fa0, s0, s1, s3`;

/** The word of the pair, the first edge above the second, in fa0. */
const WORD = `
  ulp.hint.hu t2, 0(s0)
  slli t0, t2, 16
  ulp.hint.hu t1, 0(s1)
  or t0, t0, t1
  fmv.w.x fa0, t0`;
const PRODUCT = `
  ulp.hint.hu t0, 0(s0)
  slli t0, t0, 16
  fmv.w.x fa0, t0
  ulp.hint.hu t0, 0(s1)
  slli t0, t0, 16
  fmv.w.x fa1, t0
  fmul.s fa0, fa0, fa1, rne`;
const RESULT = 'fmv.x.w t0, fa0';
const BOX = 0xffff_0000;

test.each([
  ['fmul.s', PRODUCT, (a: number, b: number) => productRne(a, b)[0]],
  ['bf16.dot.hopper', DOT('hopper'), tensorCoreProduct],
  ['bf16.dot.ampere', DOT('ampere'), tensorCoreProduct],
  ['bf16.dot.fma', DOT('fma'), fused],
  [
    'fcvt.bf16.s',
    `${WORD}\n fcvt.bf16.s fa0, fa0, rne`,
    (a: number, b: number) => BOX + roundedBf16(0, a * 2 ** 16 + b)[0],
  ],
  [
    'bf16.round.stochastic',
    `${WORD}\n bf16.round.stochastic fa0, fa0, t2`,
    (a: number, b: number) => BOX + stochasticBf16(a * 2 ** 16 + b, a)[0],
  ],
] as const)('%s of all pairs of edges: the results, and every trace is accepted', (_, body, result) => {
  const machine = ulpMachine();
  const text = overPairs(`${body}\n ${RESULT}`);
  const { elf, diagnostics } = assemble({ path: 'pairs.s', text }, { table: machine.instructions.table });
  expect(diagnostics).toEqual([]);
  const program = loadProgram(readElf(elf!), machine.instructions);
  const recorded = run(program, { hints }, { record: machine.recorded });
  if (recorded.kind !== 'halted') throw new Error(recorded.trap.detail);
  expect(recorded.publicOutput[0]).toBe(ofPairs(result));
  expect(checkExecution(machine, program, recorded.execution!).map((finding) => explainFinding(finding))).toEqual([]);
});
