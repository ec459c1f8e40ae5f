/** Watches the verifier's transcript: which messages it read, where in the proof, and which challenges it drew. */
import { VerifierTranscript } from '../../stark/transcript/transcript.ts';

export type Operation =
  | { readonly kind: 'absorb'; readonly label: string; readonly bytes: Uint8Array }
  | { readonly kind: 'read'; readonly label: string; readonly offset: number; readonly length: number }
  | { readonly kind: 'squeeze'; readonly label: string; readonly length: number; readonly bytes: Uint8Array };

/** Runs `verify` and returns everything its transcript did, in order. */
export function watch(verify: () => void): Operation[] {
  const log: Operation[] = [];
  const prototype = VerifierTranscript.prototype;
  const chain = Object.getPrototypeOf(prototype) as VerifierTranscript;
  const [read, absorb, squeeze] = [prototype.read, chain.absorb, chain.squeeze];
  let offset = 0;
  let reading = false;
  prototype.read = function (label, numBytes) {
    log.push({ kind: 'read', label, offset, length: numBytes });
    offset += numBytes;
    reading = true;
    const bytes = read.call(this, label, numBytes);
    reading = false;
    return bytes;
  };
  chain.absorb = function (label, bytes) {
    if (!reading) log.push({ kind: 'absorb', label, bytes });
    absorb.call(this, label, bytes);
  };
  chain.squeeze = function (label, numBytes) {
    const bytes = squeeze.call(this, label, numBytes);
    log.push({ kind: 'squeeze', label, length: numBytes, bytes });
    return bytes;
  };
  try {
    verify();
  } finally {
    Object.assign(prototype, { read });
    Object.assign(chain, { absorb, squeeze });
  }
  return log;
}

/** Challenges that the same sequence of operations draws from another proof. */
export function replay(operations: readonly Operation[], proof: Uint8Array): Uint8Array[] {
  const transcript = new VerifierTranscript(proof);
  const challenges: Uint8Array[] = [];
  for (const operation of operations) {
    if (operation.kind === 'read') transcript.read(operation.label, operation.length);
    else if (operation.kind === 'absorb') transcript.absorb(operation.label, operation.bytes);
    else challenges.push(transcript.squeeze(operation.label, operation.length));
  }
  return challenges;
}
