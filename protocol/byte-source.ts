/** Bytes that are read by ranges: a file, so that a tensor may be larger than memory, or an array. */
import { type FileHandle, open } from 'node:fs/promises';
import { ProtocolError } from './protocol-error.ts';

export interface ByteSource {
  readonly byteLength: number;
  /** The bytes [offset, offset + length). @throws {ProtocolError} `file-unreadable`, `safetensors-truncated` past the end. */
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    byteLength: bytes.length,
    read: async (offset, length) => {
      if (offset + length > bytes.length) throw truncated(offset, length, bytes.length);
      return bytes.slice(offset, offset + length);
    },
    close: async () => {},
  };
}

/** @throws {ProtocolError} `file-unreadable` when there is no such file, no permission, or it is no regular file. */
export async function fileSource(path: string): Promise<ByteSource> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const status = await handle.stat();
    if (!status.isFile()) throw new Error('not a regular file');
    return handleSource(handle, path, status.size);
  } catch (cause) {
    await handle?.close();
    throw unreadable(path, cause);
  }
}

function handleSource(handle: FileHandle, path: string, byteLength: number): ByteSource {
  return {
    byteLength,
    read: async (offset, length) => {
      if (offset + length > byteLength) throw truncated(offset, length, byteLength);
      const bytes = new Uint8Array(length);
      let done = 0;
      while (done < length) {
        const { bytesRead } = await handle.read(bytes, done, length - done, offset + done).catch((cause: unknown) => {
          throw unreadable(path, cause);
        });
        if (bytesRead === 0) throw truncated(offset, length, offset + done); // the file shrank while it was read
        done += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

const truncated = (offset: number, length: number, byteLength: number): ProtocolError =>
  new ProtocolError('safetensors-truncated', `file: expected ${offset + length} bytes, got ${byteLength}`);

function unreadable(path: string, cause: unknown): ProtocolError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ProtocolError('file-unreadable', `${path}: expected a readable file, got ${reason}`, { cause });
}
