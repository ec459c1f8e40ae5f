/** Verifies a proof of a layer against its record, rebuilding the statement from the record alone. */
import { blake3 } from '@noble/hashes/blake3.js';
import { ProtocolError } from '../../protocol/protocol-error.ts';
import { hexOf, type LinearRecord, parseRecord, recordStatement } from '../../protocol/record.ts';
import { encodeStatement } from '../../protocol/statement.ts';
import type { Parameters } from '../../stark/parameters.ts';
import type { Engine } from '../engine.ts';
import { hexText } from '../format.ts';
import { type Accepted, judged, type Refusal } from '../verdict-report.ts';
import type { Guest } from './guest.ts';

/** What the verifier knows or demands, beside the record. */
export interface Demands {
  readonly require?: Parameters['name'];
  /** The seed that the verifier chose: 32 bytes. */
  readonly seed?: Uint8Array;
  /** Roots that the verifier knows, in hex. */
  readonly roots?: Readonly<Partial<Record<'x' | 'w' | 'y' | 'bias', string>>>;
}

export type LayerVerdict =
  | { readonly ok: true; readonly record: LinearRecord; readonly verdict: Accepted }
  | { readonly ok: false; readonly refusal: Refusal };

export function verifyLayer(
  engine: Engine,
  guest: Guest,
  recordText: string,
  proof: Uint8Array,
  demands: Demands = {},
): LayerVerdict {
  // 1. The record is consistent in itself, its Fiat-Shamir seed included.
  let record: LinearRecord;
  try {
    record = parseRecord(recordText);
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    return refuse('record', cause.message);
  }
  // 2. It speaks of this guest, this verifying key and this proof.
  const program = engine.load(guest.elf);
  const digests = [
    ['program', record.program, guest.digest, 'the guest program of this version'],
    ['key', record.key, engine.verifyingKey(program), 'the verifying key of this version'],
    ['proof', record.proof, hexText(blake3(proof)), 'the digest of the proof file'],
  ] as const;
  for (const [code, got, expected, what] of digests) {
    if (got !== expected) return refuse(code, `the record has ${got}, ${what} is ${expected}`);
  }
  // 3. The challenge is one that the prover could not choose.
  const seed = record.challenge.seed;
  if (record.challenge.mode === 'verifier' && demands.seed === undefined) {
    return refuse('seed', 'the record says that the verifier chose the seed: give yours with --seed');
  }
  if (demands.seed !== undefined && hexText(demands.seed) !== seed) {
    return refuse('seed', `the record has the seed ${seed}, yours is ${hexText(demands.seed)}`);
  }
  // 4. The tensors are those that the verifier knows.
  for (const [name, expected] of Object.entries(demands.roots ?? {})) {
    const got = record.roots[name as keyof LinearRecord['roots']];
    if (got !== expected)
      return refuse('root', `the record has the root ${got ?? 'none'} of ${name}, yours is ${expected}`);
  }
  // 5. The proof is of exactly this statement.
  const statement = recordStatement(record);
  const values = {
    publicInput: encodeStatement(statement),
    publicOutput: Uint32Array.of(statement.samples),
    exitCode: 0,
  };
  const verdict = judged(engine.verify(program, values, proof), demands.require);
  return 'code' in verdict ? { ok: false, refusal: verdict } : { ok: true, record, verdict };
}

const refuse = (code: string, message: string): LayerVerdict => ({ ok: false, refusal: { code, message } });

/** A root of the record as the command line shows and takes it. */
export const rootText = (root: Uint32Array): string => hexOf(root);
