/** A program whose dot products are a tile, with and without an infinity among the operands: proven and verified. */
import { beforeAll, describe, expect, test } from 'vitest';
import { assemble, readElf } from '../../asm/index.ts';
import { checkExecution, explainFinding } from '../../machine/check.ts';
import { type ProvenProgram, proveProgram, verifyProgram } from '../../machine/prove.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { dotBf16 } from '../../precompiles/bf16-dot-call/semantics.ts';
import { FAST } from '../../stark/parameters.ts';
import { loadProgram } from '../../vm/executor/load.ts';
import { run } from '../../vm/executor/run.ts';
import { patterns } from './honest.fixture.ts';

const machine = ulpMachine();
const BLOCKS = 3;
/** Byte addresses of a0, a1, b0, b1. */
const [A0, A1, B0, B1] = [0, 96, 192, 288];
const PAIRS = [
  [A0, B0],
  [A0, B1],
  [A1, B0],
  [A1, B1],
] as const;
const text = `
  .globl _start
  _start:
    li a4, ${BLOCKS}
  ${PAIRS.map(
    ([a, b], i) => `
    fmv.w.x fa${i}, zero
    li a1, ${a}
    li a2, ${b}
    bf16.dot.hopper fa${i}, a1, a2, a4
    fmv.x.w t0, fa${i}
    ulp.out t0, ${4 * i}(zero)`,
  ).join('')}
    li a0, 0
    li a7, 93
    ecall
`;
const { elf } = assemble({ path: 'tile.s', text }, { table: machine.instructions.table });
const program = loadProgram(readElf(elf!), machine.instructions);
const hints = patterns(4 * BLOCKS * 16, 5);
const expected = PAIRS.map(([a, b]) => dotBf16('hopper', 0, hints, a / 2, hints, b / 2, BLOCKS));

describe('four dot products of two rows and two columns', () => {
  let proven: ProvenProgram;
  beforeAll(async () => {
    const result = await proveProgram(machine, program, { hints }, { parameters: FAST });
    if (!result.ok) throw new Error(result.trap.cause);
    proven = result;
  }, 60_000);
  const values = () => ({
    publicInput: new Uint32Array(0),
    publicOutput: proven.publicOutput,
    exitCode: 0,
  });

  test('are the reference, in one row for each block of all four', () => {
    expect([...proven.publicOutput]).toEqual(expected);
    expect(proven.rowsByChip.get('bf16-dot-tile')).toBe(BLOCKS);
    expect(proven.rowsByChip.has('bf16-dot')).toBe(false);
  });

  test('verify with at least 100 bits', () => {
    const verdict = verifyProgram(machine, program, values(), proven.proof);
    expect(verdict).toMatchObject({ ok: true, zeroKnowledge: true });
    expect(verdict.ok && verdict.bits).toBeGreaterThanOrEqual(100);
  });

  test.each([0, 1, 2, 3])('are refused with one bit of result %i flipped', (entry) => {
    const publicOutput = proven.publicOutput.map((word, i) => (i === entry ? word ^ 1 : word));
    const verdict = verifyProgram(machine, program, { ...values(), publicOutput }, proven.proof);
    expect(verdict).toEqual({ ok: false, why: { code: 'bus-unbalanced' } });
  });

  test('are refused with one bit of the proof flipped', () => {
    for (let at = 5; at < proven.proof.length; at += Math.floor(proven.proof.length / 12)) {
      const proof = proven.proof.slice();
      proof[at]! ^= 4;
      expect(verifyProgram(machine, program, values(), proof).ok, `byte ${at}`).toBe(false);
    }
  });
});

test.each([
  ['a0', 20],
  ['b1', 150],
  ['both rows of a', 60],
])('an infinity in %s: all chips together satisfy the relation', (name, at) => {
  const special = hints.with(at, 0x7f80);
  if (name === 'both rows of a') special[at - 48] = 0xff80;
  const recorded = run(program, { hints: special }, { record: machine.recorded });
  if (recorded.kind !== 'halted') throw new Error(recorded.trap.cause);
  expect([...recorded.publicOutput]).toEqual(
    PAIRS.map(([a, b]) => dotBf16('hopper', 0, special, a / 2, special, b / 2, BLOCKS)),
  );
  const rows = (chip: string): number => recorded.execution!.logs.get(chip)!.count;
  expect(4 * rows('bf16-dot-tile') + rows('bf16-dot') + rows('bf16-dot-special')).toBe(4 * BLOCKS);
  expect(rows('bf16-dot-special')).toBeGreaterThan(0);
  expect(checkExecution(machine, program, recorded.execution!).map(explainFinding)).toEqual([]);
});
