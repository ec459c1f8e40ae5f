/**
 * safetensors, the file format of tensors (github.com/huggingface/safetensors, README "Format"): 8 bytes little-endian
 * length of the header; the header, a JSON object of name -> {dtype, shape, data_offsets: [begin, end)} and optionally
 * `__metadata__`, a string map; then the data, little-endian and row-major, offsets counting from its first byte.
 *
 * The reader holds the header in memory and the data never: rows are read by range. Everything of the format is checked
 * before the first row: what passes `openSafetensors` can be indexed safely, in any order. As in the reference reader,
 * the tensors must fill the data exactly, without overlap or hole; offsets need no alignment.
 */
import type { ByteSource } from './byte-source.ts';
import { ProtocolError } from './protocol-error.ts';
import { canonicalJson, type Json, parseJson } from './strict-json.ts';

/** Bits of an element, of every dtype of safetensors 0.6. Only BF16 and F32 can be read as matrices. */
export const DTYPE_BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  I64: 64,
  U64: 64,
  F64: 64,
  C64: 64,
} as const;
export type Dtype = keyof typeof DTYPE_BITS;

/** The reference reader's limit. */
export const MAX_HEADER_BYTES = 100_000_000;
const MAX_DIMENSIONS = 32;

export interface TensorEntry {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  /** Byte range [begin, end) in the file. */
  readonly begin: number;
  readonly end: number;
}

export interface Safetensors {
  readonly source: ByteSource;
  readonly tensors: ReadonlyMap<string, TensorEntry>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** Reads and checks the header. @throws {ProtocolError} `safetensors-*`, `dtype`, `shape`. */
export async function openSafetensors(source: ByteSource): Promise<Safetensors> {
  if (source.byteLength < 8) {
    throw new ProtocolError('safetensors-truncated', `file: expected at least 8 bytes, got ${source.byteLength}`);
  }
  const head = await source.read(0, 8);
  const headerBytes = Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES) {
    throw header(`length: expected at most ${MAX_HEADER_BYTES} bytes, got ${headerBytes}`);
  }
  if (headerBytes > source.byteLength - 8) {
    const announced = `header of ${headerBytes} bytes`;
    throw new ProtocolError(
      'safetensors-truncated',
      `file: expected a ${announced}, got ${source.byteLength - 8} bytes`,
    );
  }
  const members = parseHeader(await source.read(8, headerBytes));
  const metadata = parseMetadata(members.get('__metadata__'));
  members.delete('__metadata__');
  const dataBegin = 8 + headerBytes;
  const tensors = new Map<string, TensorEntry>();
  for (const [name, value] of members) tensors.set(name, parseEntry(name, value, dataBegin, source.byteLength));
  checkCoverage([...tensors.values()], dataBegin, source.byteLength);
  return { source, tensors, metadata };
}

const header = (message: string, options?: ErrorOptions): ProtocolError =>
  new ProtocolError('safetensors-header', `header ${message}`, options);

function parseHeader(bytes: Uint8Array): Map<string, Json> {
  let parsed: Json;
  try {
    parsed = parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw header(cause instanceof SyntaxError ? cause.message : 'text: expected UTF-8, got other bytes', { cause });
  }
  if (bytes[0] !== 0x7b) throw header('first byte: expected "{", got another');
  return parsed as Map<string, Json>; // a JSON text that begins with "{" is an object
}

function parseMetadata(value: Json | undefined): Map<string, string> {
  if (value === undefined) return new Map();
  if (!(value instanceof Map)) throw header(`__metadata__: expected an object of strings, got ${kind(value)}`);
  for (const [name, text] of value) {
    if (typeof text !== 'string') throw header(`__metadata__.${quote(name)}: expected a string, got ${kind(text)}`);
  }
  return value as Map<string, string>;
}

function parseEntry(name: string, value: Json, dataBegin: number, fileBytes: number): TensorEntry {
  const of = quote(name);
  if (!(value instanceof Map)) throw header(`${of}: expected an object, got ${kind(value)}`);
  for (const member of value.keys()) {
    if (!['dtype', 'shape', 'data_offsets'].includes(member)) {
      throw header(`${of}: expected dtype, shape and data_offsets, got ${quote(member)}`);
    }
  }
  const dtype = value.get('dtype');
  if (typeof dtype !== 'string') throw header(`${of}.dtype: expected a string, got ${kind(dtype)}`);
  if (!Object.hasOwn(DTYPE_BITS, dtype)) {
    throw new ProtocolError('dtype', `${of}: expected a dtype of safetensors, got ${quote(dtype)}`);
  }
  const bits = DTYPE_BITS[dtype as Dtype];
  const shape = naturals(`${of}.shape`, value.get('shape'));
  const offsets = naturals(`${of}.data_offsets`, value.get('data_offsets'));
  const [begin, end] = offsets;
  if (offsets.length !== 2 || begin === undefined || end === undefined) {
    throw header(`${of}.data_offsets: expected 2 numbers, got ${offsets.length}`);
  }
  if (begin > end || end > fileBytes - dataBegin) {
    const limit = `0 <= begin <= end <= ${fileBytes - dataBegin}`;
    throw layout(end > fileBytes - dataBegin ? 'safetensors-truncated' : 'safetensors-layout', of, limit, [begin, end]);
  }
  if (shape.length > MAX_DIMENSIONS) {
    throw new ProtocolError('shape', `${of}: expected at most ${MAX_DIMENSIONS} dimensions, got ${shape.length}`);
  }
  // A product of safe integers that passes 2^53 stays above it unless a factor is 0, so rounding accepts no wrong size.
  const elements = shape.includes(0) ? 0 : shape.reduce((product, n) => product * n, 1);
  if (elements * bits !== (end - begin) * 8) {
    const size = `${elements} elements of ${bits} bits`;
    throw new ProtocolError('safetensors-layout', `${of}: expected ${size} by its shape, got ${end - begin} bytes`);
  }
  return { name, dtype: dtype as Dtype, shape, begin: dataBegin + begin, end: dataBegin + end };
}

function naturals(name: string, value: Json | undefined): number[] {
  if (!Array.isArray(value)) throw header(`${name}: expected an array, got ${kind(value)}`);
  return value.map((n) => {
    if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 0 || Object.is(n, -0)) {
      throw header(`${name}: expected integers in [0, 2^53), got ${typeof n === 'number' ? n : kind(n)}`);
    }
    return n;
  });
}

function checkCoverage(tensors: TensorEntry[], dataBegin: number, fileBytes: number): void {
  let at = dataBegin;
  for (const { name, begin, end } of tensors.sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (begin !== at)
      throw layout('safetensors-layout', quote(name), `begin ${at - dataBegin}`, [begin - dataBegin, end - dataBegin]);
    at = end;
  }
  if (at !== fileBytes) {
    const message = `data: expected ${at - dataBegin} bytes by the header, got ${fileBytes - dataBegin}`;
    throw new ProtocolError('safetensors-layout', message);
  }
}

const layout = (code: 'safetensors-layout' | 'safetensors-truncated', of: string, expected: string, got: number[]) =>
  new ProtocolError(code, `${of}: expected offsets with ${expected}, got [${got.join(', ')}]`);

const kind = (value: Json | undefined): string =>
  value === undefined
    ? 'nothing'
    : value === null
      ? 'null'
      : value instanceof Map
        ? 'an object'
        : `a ${Array.isArray(value) ? 'list' : typeof value}`;

/** A name as it can be printed: escaped, and cut when it is long. */
const quote = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}...` : name);

/** A tensor to be written; `data` is little-endian and row-major. */
export interface TensorData {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/**
 * The bytes of a safetensors file, tensors in the order given, header padded with spaces to 8 bytes.
 * @throws {RangeError} when the data of a tensor is not as long as its shape says.
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, TensorData>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: Record<string, unknown> = metadata === undefined ? {} : { __metadata__: metadata };
  let dataBytes = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    const expected = (shape.reduce((product, n) => product * n, 1) * DTYPE_BITS[dtype]) / 8;
    if (data.length !== expected) throw new RangeError(`${name}: expected ${expected} bytes, got ${data.length}`);
    entries[name] = { dtype, shape, data_offsets: [dataBytes, dataBytes + data.length] };
    dataBytes += data.length;
  }
  const text = new TextEncoder().encode(canonicalJson(entries));
  const headerBytes = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + dataBytes).fill(0x20, 8, 8 + headerBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(text, 8);
  let at = 8 + headerBytes;
  for (const { data } of Object.values(tensors)) {
    file.set(data, at);
    at += data.length;
  }
  return file;
}
