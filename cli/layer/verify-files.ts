/** `ulp layer verify`. */

import { recordStatement } from '../../protocol/record.ts';
import type { Parameters } from '../../stark/parameters.ts';
import type { Engine } from '../engine.ts';
import { type Io, readWritten } from '../io.ts';
import { reportVerdict } from '../verdict-report.ts';
import { assuranceLines } from './assurance.ts';
import { linearGuest } from './guest.ts';
import { type LayerVerdict, verifyLayer } from './verify.ts';

export interface VerifyLayerOptions {
  readonly require?: Parameters['name'];
  readonly seed?: Uint8Array;
  readonly json?: true;
  readonly rootX?: string;
  readonly rootW?: string;
  readonly rootY?: string;
  readonly rootBias?: string;
}

const RECORD = 'it is the public statement that `ulp layer linear` writes beside the proof';

/** @throws {CliError} `file`. */
export async function verifyLayerFiles(
  io: Io,
  engine: Engine,
  proofPath: string,
  recordPath: string,
  options: VerifyLayerOptions,
): Promise<void> {
  const proof = await io.readFile(proofPath);
  const record = new TextDecoder().decode(await readWritten(io, recordPath, RECORD));
  const { rootX: x, rootW: w, rootY: y, rootBias: bias } = options;
  const given = Object.entries({ x, w, y, bias }).filter(([, root]) => root !== undefined);
  const guest = linearGuest(engine.instructions);
  const start = performance.now();
  const result = verifyLayer(engine, guest, record, proof, { ...options, roots: Object.fromEntries(given) });
  const elapsedMs = performance.now() - start;
  const verdict = result.ok ? result.verdict : result.refusal;
  reportVerdict(io, verdict, { ...options, elapsedMs, also: detailLines(result), facts: factsOf(result) });
}

/** What the proof is about, for programs: with tiles of 1 x 1, samples are entries. */
function factsOf(result: LayerVerdict): Readonly<Record<string, unknown>> {
  if (!result.ok) return {};
  const { model, shape, samples, tile = 1 } = result.record;
  return { model, shape, samples, tile };
}

function detailLines(result: LayerVerdict): string[] {
  if (!result.ok) return [];
  const { shape, roots, challenge } = result.record;
  return [
    `  layer           Y = X W^T${roots.bias ? ' + bias' : ''}, X ${shape.rows} x ${shape.inner}, W ${shape.columns} x ${shape.inner}`,
    ...Object.entries(roots).map(([name, root]) => `  root ${name.padEnd(10)} ${root}`),
    `  seed            ${challenge.seed} (${challenge.mode === 'verifier' ? 'yours' : 'the hash of the statement'})`,
    '',
    ...assuranceLines(recordStatement(result.record), challenge.mode),
  ];
}
