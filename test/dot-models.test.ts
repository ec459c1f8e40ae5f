/** Every accumulation model in a whole machine: a guest, its trace, and the reference. */
import { describe, expect, test } from 'vitest';
import { assemble, readElf } from '../asm/index.ts';
import { linearGuest } from '../cli/layer/guest.ts';
import { claimLinear } from '../cli/layer/linear.ts';
import { checkExecution, explainFinding } from '../machine/check.ts';
import { ulpMachine } from '../machine/relation.ts';
import { linearLayer } from '../model/linear.ts';
import { type DotModel, dotBf16 } from '../precompiles/bf16-dot-call/semantics.ts';
import { memoryMatrix } from '../protocol/bf16-matrix.ts';
import type { TileSide } from '../protocol/statement.ts';
import { loadProgram } from '../vm/executor/load.ts';
import { run } from '../vm/executor/run.ts';
import { seeded } from './support/random.ts';

const machine = ulpMachine();
const MODELS: readonly DotModel[] = ['hopper', 'ampere', 'blackwell', 'fma', 'amx'];

const random = seeded(100);
const mild = (): number => random.below(2) * 0x8000 + 0x3c00 + random.below(0x600);
const SPECIAL = [0, 0x8000, 0x0001, 0x807f, 0x0080, 0x7f7f, 0xff7f, 0x7f80, 0xff80, 0x7f81, 0xffc3];
/** Four blocks of operands of a kind, and an accumulator. */
const KINDS: readonly (readonly [kind: string, operand: () => number, acc: number])[] = [
  ['ordinary', mild, 0x3f80_0001],
  ['zeros among them', () => (random.below(2) === 0 ? mild() : random.below(2) * 0x8000), 0x8000_0000],
  ['tiny', () => random.below(2) * 0x8000 + 0x1f00 + random.below(0x180), 0x0000_0001],
  ['subnormal', () => (random.below(2) === 0 ? random.below(0x100) : mild() + 0x100), 0x8040_0000],
  ['huge', () => random.below(2) * 0x8000 + 0x5e80 + random.below(0x200), 0xff7f_ffff],
  ['the largest beside zeros', () => (random.below(2) === 0 ? 0x7f7f : 0) + random.below(2) * 0x8000, 0],
  ['any', () => (random.below(3) === 0 ? random.pick(SPECIAL) : random.below(2 ** 16)), 0x7f80_0000],
  ['on top of a NaN', mild, 0x7f81_2345],
];
const hints = Uint16Array.from(KINDS.flatMap(([, operand]) => Array.from({ length: 64 }, operand)));

/** Of every kind, fd after three calls: of two blocks onto acc, of one block onto that, of none. */
const textOf = (model: string): string => `
  .globl _start
  _start:
  ${KINDS.map(
    ([, , acc], i) => `
    li t0, ${acc | 0}
    fmv.w.x fa0, t0
    li a0, ${128 * i}
    li a1, ${128 * i + 64}
    li a2, 2
    bf16.dot.${model} fa0, a0, a1, a2
    li a2, 1
    bf16.dot.${model} fa0, a1, a0, a2
    bf16.dot.${model} fa0, a1, a0, zero
    fmv.x.w t0, fa0
    ulp.out t0, ${4 * i}(zero)`,
  ).join('')}
    li a0, 0
    li a7, 93
    ecall
`;

test.each(MODELS)('bf16.dot.%s of operands of all kinds is the reference, and its trace is accepted', (model) => {
  const { elf, diagnostics } = assemble({ path: 'dot.s', text: textOf(model) }, { table: machine.instructions.table });
  expect(diagnostics).toEqual([]);
  const program = loadProgram(readElf(elf!), machine.instructions);
  const recorded = run(program, { hints }, { record: machine.recorded });
  if (recorded.kind !== 'halted') throw new Error(`${recorded.trap.cause}: ${recorded.trap.detail}`);
  const expected = KINDS.map(([, , acc], i) => {
    const [a, b] = [64 * i, 64 * i + 32];
    return dotBf16(model, dotBf16(model, acc, hints, a, hints, b, 2), hints, b, hints, a, 1);
  });
  expect([...recorded.publicOutput]).toEqual(expected);
  expect([...run(program, { hints }).publicOutput]).toEqual(expected);
  expect(checkExecution(machine, program, recorded.execution!).map(explainFinding)).toEqual([]);
});

describe.each(MODELS)('a layer accumulated by %s', (model) => {
  const shape = { rows: 3, columns: 50, inner: 24 };
  const random = seeded(7);
  const values = (count: number): Uint16Array =>
    Uint16Array.from({ length: count }, () => random.below(2) * 0x8000 + 0x3e00 + random.below(0x200));
  const [x, w, bias] = [values(72), values(1200), values(50)];
  const guest = linearGuest(machine.instructions.table);
  const program = loadProgram(readElf(guest.elf), machine.instructions);
  const layer = async (tile: TileSide = 1) => {
    const y = linearLayer({ x, w, bias, ...shape, model });
    const tensors = {
      x: memoryMatrix(3, 24, x),
      w: memoryMatrix(50, 24, w),
      y: memoryMatrix(3, 50, y),
      bias: memoryMatrix(1, 50, bias),
    };
    const claim = await claimLinear(tensors, { secret: new Uint8Array(32), samples: 3, model, tile });
    return run(program, claim.input, { record: machine.recorded });
  };

  test('is accepted by the guest, and its trace by the relation', async () => {
    const result = await layer();
    if (result.kind !== 'halted') throw new Error(`${result.trap.cause}: ${result.trap.detail}`);
    expect(checkExecution(machine, program, result.execution!).map(explainFinding)).toEqual([]);
  });
  test.each([2, 4] as const)('in tiles of %i is accepted, and its products are in squares', async (tile) => {
    const result = await layer(tile);
    if (result.kind !== 'halted') throw new Error(`${result.trap.cause}: ${result.trap.detail}`);
    const rows = (chip: string): number => result.execution!.logs.get(chip)!.count;
    const isHopper = model === 'hopper' || model === 'blackwell';
    expect([rows('bf16-dot-tile'), rows('bf16-dot')]).toEqual([isHopper ? 3 * 2 * (tile / 2) ** 2 : 0, 0]);
    if (model !== 'hopper') return;
    expect(checkExecution(machine, program, result.execution!).map(explainFinding)).toEqual([]);
  });
});
