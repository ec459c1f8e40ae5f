/**
 * The hash function of the protocol: BLAKE3 in keyed mode, one key a domain, so that no hash of one domain is ever a
 * hash of another. The keys are public: BLAKE3's key derivation of the context strings below, without key material.
 * Reference of the kernels in `stark/kernels/assembly/blake3.ts`. Source: the BLAKE3 paper, sections 2.3 and 2.5.
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { CHUNK_BYTES, hashChunk, keyWords } from './blake3.ts';

/** Bytes of a digest: 128 bits of collision resistance. */
export const DIGEST_BYTES = 32;

export type HashDomain = 'leaf' | 'node' | 'fri-leaf' | 'transcript' | 'proof-of-work';

/** In the order in which the kernels number them. */
export const HASH_DOMAINS: readonly HashDomain[] = ['leaf', 'node', 'fri-leaf', 'transcript', 'proof-of-work'];

const key = (domain: HashDomain): Uint8Array =>
  blake3(new Uint8Array(0), { context: new TextEncoder().encode(`ulpvm stark v1 ${domain}`) });

/** The 32-byte key of each domain. */
export const DOMAIN_KEYS: Readonly<Record<HashDomain, Uint8Array>> = {
  leaf: key('leaf'),
  node: key('node'),
  'fri-leaf': key('fri-leaf'),
  transcript: key('transcript'),
  'proof-of-work': key('proof-of-work'),
};

const KEY_WORDS = Object.fromEntries(HASH_DOMAINS.map((domain) => [domain, keyWords(DOMAIN_KEYS[domain])])) as Record<
  HashDomain,
  Int32Array
>;

/** H_domain(message): 32 bytes. Leaves and nodes are one chunk, for which there is a faster way to the same digest. */
export function hash(domain: HashDomain, message: Uint8Array): Uint8Array {
  if (message.length <= CHUNK_BYTES) return hashChunk(KEY_WORDS[domain], message);
  return blake3(message, { key: DOMAIN_KEYS[domain] });
}
