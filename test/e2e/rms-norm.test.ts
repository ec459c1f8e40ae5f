/** `guests/rms-norm.s`: the statistic of a committed row, in the order of a warp. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { assemble, readElf, renderAll } from '../../asm/index.ts';
import { checkExecution, explainFinding } from '../../machine/check.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { ROW_HALFWORDS, ROW_SALTS } from '../../precompiles/poseidon2/format.ts';
import { sponge } from '../../precompiles/sponge/semantics.ts';
import { loadProgram } from '../../vm/executor/load.ts';
import { run } from '../../vm/executor/run.ts';

const machine = ulpMachine();
const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

function build() {
  const path = 'guests/rms-norm.s';
  const read = (included: string, from: string) => {
    const found = posix.join(posix.dirname(from), included);
    return { path: found, text: textOf(found) };
  };
  const { elf, diagnostics } = assemble({ path, text: textOf(path) }, { table: machine.instructions.table, read });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  return loadProgram(readElf(elf), machine.instructions);
}

const bits = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0]!;
const COUNT = 100;
const EPSILON = Math.fround(1e-5);
/** Numbers of 11 bits: their squares are binary32, so that a fused step is a rounded sum. */
const row = Array.from({ length: COUNT }, (_, i) => (((i * 389) % 2048) - 1024) / 512);

/** In numbers: lanes, butterfly, division, sum, reciprocal square root. */
function expected(): number {
  let lanes = Array.from({ length: 32 }, (_, lane) =>
    row.filter((_, i) => i % 32 === lane).reduce((sum, x) => Math.fround(sum + x * x), 0),
  );
  for (const offset of [16, 8, 4, 2, 1]) lanes = lanes.map((sum, lane) => Math.fround(sum + lanes[lane ^ offset]!));
  return Math.fround(1 / Math.sqrt(Math.fround(Math.fround(lanes[0]! / COUNT) + EPSILON)));
}

describe('a committed row of FP32 words', () => {
  const program = build();
  const spongeRows = Math.ceil((2 * COUNT) / ROW_HALFWORDS);
  const hints = new Uint16Array(spongeRows * ROW_HALFWORDS);
  hints.set(new Uint16Array(Float32Array.from(row).buffer));
  const advice = Uint32Array.from({ length: spongeRows * ROW_SALTS }, (_, i) => 12_345 + i);
  // The tree is this leaf.
  const publicInput = Uint32Array.of(COUNT, 0, 0, bits(EPSILON), ...sponge(hints, advice));

  test('has its reciprocal root mean square in the order of a warp, and satisfies the relation', () => {
    const result = run(program, { publicInput, hints, advice }, { record: machine.recorded });
    if (result.kind !== 'halted') throw new Error(`${result.trap.cause}: ${result.trap.detail}`);
    expect(Array.from(result.machine.publicOutput)).toEqual([bits(expected())]);
    const findings = checkExecution(machine, program, result.execution!);
    expect(findings.map((finding) => explainFinding(finding))).toEqual([]);
  });

  test('is no other row', () => {
    const other = hints.with(7, hints[7]! ^ 1);
    expect(run(program, { publicInput, hints: other, advice })).toMatchObject({
      kind: 'trapped',
      trap: { cause: 'assertion-failed' },
    });
  });
});
