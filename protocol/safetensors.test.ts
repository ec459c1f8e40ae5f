import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bf16Bytes, memoryMatrix, rowOf, rowsOf, tensorMatrix, transposed } from './bf16-matrix.ts';
import { bytesSource, fileSource } from './byte-source.ts';
import { ProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
import { encodeSafetensors, openSafetensors } from './safetensors.ts';
import vector from './safetensors.vector.json' with { type: 'json' };

const official = Uint8Array.from(Buffer.from(vector.base64, 'base64'));

/** A file with this header text and so many data bytes. */
function file(header: string | Uint8Array, dataBytes: number, length?: number | bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}
const entry = (dtype: string, shape: number[], offsets: number[]): string =>
  JSON.stringify({ dtype, shape, data_offsets: offsets });
const one = (dtype: string, shape: number[], offsets: number[], dataBytes = 4): Uint8Array =>
  file(`{"x":${entry(dtype, shape, offsets)}}`, dataBytes);

async function refusal(bytes: Uint8Array): Promise<ProtocolError> {
  try {
    await openSafetensors(bytesSource(bytes));
  } catch (error) {
    if (error instanceof ProtocolError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('a file written by the safetensors package', () => {
  it('is read: names, dtypes, shapes, metadata', async () => {
    const { tensors, metadata } = await openSafetensors(bytesSource(official));
    expect(Object.fromEntries(metadata)).toEqual({ step: '12', op: 'linear' });
    expect([...tensors.values()].map((t) => `${t.name} ${t.dtype} [${t.shape.join()}]`).sort()).toEqual([
      'empty F32 [0,4]',
      'ids I64 [3]',
      'odd BF16 [1]',
      'scalar F16 []',
      'w F32 [2,2]',
      'x BF16 [2,3]',
    ]);
  });

  it('gives its BF16 rows, also where they are not aligned', async () => {
    const x = tensorMatrix(await openSafetensors(bytesSource(official)), 'x');
    expect([x.rows, x.columns]).toEqual([2, 3]);
    expect(Array.from(await rowOf(x, 0))).toEqual([0x3f80, 0xc020, 0x0000]);
    expect(Array.from(await rowOf(x, 1))).toEqual([0x4049, 0x8000, 0x477f]);
    expect(() => rowOf(x, 2)).toThrow('row: expected an integer in [0, 2), got 2');
  });

  it.each<[string | undefined, ProtocolErrorCode, string]>([
    ['ids', 'dtype', 'ids: expected BF16, or F32 that is exactly BF16, got I64'],
    ['scalar', 'dtype', 'scalar: expected BF16, or F32 that is exactly BF16, got F16'],
    ['empty', 'shape', 'empty: expected a matrix or a vector with at least one element, got shape [0, 4]'],
    ['y', 'tensor-name', 'tensor: expected one of ids, empty, w, odd, x, scalar, got y'],
    [undefined, 'tensor-name', 'tensor: expected a name, one of ids, empty, w, odd, x, scalar'],
  ])('has no usable matrix %s', async (name, code, message) => {
    const opened = await openSafetensors(bytesSource(official));
    expect(() => tensorMatrix(opened, name)).toThrow(expect.objectContaining({ code, message }));
  });

  it('has an F32 matrix that is read only where it is exactly BF16', async () => {
    const w = tensorMatrix(await openSafetensors(bytesSource(official)), 'w');
    expect(Array.from(await rowOf(w, 0))).toEqual([0x3f00, 0xbf80]);
    const message = 'w[3]: expected an F32 that is exactly a BF16, got 0x3dcccccd';
    await expect(rowOf(w, 1)).rejects.toThrow(expect.objectContaining({ code: 'value', message }));
  });

  it('truncated anywhere is refused as truncated or inconsistent', async () => {
    for (let length = 0; length < official.length; length++) {
      expect((await refusal(official.slice(0, length))).code).toBe('safetensors-truncated');
    }
  });
});

describe('a malformed file', () => {
  it.each<[string, Uint8Array, ProtocolErrorCode, string]>([
    ['an empty file', new Uint8Array(0), 'safetensors-truncated', 'file: expected at least 8 bytes, got 0'],
    [
      'a length beyond the file',
      file('{}', 0, 3),
      'safetensors-truncated',
      'file: expected a header of 3 bytes, got 2 bytes',
    ],
    [
      'a length of 2^63',
      file('{}', 0, 2n ** 63n),
      'safetensors-header',
      'header length: expected at most 100000000 bytes, got 9223372036854776000',
    ],
    ['an empty header', file('', 0), 'safetensors-header', 'header offset 0: expected a value, got the end'],
    ['no object', file('[]', 0), 'safetensors-header', 'header first byte: expected "{", got another'],
    ['a leading space', file(' {}', 0), 'safetensors-header', 'header first byte: expected "{", got another'],
    ['broken JSON', file('{"x":}', 0), 'safetensors-header', 'header offset 5: expected a value, got "}"'],
    [
      'bytes that are no UTF-8',
      file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 0),
      'safetensors-header',
      'header text: expected UTF-8, got other bytes',
    ],
    [
      'a duplicate name',
      file(`{"x":${entry('BF16', [1], [0, 2])},"x":${entry('BF16', [1], [2, 4])}}`, 4),
      'safetensors-header',
      'header offset 55: expected a name not used before in this object, got "\\""',
    ],
    [
      'metadata that is no object',
      file('{"__metadata__":1}', 0),
      'safetensors-header',
      'header __metadata__: expected an object of strings, got a number',
    ],
    [
      'metadata that is no string',
      file('{"__metadata__":{"a":null}}', 0),
      'safetensors-header',
      'header __metadata__."a": expected a string, got null',
    ],
    [
      'an entry that is no object',
      file('{"x":[]}', 0),
      'safetensors-header',
      'header "x": expected an object, got a list',
    ],
    [
      'an entry without dtype',
      file('{"x":{"shape":[],"data_offsets":[0,0]}}', 0),
      'safetensors-header',
      'header "x".dtype: expected a string, got nothing',
    ],
    [
      'an unknown member',
      file('{"x":{"dtyp":1}}', 0),
      'safetensors-header',
      'header "x": expected dtype, shape and data_offsets, got "dtyp"',
    ],
    ['an unknown dtype', one('BF17', [2], [0, 4]), 'dtype', '"x": expected a dtype of safetensors, got "BF17"'],
    [
      'a dtype of the prototype',
      one('constructor', [2], [0, 4]),
      'dtype',
      '"x": expected a dtype of safetensors, got "constructor"',
    ],
    [
      'a negative size',
      one('BF16', [-2], [0, 4]),
      'safetensors-header',
      'header "x".shape: expected integers in [0, 2^53), got -2',
    ],
    [
      'a fractional offset',
      one('BF16', [2], [0, 3.5]),
      'safetensors-header',
      'header "x".data_offsets: expected integers in [0, 2^53), got 3.5',
    ],
    [
      'three offsets',
      one('BF16', [2], [0, 2, 4]),
      'safetensors-header',
      'header "x".data_offsets: expected 2 numbers, got 3',
    ],
    [
      'offsets in the wrong order',
      one('BF16', [0], [4, 0]),
      'safetensors-layout',
      '"x": expected offsets with 0 <= begin <= end <= 4, got [4, 0]',
    ],
    [
      'offsets past the end',
      one('BF16', [3], [0, 6]),
      'safetensors-truncated',
      '"x": expected offsets with 0 <= begin <= end <= 4, got [0, 6]',
    ],
    [
      'a shape that is larger than its bytes',
      one('BF16', [3], [0, 4]),
      'safetensors-layout',
      '"x": expected 3 elements of 16 bits by its shape, got 4 bytes',
    ],
    [
      'a shape whose size overflows',
      one('BF16', [2 ** 52, 2 ** 52, 2 ** 52], [0, 4]),
      'safetensors-layout',
      '"x": expected 9.134385233318143e+46 elements of 16 bits by its shape, got 4 bytes',
    ],
    [
      'half a byte',
      one('F4', [3], [0, 1], 1),
      'safetensors-layout',
      '"x": expected 3 elements of 4 bits by its shape, got 1 bytes',
    ],
    [
      'too many dimensions',
      one('BF16', Array(33).fill(1), [0, 2], 2),
      'shape',
      '"x": expected at most 32 dimensions, got 33',
    ],
    [
      'overlapping tensors',
      file(`{"a":${entry('BF16', [2], [0, 4])},"b":${entry('BF16', [1], [2, 4])}}`, 4),
      'safetensors-layout',
      '"b": expected offsets with begin 4, got [2, 4]',
    ],
    [
      'a hole',
      file(`{"a":${entry('BF16', [1], [0, 2])},"b":${entry('BF16', [1], [4, 6])}}`, 6),
      'safetensors-layout',
      '"b": expected offsets with begin 2, got [4, 6]',
    ],
    [
      'bytes after the last tensor',
      one('BF16', [1], [0, 2], 4),
      'safetensors-layout',
      'data: expected 2 bytes by the header, got 4',
    ],
  ])('is refused: %s', async (_, bytes, code, message) => {
    const error = await refusal(bytes);
    expect([error.code, error.message]).toEqual([code, message]);
  });

  it('never causes anything but a ProtocolError, whatever bytes are changed', async () => {
    const change = fc.tuple(
      fc.nat(official.length - 1),
      fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('{}[]",:0129-'))),
    );
    const mutated = fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
      const bytes = official.slice();
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
    const anyBytes = fc.oneof(
      mutated,
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 64 }).map((h) => file(h, 4)),
    );
    await fc.assert(
      fc.asyncProperty(anyBytes, async (bytes) => {
        try {
          const opened = await openSafetensors(bytesSource(bytes));
          for (const name of opened.tensors.keys()) for await (const _ of rowsOf(tensorMatrix(opened, name)));
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a file on disk', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ulp-safetensors-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is written, read back by rows, by panels and transposed', async () => {
    const data = Uint16Array.from({ length: 35 }, (_, i) => 0x3f80 + i);
    const path = join(folder, 'x.safetensors');
    await writeFile(
      path,
      encodeSafetensors({ x: { dtype: 'BF16', shape: [5, 7], data: bf16Bytes(data) } }, { op: 'é' }),
    );
    const source = await fileSource(path);
    const opened = await openSafetensors(source);
    const x = tensorMatrix(opened);
    const memory = memoryMatrix(5, 7, data);
    expect(opened.metadata.get('op')).toBe('é');
    for (const [file, inMemory] of [
      [x, memory],
      [transposed(x), transposed(memory)],
      [transposed(transposed(x)), memory],
    ] as const) {
      expect([file.rows, file.columns]).toEqual([inMemory.rows, inMemory.columns]);
      expect(await file.panel(1, 4, 2, 5)).toEqual(await inMemory.panel(1, 4, 2, 5));
      const rows: number[][] = [];
      for await (const row of rowsOf(file)) rows.push(Array.from(row));
      expect(rows.flat()).toEqual(Array.from(await inMemory.panel(0, inMemory.rows, 0, inMemory.columns)));
    }
    expect(Array.from(await rowOf(transposed(memory), 2))).toEqual([2, 9, 16, 23, 30].map((i) => 0x3f80 + i));
    await source.close();
  });

  it('that shrinks while it is read is refused as truncated', async () => {
    const path = join(folder, 'shrinks.safetensors');
    await writeFile(path, encodeSafetensors({ x: { dtype: 'BF16', shape: [2, 2], data: new Uint8Array(8) } }));
    const source = await fileSource(path);
    const x = tensorMatrix(await openSafetensors(source));
    await writeFile(path, '');
    await expect(rowOf(x, 0)).rejects.toThrow(expect.objectContaining({ code: 'safetensors-truncated' }));
    await source.close();
  });

  it('that is missing or a folder is refused with its path', async () => {
    const missing = join(folder, 'missing');
    await expect(fileSource(missing)).rejects.toThrow(
      expect.objectContaining({
        code: 'file-unreadable',
        message: expect.stringContaining(`${missing}: expected a readable file`),
      }),
    );
    await expect(fileSource(folder)).rejects.toThrow(expect.objectContaining({ code: 'file-unreadable' }));
  });

  it('cannot be written with data that does not fit the shape', () => {
    expect(() => encodeSafetensors({ x: { dtype: 'BF16', shape: [3], data: new Uint8Array(4) } })).toThrow(
      'x: expected 6 bytes, got 4',
    );
  });
});
