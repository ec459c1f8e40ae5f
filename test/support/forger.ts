/**
 * A forger who knows the challenges beforehand. `frozen` runs a verifier whose challenges are those recorded from an
 * honest proof and whose proofs of work all pass: what it accepts there and rejects live is stopped by Fiat-Shamir
 * alone. The algebra shows that each message would be free if the challenges after it did not depend on it.
 */
import type { Felt } from '../../stark/field/koala-bear.ts';
import type { Ext } from '../../stark/field/quintic.ts';
import * as K from '../../stark/field/quintic.ts';
import { NUM_CHUNKS } from '../../stark/parameters.ts';
import { VerifierTranscript, wordsToBytes } from '../../stark/transcript/transcript.ts';
import type { Operation } from './transcript-log.ts';

/** Runs `attack` with the challenges of the log, `replaced` by label. */
export function frozen<T>(
  log: readonly Operation[],
  attack: () => T,
  replaced: Readonly<Record<string, Uint8Array>> = {},
): T {
  const recorded = new Map(log.flatMap((o) => (o.kind === 'squeeze' ? [[o.label, o.bytes] as const] : [])));
  for (const [label, bytes] of Object.entries(replaced)) recorded.set(label, bytes);
  const prototype = VerifierTranscript.prototype;
  const chain = Object.getPrototypeOf(prototype) as VerifierTranscript;
  const [squeeze, readWork] = [chain.squeeze, prototype.readWork];
  chain.squeeze = (label) => recorded.get(label)!.slice();
  prototype.readWork = function (site, bits) {
    readWork.call(this, site, bits);
    return true;
  };
  try {
    return attack();
  } finally {
    Object.assign(chain, { squeeze });
    Object.assign(prototype, { readWork });
  }
}

/** The recorded challenges, for use inside `frozen`. */
export const recordedChallenges = (): VerifierTranscript => new VerifierTranscript(new Uint8Array(0));

/** The elements of K of one message. */
export function extsOf(proof: Uint8Array, log: readonly Operation[], label: string): Ext[] {
  const { offset, length } = messageOf(log, label);
  const view = new DataView(proof.buffer, proof.byteOffset + offset, length);
  return Array.from({ length: length / 20 }, (_, i) =>
    K.ext([0, 4, 8, 12, 16].map((at) => view.getUint32(20 * i + at, true))),
  );
}

/** A copy of the proof with other elements in one message. */
export function withExts(proof: Uint8Array, log: readonly Operation[], label: string, values: readonly Ext[]) {
  const copy = proof.slice();
  copy.set(wordsToBytes(values.flat()), messageOf(log, label).offset);
  return copy;
}

export function messageOf(log: readonly Operation[], label: string): Operation & { kind: 'read' } {
  return log.find((o): o is Operation & { kind: 'read' } => o.kind === 'read' && o.label === label)!;
}

/**
 * Changes of two quotient chunks at z that raise Q(z) by `by` and leave the batch as it is: d_0 + s d_1 = by and
 * gamma_0 d_0 + gamma_1 d_1 = 0.
 * @param step s = z^L, what the second chunk is multiplied with
 */
export function cancelInBatch(by: Ext, step: Ext, [gamma0, gamma1]: readonly [Ext, Ext]): readonly [Ext, Ext] {
  const ratio = K.mul(gamma1, K.inverse(gamma0));
  const second = K.mul(by, K.inverse(K.sub(step, ratio)));
  return [K.neg(K.mul(ratio, second)), second];
}

/** Words of a challenge of K, as the sampler reads them. */
export const challengeBytes = (values: readonly Ext[]): Uint8Array =>
  wordsToBytes([...values.flat(), ...new Array(16).fill(0)]);

/** Coefficients of the polynomial of degree < values.length through (points[i], values[i]), by Newton's rule. */
export function interpolateThrough(points: readonly Felt[], values: readonly Ext[]): Ext[] {
  const at = points.map(K.fromBase);
  const differences = [...values];
  for (let order = 1; order < at.length; order++) {
    for (let i = at.length - 1; i >= order; i--) {
      const gap = K.inverse(K.sub(at[i]!, at[i - order]!));
      differences[i] = K.mul(K.sub(differences[i]!, differences[i - 1]!), gap);
    }
  }
  return differences.reduceRight<Ext[]>((polynomial, difference, i) => {
    const raised = [K.ZERO as Ext].concat(polynomial);
    polynomial.forEach((c, k) => {
      raised[k] = K.sub(raised[k]!, K.mul(c, at[i]!));
    });
    raised[0] = K.add(raised[0]!, difference);
    return raised;
  }, []);
}

/** Positions of the quotient chunks among the values at z. */
export const chunkAt = (numColumns: number, chunk: number): number => numColumns - NUM_CHUNKS + chunk;
