/** The whole slice at a small size: an honest layer is proven and accepted, and everything near it is refused. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { assemble } from '../../asm/index.ts';
import { verifyLayer } from '../../cli/layer/verify.ts';
import { memoryMatrix } from '../../protocol/bf16-matrix.ts';
import { fiatShamirSeed, sampleEntries } from '../../protocol/challenge.ts';
import { commitLinear, type LinearTensors, linearClaim, linearInput } from '../../protocol/linear.ts';
import type { LinearStatement } from '../../protocol/statement.ts';
import { P } from '../../stark/field/koala-bear.ts';
import { FAST } from '../../stark/parameters.ts';
import { type Honest, honestLayer, SECRET, valuesOf } from './honest.fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
const SHAPE = { rows: 8, columns: 8, inner: 32 };
const SAMPLES = 3;

let honest: Honest;
beforeAll(async () => {
  honest = await honestLayer(SHAPE, SAMPLES);
}, 120_000);

describe('the honest layer', () => {
  test('is accepted with at least 100 provable bits, in zero knowledge', () => {
    const { engine, program, claim, proven } = honest;
    const verdict = engine.verify(program, valuesOf(claim.statement), proven.proof);
    expect(verdict).toMatchObject({ ok: true, zeroKnowledge: true, parameters: 'fast' });
    expect(verdict.ok && verdict.bits).toBeGreaterThanOrEqual(100);
    expect([...proven.publicOutput]).toEqual([SAMPLES]);
  });

  test('is accepted from its record alone', () => {
    const { engine, guest, record, proven } = honest;
    expect(verifyLayer(engine, guest, record, proven.proof)).toMatchObject({ ok: true });
  });

  test('has the cost that was predicted', () => {
    const { engine, program, claim, proven } = honest;
    const cost = engine.cost(program, claim.input, FAST);
    if (!cost.ok) throw new Error(cost.trap.cause);
    expect(cost.cells).toBe(proven.cells);
    expect(cost.bits).toBe(proven.bits);
    expect(new Map(cost.chips.map(({ name, rows }) => [name, rows]))).toEqual(proven.rowsByChip);
    expect(proven.peakBytes / cost.predicted.memoryBytes).toBeGreaterThan(0.5);
    expect(proven.peakBytes / cost.predicted.memoryBytes).toBeLessThan(1.5);
  });

  test('has another proof every time', async () => {
    const { engine, program, claim, proven } = honest;
    const options = { parameters: FAST, zeroKnowledge: true, threads: 2, maxMemory: 2 ** 32 };
    const again = await engine.prove(program, claim.input, options);
    expect(again.ok && Buffer.from(again.proof).equals(Buffer.from(proven.proof))).toBe(false);
  });
});

describe('a proof of another statement is rejected', () => {
  const flipped = (words: Uint32Array): Uint32Array => words.map((word, i) => (i === 0 ? word ^ 1 : word));
  const changes: readonly [string, (statement: LinearStatement) => LinearStatement][] = [
    ['the root of X', (s) => ({ ...s, rootX: flipped(s.rootX) })],
    ['the root of W', (s) => ({ ...s, rootW: flipped(s.rootW) })],
    ['the root of Y', (s) => ({ ...s, rootY: flipped(s.rootY) })],
    ['a bias that was not there', (s) => ({ ...s, rootBias: flipped(s.rootX) })],
    ['the seed', (s) => ({ ...s, seed: flipped(s.seed) })],
    ['the number of rows', (s) => ({ ...s, rows: s.rows + 1 })],
    ['the number of columns', (s) => ({ ...s, columns: s.columns + 1 })],
    ['the inner dimension', (s) => ({ ...s, inner: s.inner + 16 })],
  ];
  test.each(changes)('%s', (_, change) => {
    const { engine, program, claim, proven } = honest;
    const verdict = engine.verify(program, valuesOf(change(claim.statement)), proven.proof);
    expect(verdict).toEqual({ ok: false, why: { code: 'bus-unbalanced' } });
  });

  test('the number of samples', () => {
    const { engine, program, claim, proven } = honest;
    const fewer = { ...claim.statement, samples: SAMPLES - 1 };
    const values = valuesOf(fewer);
    expect(engine.verify(program, values, proven.proof)).toEqual({ ok: false, why: { code: 'bus-unbalanced' } });
    const sameOutput = { ...values, publicOutput: Uint32Array.of(SAMPLES) };
    expect(engine.verify(program, sameOutput, proven.proof)).toEqual({ ok: false, why: { code: 'bus-unbalanced' } });
  });

  test.each([
    ['another output', { publicOutput: Uint32Array.of(SAMPLES + 1) }],
    ['no output', { publicOutput: new Uint32Array(0) }],
    ['another exit code', { exitCode: 1 }],
  ])('%s', (_, change) => {
    const { engine, program, claim, proven } = honest;
    const values = { ...valuesOf(claim.statement), ...change };
    expect(engine.verify(program, values, proven.proof)).toEqual({ ok: false, why: { code: 'bus-unbalanced' } });
  });

  test('another program: one that compares nothing', () => {
    const { engine, program, claim, proven } = honest;
    const read = (path: string) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') });
    const { path, text } = read('guests/linear.s');
    const lax = text.replace('ulp.assert.eq t0, t1, "a sampled', 'ulp.assert.eq t0, t0, "a sampled');
    expect(lax).not.toBe(text);
    const included = (name: string) => read(join('guests', name));
    const { elf } = assemble({ path, text: lax }, { table: engine.instructions, read: included });
    const other = engine.load(elf!);
    expect(engine.verifyingKey(other)).not.toBe(engine.verifyingKey(program));
    const verdict = engine.verify(other, valuesOf(claim.statement), proven.proof);
    expect(verdict).toEqual({ ok: false, why: { code: 'bus-unbalanced' } });
  });

  test('a program of another size', () => {
    const { engine, claim, proven } = honest;
    const { elf } = assemble(
      { path: 'exit.s', text: '_start:\n li a0, 0\n li a7, 93\n ecall\n' },
      { table: engine.instructions },
    );
    const verdict = engine.verify(engine.load(elf!), valuesOf(claim.statement), proven.proof);
    expect(verdict).toMatchObject({ ok: false, why: { code: 'shape' } });
  });
});

describe('a damaged proof is rejected', () => {
  const codeOf = (proof: Uint8Array): string => {
    const { engine, program, claim } = honest;
    const verdict = engine.verify(program, valuesOf(claim.statement), proof);
    return verdict.ok ? 'accepted' : verdict.why.code;
  };

  test('cut anywhere', () => {
    const { proof } = honest.proven;
    for (const length of [0, 1, 7, 40, 1000, proof.length >> 1, proof.length - 1]) {
      expect(codeOf(proof.subarray(0, length)), `${length} bytes`).toBe('malformed');
    }
  });

  test('extended', () => {
    const { proof } = honest.proven;
    const extended = new Uint8Array(proof.length + 1);
    extended.set(proof);
    expect(codeOf(extended)).toBe('malformed');
  });

  test('one bit flipped anywhere', () => {
    fc.assert(
      fc.property(fc.nat(honest.proven.proof.length - 1), fc.nat(7), (at, bit) => {
        const proof = honest.proven.proof.slice();
        proof[at]! ^= 1 << bit;
        expect(codeOf(proof), `byte ${at}, bit ${bit}`).not.toBe('accepted');
      }),
      { numRuns: 25 },
    );
  });

  test('bytes that are no proof never throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => codeOf(bytes) !== 'accepted'),
      { numRuns: 50 },
    );
  });
});

describe('the guest refuses wrong tensors', () => {
  /** The tensors with one bit flipped in the first sampled place of X, W or Y. */
  const tampered = (name: 'x' | 'w' | 'y', bit: number): LinearTensors => {
    const { statement } = honest.claim;
    const { row, column } = sampleEntries(statement.seed, statement, 1)[0]!;
    const at = { x: row * SHAPE.inner + 5, w: column * SHAPE.inner + 5, y: row * SHAPE.columns + column }[name];
    const data = honest[name].slice();
    data[at]! ^= 1 << bit;
    const { rows, columns } = honest.tensors[name];
    return { ...honest.tensors, [name]: memoryMatrix(rows, columns, data) };
  };
  const trapOf = async (tensors: LinearTensors, anew: boolean): Promise<string> => {
    const { engine, program, claim } = honest;
    const commitments = anew ? await commitLinear(tensors, SECRET) : claim.commitments;
    const { seed, samples, model, tile } = claim.statement;
    const statement = { ...linearClaim(commitments, samples, model, tile), seed };
    const result = engine.run(program, await linearInput(tensors, commitments, statement), { record: false });
    return result.ok ? 'no trap' : `${result.trap.cause}: ${result.trap.detail}`;
  };

  test.each([
    ['x', 14],
    ['w', 15],
    ['y', 0],
  ] as const)('%s, bit %i, committed anew: the product is not the entry', async (name, bit) => {
    expect(await trapOf(tampered(name, bit), true)).toMatch(
      /^assertion-failed: a sampled entry of Y is not the declared product/,
    );
  });

  test.each(['x', 'w', 'y'] as const)('%s under the old commitment: the leaf does not open', async (name) => {
    expect(await trapOf(tampered(name, 0), false)).toMatch(
      /^assertion-failed: the opened leaf does not belong to the committed root/,
    );
  });
});

describe('the guest refuses wrong public input', () => {
  const word = (index: number, value: (old: number) => number) => (input: Uint32Array) =>
    input.map((old, i) => (i === index ? value(old) : old));
  test.each<[string, (input: Uint32Array) => Uint32Array, string]>([
    ['another magic', word(0, (old) => old + 1), 'the public input is not a linear layer statement'],
    ['another version', word(1, () => 2), 'unknown version of the statement'],
    ['another model', word(2, () => 9), 'unknown accumulation model'],
    ['unknown flags', word(3, () => 6), 'unknown flags'],
    ['no rows', word(4, () => 0), 'rows out of range'],
    ['too many rows', word(4, () => 2 ** 24 + 1), 'rows out of range'],
    ['too many columns', word(5, () => 2 ** 32 - 1), 'columns out of range'],
    ['no inner dimension', word(6, () => 0), 'inner dimension out of range'],
    ['no samples', word(7, () => 0), 'number of samples out of range'],
    ['another root of X', word(8, (old) => old ^ 1), 'the opened leaf does not belong to the committed root'],
    ['another root of W', word(17, (old) => old ^ 1), 'the opened leaf does not belong to the committed root'],
    ['another root of Y', word(26, (old) => old ^ 1), 'the opened leaf does not belong to the committed root'],
    ['a cut statement', (input) => input.slice(0, 50), ''],
  ])('%s', (_, change, message) => {
    const { engine, program, claim } = honest;
    const input = { ...claim.input, publicInput: change(claim.input.publicInput) };
    const result = engine.run(program, input, { record: false });
    if (result.ok) throw new Error('the guest accepted it');
    if (message === '') expect(result.trap.cause).toBe('public-input-out-of-range');
    else expect(result.trap).toMatchObject({ cause: 'assertion-failed', detail: expect.stringContaining(message) });
  });

  test('a seed that is not the one of the samples that were opened', () => {
    const { engine, program, claim } = honest;
    const other = { ...claim.statement, samples: 2 };
    expect(fiatShamirSeed(other)).not.toEqual(claim.statement.seed);
    const publicInput = claim.input.publicInput.slice();
    publicInput.set(fiatShamirSeed(other), 44);
    const result = engine.run(program, { ...claim.input, publicInput }, { record: false });
    expect(result).toMatchObject({ ok: false, trap: { cause: 'assertion-failed' } });
  });
});

describe('the guest refuses wrong hints', () => {
  test('any halfword of the tape changed in any way', () => {
    const { engine, program, claim } = honest;
    fc.assert(
      fc.property(fc.nat(claim.input.hints.length - 1), fc.integer({ min: 1, max: 0xffff }), (at, mask) => {
        const hints = claim.input.hints.slice();
        hints[at]! ^= mask;
        const result = engine.run(program, { ...claim.input, hints }, { record: false });
        expect(result).toMatchObject({ ok: false, trap: { cause: 'assertion-failed' } });
      }),
      { numRuns: 100 },
    );
  });

  test('any element of the advice changed in any way', () => {
    const { engine, program, claim } = honest;
    fc.assert(
      fc.property(fc.nat(claim.input.advice.length - 1), fc.integer({ min: 1, max: P - 1 }), (at, difference) => {
        const advice = claim.input.advice.slice();
        advice[at] = (advice[at]! + difference) % P;
        const result = engine.run(program, { ...claim.input, advice }, { record: false });
        expect(result).toMatchObject({ ok: false, trap: { cause: 'assertion-failed' } });
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['a tape that ends early', 'hint-out-of-range', (h: Honest) => ({ hints: h.claim.input.hints.slice(0, -16) })],
    ['advice that ends early', 'advice-exhausted', (h: Honest) => ({ advice: h.claim.input.advice.slice(0, -1) })],
    [
      'advice that is no residue',
      'advice-not-a-field-element',
      (h: Honest) => ({ advice: h.claim.input.advice.map((felt, i) => (i === 3 ? P : felt)) }),
    ],
    ['no hints at all', 'hint-out-of-range', () => ({ hints: new Uint16Array(0) })],
  ])('%s', (_, cause, change) => {
    const { engine, program, claim } = honest;
    const result = engine.run(program, { ...claim.input, ...change(honest) }, { record: false });
    expect(result).toMatchObject({ ok: false, trap: { cause } });
  });
});
