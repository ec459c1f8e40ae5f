/**
 * The Fiat-Shamir transcript. The proof *is* the transcript: the prover appends a message only through `write` and the
 * verifier sees one only through `read`, and both absorb it, so that no message can be used without being bound.
 *
 * A 32-byte state is chained by keyed BLAKE3: absorbing hashes (state, kind, label, length, bytes); every field is
 * length-prefixed, so that distinct sequences of messages are distinct inputs. Sampling draws an XOF stream from the
 * state and then moves the state on, so that challenges drawn one after another are independent. A proof of work hashes
 * state and nonce, 40 bytes, which no other message of the chain is (they have 45 or more).
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Felt, P } from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import { DOMAIN_KEYS } from '../hash/domains.ts';
import { isProofOfWork } from '../hash/grinding.ts';
import { EXTENSION_DEGREE } from '../parameters.ts';

const ABSORB = 1;
const SQUEEZE = 2;
const RATCHET = 3;

class Chain {
  state: Uint8Array = new Uint8Array(32);
  #closed = false;

  /**
   * After the last challenge: messages that follow bind nothing, so they are not absorbed. Openings come here, and their
   * roots have bound them.
   */
  close(): void {
    this.#closed = true;
  }

  absorb(label: string, bytes: Uint8Array): void {
    if (this.#closed) return;
    this.state = blake3(concatBytes(this.state, header(ABSORB, label, bytes.length), bytes), {
      key: DOMAIN_KEYS.transcript,
    });
  }

  /** @throws {RangeError} after `close`: a challenge would not depend on what came since */
  squeeze(label: string, numBytes: number): Uint8Array {
    if (this.#closed) throw new RangeError(`${label}: expected no challenge after the last one`);
    const stream = blake3(concatBytes(this.state, header(SQUEEZE, label, numBytes)), {
      key: DOMAIN_KEYS.transcript,
      dkLen: numBytes,
    });
    this.state = blake3(concatBytes(this.state, header(RATCHET, label, numBytes)), { key: DOMAIN_KEYS.transcript });
    return stream;
  }

  /** `count` uniform felts: 31-bit candidates, rejected at p or above. Twice the bytes needed, so that one draw is enough but for 2^-40 counts. */
  sampleFelts(label: string, count: number): Felt[] {
    const felts: Felt[] = [];
    for (let round = 0; felts.length < count; round++) {
      const stream = this.squeeze(`${label}/${round}`, 4 * (count - felts.length + 16));
      const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
      for (let at = 0; at < stream.length && felts.length < count; at += 4) {
        const candidate = view.getUint32(at, true) & 0x7fff_ffff;
        if (candidate < P) felts.push(candidate as Felt);
      }
    }
    return felts;
  }

  sampleExts(label: string, count: number): Ext[] {
    const felts = this.sampleFelts(label, EXTENSION_DEGREE * count);
    return Array.from({ length: count }, (_, i) => felts.slice(5 * i, 5 * i + 5) as unknown as Ext);
  }

  /** `count` indexes, uniform in [0, 2^bits). */
  sampleIndexes(label: string, count: number, bits: number): number[] {
    const stream = this.squeeze(label, 4 * count);
    const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
    return Array.from({ length: count }, (_, i) => view.getUint32(4 * i, true) % 2 ** bits);
  }
}

function header(kind: number, label: string, length: number): Uint8Array {
  const name = utf8ToBytes(label);
  const bytes = new Uint8Array(1 + 4 + name.length + 8);
  const view = new DataView(bytes.buffer);
  bytes[0] = kind;
  view.setUint32(1, name.length, true);
  bytes.set(name, 5);
  view.setBigUint64(5 + name.length, BigInt(length), true);
  return bytes;
}

export const NONCE_BYTES = 8;

/** The prover's side: messages accumulate as the proof. */
export class ProverTranscript extends Chain {
  readonly #messages: Uint8Array[] = [];

  write(label: string, bytes: Uint8Array): void {
    this.#messages.push(bytes);
    this.absorb(label, bytes);
  }

  writeExts(label: string, values: readonly Ext[]): void {
    this.write(label, wordsToBytes(values.flat()));
  }

  /** The answer to a proof of work over the present state, found by `grind`; none is sent where no bits are asked. */
  async writeWork(
    site: string,
    bits: number,
    grind: (state: Uint8Array, bits: number) => Promise<bigint>,
  ): Promise<void> {
    if (bits === 0) return;
    const nonce = new Uint8Array(NONCE_BYTES);
    new DataView(nonce.buffer).setBigUint64(0, await grind(this.state, bits), true);
    this.write(`work/${site}`, nonce);
  }

  /** The proof. */
  bytes(): Uint8Array {
    return concatBytes(...this.#messages);
  }
}

/** The verifier's side. Reading past the end gives zeros and sets `truncated`; a felt of p or above sets `noncanonical`. */
export class VerifierTranscript extends Chain {
  readonly #proof: Uint8Array;
  #at = 0;
  truncated = false;
  noncanonical = false;

  constructor(proof: Uint8Array) {
    super();
    this.#proof = proof;
  }

  /** Bytes not yet read. */
  get left(): number {
    return this.#proof.length - this.#at;
  }

  read(label: string, numBytes: number): Uint8Array {
    const bytes = new Uint8Array(numBytes);
    if (numBytes > this.left) this.truncated = true;
    else bytes.set(this.#proof.subarray(this.#at, this.#at + numBytes));
    this.#at = Math.min(this.#proof.length, this.#at + numBytes);
    this.absorb(label, bytes);
    return bytes;
  }

  /** `count` residues, canonical whatever was read. */
  readWords(label: string, count: number): Uint32Array {
    const bytes = this.read(label, 4 * count);
    const view = new DataView(bytes.buffer);
    const words = new Uint32Array(count);
    for (let i = 0; i < count; i++) {
      const word = view.getUint32(4 * i, true);
      if (word >= P) this.noncanonical = true;
      words[i] = word % P;
    }
    return words;
  }

  readExts(label: string, count: number): Ext[] {
    const words = this.readWords(label, EXTENSION_DEGREE * count);
    return Array.from({ length: count }, (_, i) => Array.from(words.subarray(5 * i, 5 * i + 5)) as unknown as Ext);
  }

  /** Whether the nonce that comes next has the bits that this site credits. */
  readWork(site: string, bits: number): boolean {
    if (bits === 0) return true;
    const before = this.state;
    const nonce = this.read(`work/${site}`, NONCE_BYTES);
    return isProofOfWork(before, new DataView(nonce.buffer).getBigUint64(0, true), bits);
  }
}

export function wordsToBytes(words: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < words.length; i++) view.setUint32(4 * i, words[i]!, true);
  return bytes;
}
