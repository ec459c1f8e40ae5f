/** The fixed workloads. Their inputs never change, so that results of two commits can be compared. */
import { assemble, renderAll } from '../asm/index.ts';
import type { Engine } from '../cli/engine.ts';
import { linearGuest } from '../cli/layer/guest.ts';
import { claimLinear } from '../cli/layer/linear.ts';
import { linearEntry } from '../model/linear.ts';
import { memoryMatrix } from '../protocol/bf16-matrix.ts';
import type { LinearShape, TileSide } from '../protocol/statement.ts';
import type { Program, ProgramInput } from '../vm/executor/program.ts';

export type Size = 'small' | 'full';

export interface Prepared {
  readonly program: Program;
  readonly input: ProgramInput;
  /** Products that are proven; 0 for integer programs. */
  readonly macs: number;
}

export interface Workload {
  readonly name: string;
  readonly about: string;
  /** `interpret` only runs the program. */
  readonly kind: 'prove' | 'interpret';
  readonly sizes: readonly Size[];
  prepare(engine: Engine): Promise<Prepared>;
}

export const WORKLOADS: readonly Workload[] = [
  linear('linear-tiny', { rows: 8, columns: 8, inner: 32 }, 3, ['small']),
  integers('integers-tiny', 10_000, 'prove', ['small']),
  integers('interpret-tiny', 20_000_000, 'interpret', ['small']),
  linear('linear-512', { rows: 256, columns: 512, inner: 512 }, 64, ['full']),
  linear('linear-4096', { rows: 64, columns: 64, inner: 4096 }, 192, ['full']),
  linear('linear-4096-tiles', { rows: 64, columns: 64, inner: 4096 }, 48, ['full'], 2),
  linear('linear-4096-tiles-4', { rows: 64, columns: 64, inner: 4096 }, 48, ['full'], 4),
  linear('linear-53248', { rows: 3, columns: 5, inner: 53_248 }, 1, ['full']),
  integers('integers', 400_000, 'prove', ['full']),
  integers('interpret', 300_000_000, 'interpret', ['full']),
];

/** Any pattern of ordinary size; a linear congruential generator, the same everywhere. */
function patterns(count: number, seed: number): Uint16Array {
  let state = seed >>> 0;
  return Uint16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) & 0x807f) | ((123 + ((state >>> 9) & 7)) << 7);
  });
}

function linear(
  name: string,
  shape: LinearShape,
  samples: number,
  sizes: readonly Size[],
  tile: TileSide = 1,
): Workload {
  const { rows, columns, inner } = shape;
  return {
    name,
    about: `linear layer, K = ${inner}, ${samples} sampled ${tile === 1 ? 'entries' : `tiles of ${tile} x ${tile}`}`,
    kind: 'prove',
    sizes,
    async prepare(engine) {
      const [x, w] = [patterns(rows * inner, 1), patterns(columns * inner, 2)];
      // K is a multiple of 16 here. Only sampled entries matter, but which they are depends on all of Y.
      const y = new Uint16Array(rows * columns);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          y[i * columns + j] = linearEntry(x, i * inner, w, j * inner, inner / 16);
        }
      }
      const claim = await claimLinear(
        { x: memoryMatrix(rows, inner, x), w: memoryMatrix(columns, inner, w), y: memoryMatrix(rows, columns, y) },
        { secret: new Uint8Array(32), samples, model: 'hopper', tile },
      );
      const program = engine.load(linearGuest(engine.instructions).elf);
      return { program, input: claim.input, macs: samples * tile * tile * inner };
    },
  };
}

/** Instructions of one turn of the loop. */
const LOOP_INSTRUCTIONS = 16;

/** A loop with the mix of a compiled program: arithmetic, logic, shifts, a multiplication, memory, two branches. */
const LOOP = (turns: number): string => `
.bss
buffer: .space 4096
.text
.globl _start
_start:
    li   s0, ${turns}
    la   s1, buffer
    li   s2, 0x12345678
    li   s3, 0
loop:
    slli t0, s2, 13
    xor  s2, s2, t0
    srli t0, s2, 17
    xor  s2, s2, t0
    slli t0, s2, 5
    xor  s2, s2, t0
    andi t1, s2, 0x3fc
    add  t1, t1, s1
    lw   t2, 0(t1)
    mul  t3, s2, t2
    add  t2, t2, s2
    sw   t2, 0(t1)
    sltu t4, t3, s2
    add  s3, s3, t4
    addi s0, s0, -1
    bnez s0, loop
    ulp.out s3, 0(zero)
    li   a0, 0
    li   a7, 93
    ecall
`;

function integers(name: string, instructions: number, kind: Workload['kind'], sizes: readonly Size[]): Workload {
  return {
    name,
    about: `RV32IM loop, ${instructions.toLocaleString('en-US')} instructions`,
    kind,
    sizes,
    async prepare(engine) {
      const text = LOOP(Math.round(instructions / LOOP_INSTRUCTIONS));
      const { elf, diagnostics } = assemble({ path: 'loop.s', text }, { table: engine.instructions });
      if (elf === undefined) throw new Error(renderAll(diagnostics));
      return { program: engine.load(elf), input: {}, macs: 0 };
    },
  };
}
