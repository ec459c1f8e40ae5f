/**
 * The public statement of a proof as a file: what a verifier needs besides the proof and the program, and what a reader
 * should know. Canonical JSON (RFC 8785) and a newline:
 *
 *   version, kind, model, shape, samples    as in `statement.ts`; tile, if it is not 1
 *   roots        x, w, y and perhaps bias: 9 field elements as 36 little-endian bytes, in hex
 *   challenge    mode and seed (32 bytes, hex)
 *   program      digest of the guest's ELF file; key: of the verifying key; proof: of the proof file; 32 bytes, hex
 *   assurance    what the samples prove, tiles or not: a deviation in `fraction` of the entries escapes with at most
 *                `probability`
 *
 * Reading a record checks it completely: whoever has parsed it may rely on each field being consistent with the others,
 * the Fiat-Shamir seed included. Nothing in it is believed about the tensors: that is the proof's part.
 */
import { DIGEST_FELTS } from '../precompiles/poseidon2/constants.ts';
import { type ChallengeMode, fiatShamirSeed } from './challenge.ts';
import { ProtocolError } from './protocol-error.ts';
import { type Escape, escapeTable } from './sampling.ts';
import {
  ACCUMULATION_MODELS,
  decodeStatement,
  encodeStatement,
  type LinearShape,
  type LinearStatement,
  type TileSide,
} from './statement.ts';
import { canonicalJson, type Json, parseJson } from './strict-json.ts';

export const RECORD_VERSION = 1;

export interface RecordDigests {
  /** 32 bytes each, in hex. */
  readonly program: string;
  readonly key: string;
  readonly proof: string;
}

export interface LinearRecord extends RecordDigests {
  readonly version: typeof RECORD_VERSION;
  readonly kind: 'linear';
  readonly model: LinearStatement['model'];
  readonly shape: LinearShape;
  readonly samples: number;
  readonly tile?: TileSide;
  readonly roots: { readonly x: string; readonly w: string; readonly y: string; readonly bias?: string };
  readonly challenge: { readonly mode: ChallengeMode; readonly seed: string };
  readonly assurance: { readonly kind: 'sampled'; readonly escape: readonly Escape[] };
}

export function linearRecord(statement: LinearStatement, mode: ChallengeMode, digests: RecordDigests): LinearRecord {
  return {
    version: RECORD_VERSION,
    kind: 'linear',
    model: statement.model,
    shape: { rows: statement.rows, columns: statement.columns, inner: statement.inner },
    samples: statement.samples,
    ...(statement.tile !== 1 && { tile: statement.tile }),
    roots: {
      x: hexOf(statement.rootX),
      w: hexOf(statement.rootW),
      y: hexOf(statement.rootY),
      ...(statement.rootBias && { bias: hexOf(statement.rootBias) }),
    },
    challenge: { mode, seed: hexOf(statement.seed) },
    program: digests.program,
    key: digests.key,
    proof: digests.proof,
    assurance: { kind: 'sampled', escape: escapeTable(statement.samples) },
  };
}

export const formatRecord = (record: LinearRecord): string => `${canonicalJson(record)}\n`;

/** The statement that the proof must have: its words are the guest's public input. */
export function recordStatement(record: LinearRecord): LinearStatement {
  const { roots } = record;
  return {
    model: record.model,
    ...record.shape,
    samples: record.samples,
    tile: record.tile ?? 1,
    rootX: wordsOf(roots.x),
    rootW: wordsOf(roots.w),
    rootY: wordsOf(roots.y),
    ...(roots.bias !== undefined && { rootBias: wordsOf(roots.bias) }),
    seed: wordsOf(record.challenge.seed),
  };
}

/** Reads and checks a record. @throws {ProtocolError} `record`, with the field that is wrong. */
export function parseRecord(text: string): LinearRecord {
  let root: Json;
  try {
    root = parseJson(text);
  } catch (cause) {
    throw refusal(`JSON: ${(cause as Error).message}`, cause);
  }
  const top = objectOf('record', root);
  if (top.get('version') !== RECORD_VERSION) throw refusal(`version: expected ${RECORD_VERSION}`);
  if (top.get('kind') !== 'linear') throw refusal('kind: expected "linear"');
  const model = top.get('model');
  if (typeof model !== 'string' || !Object.hasOwn(ACCUMULATION_MODELS, model)) {
    throw refusal(`model: expected one of ${Object.keys(ACCUMULATION_MODELS).join(', ')}`);
  }
  const shape = objectOf('shape', top.get('shape'));
  const roots = objectOf('roots', top.get('roots'));
  const challenge = objectOf('challenge', top.get('challenge'));
  const mode = challenge.get('mode');
  if (mode !== 'fiat-shamir' && mode !== 'verifier') {
    throw refusal('challenge.mode: expected "fiat-shamir" or "verifier"');
  }
  const rootOf = (name: string): Uint32Array => wordsOf(hexField(`roots.${name}`, roots.get(name), 4 * DIGEST_FELTS));
  const statement = checkedStatement({
    model: model as LinearStatement['model'],
    rows: numberField('shape.rows', shape.get('rows')),
    columns: numberField('shape.columns', shape.get('columns')),
    inner: numberField('shape.inner', shape.get('inner')),
    samples: numberField('samples', top.get('samples')),
    tile: top.has('tile') ? (numberField('tile', top.get('tile')) as TileSide) : 1,
    rootX: rootOf('x'),
    rootW: rootOf('w'),
    rootY: rootOf('y'),
    ...(roots.has('bias') && { rootBias: rootOf('bias') }),
    seed: wordsOf(hexField('challenge.seed', challenge.get('seed'), 32)),
  });
  if (mode === 'fiat-shamir' && hexOf(fiatShamirSeed(statement)) !== hexOf(statement.seed)) {
    throw refusal('challenge.seed: expected the hash of the statement');
  }
  const record = linearRecord(statement, mode, {
    program: hexField('program', top.get('program'), 32),
    key: hexField('key', top.get('key'), 32),
    proof: hexField('proof', top.get('proof'), 32),
  });
  const table = top.get('assurance');
  if (table === undefined || canonicalJson(plain(table)) !== canonicalJson(record.assurance)) {
    throw refusal(`assurance: expected the table of ${statement.samples} samples`);
  }
  // Now everything that a record has is known, so only spelling, order and additional members can differ.
  if (formatRecord(record) !== text) throw refusal('record: expected canonical JSON without other members');
  return record;
}

const refusal = (message: string, cause?: unknown): ProtocolError =>
  new ProtocolError('record', message, cause === undefined ? {} : { cause });

function checkedStatement(statement: LinearStatement): LinearStatement {
  try {
    return decodeStatement(encodeStatement(statement));
  } catch (cause) {
    throw refusal((cause as Error).message, cause);
  }
}

function objectOf(name: string, value: Json | undefined): Map<string, Json> {
  if (!(value instanceof Map)) throw refusal(`${name}: expected an object`);
  return value;
}

function numberField(name: string, value: Json | undefined): number {
  if (typeof value !== 'number') throw refusal(`${name}: expected a number`);
  return value;
}

function hexField(name: string, value: Json | undefined, bytes: number): string {
  if (typeof value !== 'string' || !/^[0-9a-f]*$/.test(value) || value.length !== 2 * bytes) {
    throw refusal(`${name}: expected ${bytes} bytes in lower-case hex`);
  }
  return value;
}

function plain(value: Json): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([name, member]) => [name, plain(member)]));
  return Array.isArray(value) ? value.map(plain) : value;
}

/** Words as little-endian bytes in hex. */
export const hexOf = (words: Uint32Array): string =>
  Array.from(words, (w) => (((w & 0xff) << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24)) >>> 0)
    .map((swapped) => swapped.toString(16).padStart(8, '0'))
    .join('');

function wordsOf(hex: string): Uint32Array {
  const view = new DataView(Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16)).buffer);
  return Uint32Array.from({ length: hex.length / 8 }, (_, i) => view.getUint32(4 * i, true));
}
