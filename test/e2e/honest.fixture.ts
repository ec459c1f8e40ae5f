/** One honest linear layer, claimed, proven and recorded: what the end-to-end tests start from. */
import type { Engine } from '../../cli/engine.ts';
import { type Guest, linearGuest } from '../../cli/layer/guest.ts';
import { type ChallengedClaim, claimLinear, recordOf } from '../../cli/layer/linear.ts';
import { machineEngine } from '../../cli/machine-engine.ts';
import type { ProvenProgram, PublicValues } from '../../machine/prove.ts';
import { linearLayer } from '../../model/linear.ts';
import { memoryMatrix } from '../../protocol/bf16-matrix.ts';
import type { LinearTensors } from '../../protocol/linear.ts';
import { formatRecord } from '../../protocol/record.ts';
import {
  type AccumulationModel,
  encodeStatement,
  type LinearShape,
  type LinearStatement,
  type TileSide,
} from '../../protocol/statement.ts';
import { FAST, type Parameters } from '../../stark/parameters.ts';
import type { Program } from '../../vm/executor/program.ts';

export interface Honest {
  readonly engine: Engine;
  readonly guest: Guest;
  readonly program: Program;
  readonly tensors: LinearTensors;
  /** The patterns of X, W, Y. */
  readonly x: Uint16Array;
  readonly w: Uint16Array;
  readonly y: Uint16Array;
  readonly claim: ChallengedClaim;
  readonly proven: ProvenProgram;
  readonly record: string;
}

/** Of the tests: reproducible, so salts and samples are the same in every run. */
export const SECRET = Uint8Array.from({ length: 32 }, (_, i) => 7 * i + 1);

/** BF16 patterns of magnitude 2^-4 to 2^4, signs mixed: sums cancel, and none is infinite. */
export function patterns(count: number, seed: number): Uint16Array {
  let state = seed >>> 0;
  return Uint16Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 16) & 0x807f) | ((123 + ((state >>> 9) & 7)) << 7);
  });
}

export const valuesOf = (statement: LinearStatement): PublicValues => ({
  publicInput: encodeStatement(statement),
  publicOutput: Uint32Array.of(statement.samples),
  exitCode: 0,
});

export async function honestLayer(
  shape: LinearShape,
  samples: number,
  options: {
    readonly bias?: boolean;
    readonly parameters?: Parameters;
    readonly model?: AccumulationModel;
    readonly tile?: TileSide;
  } = {},
): Promise<Honest> {
  const engine = machineEngine();
  const { rows, columns, inner } = shape;
  const [x, w] = [patterns(rows * inner, 1), patterns(columns * inner, 2)];
  const bias = options.bias ? patterns(columns, 3) : undefined;
  const model = options.model ?? 'hopper';
  const y = linearLayer({ x, w, ...(bias && { bias }), ...shape, model });
  const tensors = {
    x: memoryMatrix(rows, inner, x),
    w: memoryMatrix(columns, inner, w),
    y: memoryMatrix(rows, columns, y),
    ...(bias && { bias: memoryMatrix(1, columns, bias) }),
  };
  const claim = await claimLinear(tensors, { secret: SECRET, samples, model, tile: options.tile ?? 1 });
  const guest = linearGuest(engine.instructions);
  const program = engine.load(guest.elf);
  const proven = await engine.prove(program, claim.input, {
    parameters: options.parameters ?? FAST,
    zeroKnowledge: true,
    threads: 2,
    maxMemory: 2 ** 32,
  });
  if (!proven.ok) throw new Error(`the honest run trapped: ${proven.trap.cause}, ${proven.trap.detail}`);
  const record = formatRecord(recordOf(claim, guest, engine.verifyingKey(program), proven.proof));
  return { engine, guest, program, tensors, x, w, y, claim, proven, record };
}
