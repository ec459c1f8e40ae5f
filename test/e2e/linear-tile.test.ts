/** A layer sampled by tiles: an honest one is proven and accepted, and what is near it is refused. Odd shape, with a bias. */
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { verifyLayer } from '../../cli/layer/verify.ts';
import { memoryMatrix } from '../../protocol/bf16-matrix.ts';
import { sampleEntries, tileAround, tileEntries } from '../../protocol/challenge.ts';
import { commitTensor, tensorSaltSeed } from '../../protocol/commitment.ts';
import { linearClaim, linearInput } from '../../protocol/linear.ts';
import type { TileSide } from '../../protocol/statement.ts';
import { type Honest, honestLayer, SECRET, valuesOf } from './honest.fixture.ts';

const SHAPE = { rows: 5, columns: 9, inner: 40 };
const SAMPLES = 6;

let honest: Honest;
beforeAll(async () => {
  honest = await honestLayer(SHAPE, SAMPLES, { bias: true, tile: 2 });
}, 120_000);

describe('the honest layer', () => {
  test('is accepted, and all its products are in tiles', () => {
    const { engine, program, claim, proven } = honest;
    const verdict = engine.verify(program, valuesOf(claim.statement), proven.proof);
    expect(verdict).toMatchObject({ ok: true, zeroKnowledge: true, parameters: 'fast' });
    expect(verdict.ok && verdict.bits).toBeGreaterThanOrEqual(100);
    expect(proven.rowsByChip.get('bf16-dot-tile')).toBe(SAMPLES * Math.ceil(SHAPE.inner / 16));
    expect(proven.rowsByChip.has('bf16-dot')).toBe(false);
    expect(proven.rowsByChip.get('bf16-dot-call')).toBe(SAMPLES * 4);
  });

  test('is accepted from its record alone', () => {
    const { engine, guest, record, proven } = honest;
    expect(verifyLayer(engine, guest, record, proven.proof)).toMatchObject({ ok: true, record: { tile: 2 } });
  });

  test('meets an edge: some tile has a row or column twice', () => {
    const { statement } = honest.claim;
    const tiles = sampleEntries(statement.seed, SHAPE, SAMPLES).map((sample) => tileAround(sample, SHAPE, 2));
    expect(tiles.some(({ rows, columns }) => rows[0] === rows[1] || columns[0] === columns[1])).toBe(true);
  });

  test.each([1, 4] as const)('is no layer in tiles of %i', (tile: TileSide) => {
    const { engine, program, claim, proven } = honest;
    const verdict = engine.verify(program, valuesOf({ ...claim.statement, tile }), proven.proof);
    expect(verdict).toEqual({ ok: false, why: { code: 'bus-unbalanced' } });
  });

  test('is refused with one bit of the proof flipped', () => {
    const { engine, program, claim, proven } = honest;
    for (let at = 3; at < proven.proof.length; at += Math.floor(proven.proof.length / 4)) {
      const proof = proven.proof.slice();
      proof[at]! ^= 1;
      expect(engine.verify(program, valuesOf(claim.statement), proof).ok, `byte ${at}`).toBe(false);
    }
  });
});

describe('the guest', () => {
  const trapOf = async (y: Uint16Array, tile: TileSide): Promise<string> => {
    const { engine, program, claim, tensors } = honest;
    const forged = { ...tensors, y: memoryMatrix(SHAPE.rows, SHAPE.columns, y) };
    const anew = await commitTensor(forged.y, 'block', tensorSaltSeed(SECRET, 'y'));
    const commitments = { ...claim.commitments, y: anew };
    const { seed, samples, model } = claim.statement;
    const statement = { ...linearClaim(commitments, samples, model, tile), seed };
    const result = engine.run(program, await linearInput(forged, commitments, statement), { record: false });
    return result.ok ? 'no trap' : `${result.trap.cause}: ${result.trap.detail}`;
  };

  test.each([2, 4] as const)('refuses exactly the wrong entries of the tiles of %i', async (tile) => {
    const { statement } = honest.claim;
    const checked = new Set(
      sampleEntries(statement.seed, SHAPE, SAMPLES)
        .flatMap((sample) => tileEntries(tileAround(sample, SHAPE, tile)))
        .map(({ row, column }) => row * SHAPE.columns + column),
    );
    expect(checked.size).toBeGreaterThan(SAMPLES);
    for (let at = 0; at < honest.y.length; at += tile / 2) {
      const trap = await trapOf(honest.y.with(at, honest.y[at]! ^ 1), tile);
      if (checked.has(at)) expect(trap).toMatch(/^assertion-failed: a sampled entry of Y is not the declared product/);
      else expect(trap, `entry ${at}`).toBe('no trap');
    }
  });

  test('refuses any halfword of the tape changed in any way', () => {
    const { engine, program, claim } = honest;
    fc.assert(
      fc.property(fc.nat(claim.input.hints.length - 1), fc.integer({ min: 1, max: 0xffff }), (at, mask) => {
        const hints = claim.input.hints.slice();
        hints[at]! ^= mask;
        const result = engine.run(program, { ...claim.input, hints }, { record: false });
        expect(result).toMatchObject({ ok: false, trap: { cause: 'assertion-failed' } });
      }),
      { numRuns: 30 },
    );
  });

  test('refuses the tape of another side', async () => {
    const { engine, program, claim, tensors } = honest;
    const other = await linearInput(tensors, claim.commitments, { ...claim.statement, tile: 4 });
    const input = { ...other, publicInput: claim.input.publicInput };
    expect(engine.run(program, input, { record: false })).toMatchObject({
      ok: false,
      trap: { cause: 'assertion-failed' },
    });
  });
});
