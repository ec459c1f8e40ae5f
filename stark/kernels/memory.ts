/**
 * The one shared memory of the prover and its bump allocator. Addresses are byte offsets below 2^32. Nothing is ever
 * given back to the system: first touch of a page costs as much as a transform over it, so
 * callers `mark`, allocate, and `release` to the mark, and the next phase reuses the same pages.
 */

import { GENERATOR, inverse, P, pow, rootOfUnity, TWO_ADICITY } from '../field/koala-bear.ts';
import { DOMAIN_KEYS, HASH_DOMAINS } from '../hash/domains.ts';
import * as page from './constants.ts';

const PAGE_BYTES = 65536;
const MAX_PAGES = 65536;
/** Rows start on cache lines. */
const ALIGNMENT = 64;
/** The last page stays unused, so that an address one past an allocation never wraps to zero. */
export const MAX_BYTES = (MAX_PAGES - 1) * PAGE_BYTES;

/** The proof needs more memory than the limit allows (or than the system gives, then with a cause). */
export class MemoryLimitError extends RangeError {
  override name = 'MemoryLimitError';
  readonly askedBytes: number;
  readonly limitBytes: number;

  constructor(askedBytes: number, limitBytes: number, options?: ErrorOptions) {
    super(`memory: expected at most ${limitBytes} bytes in use, got ${askedBytes}`, options);
    this.askedBytes = askedBytes;
    this.limitBytes = limitBytes;
  }
}

/** A precomputed table in the memory, for sizes up to 2^log. */
export interface Table {
  readonly address: number;
  readonly log: number;
}

export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly limitBytes: number;
  #top = page.ADDRESS_ARENA;
  #peak = page.ADDRESS_ARENA;
  readonly #remembered = new Map<string, Table>();

  /** @throws {RangeError} unless 1 MiB <= limitBytes. Limits above 4 GiB - 64 KiB mean that much. */
  constructor(limitBytes: number = MAX_BYTES) {
    if (!(limitBytes >= 1 << 20)) throw new RangeError(`maxMemory: expected at least 1048576 bytes, got ${limitBytes}`);
    this.limitBytes = Math.min(Math.floor(limitBytes), MAX_BYTES);
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: MAX_PAGES, shared: true });
    writeConstants(this.memory);
  }

  /** The most bytes in use at one time so far. */
  get peakBytes(): number {
    return this.#peak;
  }

  /**
   * The address of `bytes` fresh bytes on a 64-byte boundary, NOT zeroed.
   * @throws {MemoryLimitError} above the limit.
   */
  alloc(bytes: number): number {
    const address = this.#top;
    const top = address + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
    if (top > this.limitBytes) throw new MemoryLimitError(top, this.limitBytes);
    const missing = Math.ceil(top / PAGE_BYTES) - this.memory.buffer.byteLength / PAGE_BYTES;
    if (missing > 0) {
      try {
        this.memory.grow(missing);
      } catch (cause) {
        throw new MemoryLimitError(top, this.limitBytes, { cause });
      }
    }
    this.#top = top;
    this.#peak = Math.max(this.#peak, top);
    return address;
  }

  /** `alloc` and fill with zero bytes. What was never in use is zero already, and touching it costs more than the fill. */
  allocZeroed(bytes: number): number {
    const used = this.#peak;
    const address = this.alloc(bytes);
    if (address < used) this.bytes(address, Math.min(bytes, used - address)).fill(0);
    return address;
  }

  mark(): number {
    return this.#top;
  }

  /** Gives back everything allocated since `mark`. Views of it must not be used any more. */
  release(mark: number): void {
    if (mark > this.#top) throw new RangeError(`release: expected a mark of at most ${this.#top}, got ${mark}`);
    this.#top = mark;
    for (const [key, { address }] of this.#remembered) if (address >= mark) this.#remembered.delete(key);
  }

  /** The table remembered under the key, unless its memory has been released since. */
  recall(key: string): Table | undefined {
    return this.#remembered.get(key);
  }

  remember(key: string, table: Table): void {
    this.#remembered.set(key, table);
  }

  /** A view of `length` words. It stays valid when the memory grows. */
  u32(address: number, length: number): Uint32Array {
    return new Uint32Array(this.memory.buffer, address, length);
  }

  /** A view of `length` bytes. It stays valid when the memory grows. */
  bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.memory.buffer, address, length);
  }
}

function writeConstants(memory: WebAssembly.Memory): void {
  const words = new Uint32Array(memory.buffer);
  const bytes = new Uint8Array(memory.buffer);
  const p = BigInt(P);
  const r = (1n << 32n) % p;
  words[page.ADDRESS_P / 4] = P;
  words[page.ADDRESS_MU / 4] = 0x8100_0001; // p (2^31 + 2^24 + 1) = 1 mod 2^32
  words[page.ADDRESS_R / 4] = Number(r);
  words[page.ADDRESS_R_SHOUP / 4] = Number((r << 32n) / p);
  words[page.ADDRESS_R_SQUARED / 4] = Number((r * r) % p);
  words[page.ADDRESS_LOW_31 / 4] = 0x7fff_ffff;
  for (let k = 0; k <= TWO_ADICITY; k++) {
    words[page.ADDRESS_ROOTS / 4 + k] = rootOfUnity(k);
    words[page.ADDRESS_INVERSE_ROOTS / 4 + k] = inverse(rootOfUnity(k));
    words[page.ADDRESS_SHIFTS / 4 + k] = pow(GENERATOR, 2 ** k);
  }
  for (let i = 0; i < 16; i++) {
    bytes[page.ADDRESS_ROTATE_16 + i] = (i & ~3) | ((i + 2) & 3);
    bytes[page.ADDRESS_ROTATE_8 + i] = (i & ~3) | ((i + 1) & 3);
  }
  // The first 32 bits of the fractional parts of the square roots of the first eight primes, as in SHA-256.
  const iv = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
  words.set(iv, page.ADDRESS_BLAKE3_IV / 4);
  HASH_DOMAINS.forEach((domain, i) => {
    bytes.set(DOMAIN_KEYS[domain], page.ADDRESS_HASH_KEYS + 32 * i);
  });
}
