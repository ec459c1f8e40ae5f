import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { P } from '../field/koala-bear.ts';
import { DOMAIN_KEYS } from '../hash/domains.ts';
import { isProofOfWork, powDigest } from '../hash/grinding.ts';
import { ProverTranscript, VerifierTranscript, wordsToBytes } from './transcript.ts';

type Message = readonly [label: string, words: readonly number[]];
const challengeAfter = (messages: readonly Message[], label = 'challenge'): string => {
  const transcript = new ProverTranscript();
  for (const [name, words] of messages) transcript.write(name, wordsToBytes(words));
  return transcript.sampleFelts(label, 4).join();
};

describe('messages', () => {
  it('are bound with their lengths, labels, boundaries and order', () => {
    const streams: readonly (readonly Message[])[] = [
      [],
      [['a', []]],
      [['a', [5, 7]]],
      [['a', [5, 7, 0, 0]]],
      [['b', [5, 7]]],
      [
        ['a', [5]],
        ['a', [7]],
      ],
      [
        ['a', [7]],
        ['a', [5]],
      ],
      [
        ['a', [5, 7]],
        ['a', []],
      ],
      [['a5', [7]]],
    ];
    expect(new Set(streams.map((messages) => challengeAfter(messages))).size).toBe(streams.length);
  });

  it('give different challenges after any different message', () => {
    const message = fc.array(fc.nat(P - 1), { maxLength: 6 });
    fc.assert(
      fc.property(message, message, (a, b) => {
        fc.pre(a.join() !== b.join());
        expect(challengeAfter([['a', a]])).not.toBe(challengeAfter([['a', b]]));
      }),
    );
  });

  it('that the verifier reads give the challenges of the prover that wrote them', () => {
    const prover = new ProverTranscript();
    prover.write('a', wordsToBytes([1, 2, 3]));
    const first = prover.sampleExts('x', 2);
    prover.write('b', wordsToBytes([4]));
    const indexes = prover.sampleIndexes('y', 20, 11);
    const verifier = new VerifierTranscript(prover.bytes());
    expect([...verifier.readWords('a', 3)]).toEqual([1, 2, 3]);
    expect(verifier.sampleExts('x', 2)).toEqual(first);
    expect([...verifier.readWords('b', 1)]).toEqual([4]);
    expect(verifier.sampleIndexes('y', 20, 11)).toEqual(indexes);
    expect([verifier.left, verifier.truncated, verifier.noncanonical]).toEqual([0, false, false]);
  });
});

describe('challenges', () => {
  it('drawn one after another, or under another label, differ', () => {
    const transcript = new ProverTranscript();
    const draws = [transcript.sampleFelts('a', 4).join(), transcript.sampleFelts('a', 4).join()];
    expect(new Set([...draws, challengeAfter([], 'a'), challengeAfter([], 'b')]).size).toBe(3);
  });

  it('are the 31-bit words of the stream below p, in order: no word is reduced', () => {
    const transcript = new ProverTranscript();
    const { squeeze } = transcript;
    const stream = [P - 1, P, 2 ** 31 - 1, 0, 2 ** 31 + 5, 2 ** 32 - 1, 2 ** 31 + P];
    transcript.squeeze = (label, numBytes) => {
      const bytes = squeeze.call(transcript, label, numBytes);
      bytes.set(wordsToBytes(stream));
      return bytes;
    };
    expect(transcript.sampleFelts('a', 3)).toEqual([P - 1, 0, 5]);
  });

  it('as indexes fill exactly their range', () => {
    const indexes = new ProverTranscript().sampleIndexes('a', 4000, 5);
    expect(new Set(indexes).size).toBe(32);
    expect(Math.max(...indexes)).toBe(31);
  });
});

describe('proof of work', () => {
  it('hashes state and nonce in a domain of its own', () => {
    const state = new Uint8Array(32).fill(9);
    const nonce = new Uint8Array(8);
    const inTranscript = blake3(concatBytes(state, nonce), { key: DOMAIN_KEYS.transcript });
    expect(powDigest(state, 0n)).not.toEqual(inTranscript);
  });

  it('binds its nonce before the next challenge, and reads none where no bits are asked', async () => {
    const withNonce = async (least: bigint): Promise<{ proof: Uint8Array; challenge: string }> => {
      const prover = new ProverTranscript();
      await prover.writeWork('site', 4, async (state, bits) => {
        let nonce = least;
        while (!isProofOfWork(state, nonce, bits)) nonce++;
        return nonce;
      });
      return { proof: prover.bytes(), challenge: prover.sampleFelts('a', 4).join() };
    };
    const [first, second] = [await withNonce(0n), await withNonce(1000n)];
    expect(first.challenge).not.toBe(second.challenge);
    for (const { proof, challenge } of [first, second]) {
      const verifier = new VerifierTranscript(proof);
      expect(verifier.readWork('site', 4)).toBe(true);
      expect(verifier.sampleFelts('a', 4).join()).toBe(challenge);
    }
    const none = new VerifierTranscript(first.proof);
    expect([none.readWork('site', 0), none.left]).toEqual([true, 8]);
  });
});

describe('a proof that is not one', () => {
  it('reads as zeros past its end, and says so', () => {
    const verifier = new VerifierTranscript(wordsToBytes([1, 2]));
    expect([...verifier.readWords('a', 3)]).toEqual([0, 0, 0]);
    expect([verifier.truncated, verifier.left]).toEqual([true, 0]);
  });

  it('with a word of p or more says so', () => {
    const verifier = new VerifierTranscript(wordsToBytes([P - 1, P]));
    expect([...verifier.readWords('a', 1), verifier.noncanonical]).toEqual([P - 1, false]);
    expect([...verifier.readWords('b', 1), verifier.noncanonical]).toEqual([0, true]);
  });
});

it('after the last challenge nothing is absorbed and nothing can be drawn', () => {
  const transcript = new ProverTranscript();
  transcript.write('before', Uint8Array.of(1));
  transcript.close();
  const { state } = transcript;
  transcript.write('opening', Uint8Array.of(2));
  expect(transcript.state).toEqual(state);
  expect([...transcript.bytes()]).toEqual([1, 2]);
  expect(() => transcript.sampleExts('late', 1)).toThrow('late/0: expected no challenge after the last one');
});
