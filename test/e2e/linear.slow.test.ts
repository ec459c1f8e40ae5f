/** The honest cases at the size they are meant for. Expected values come from `model/linear.ts`, the reference. */
import { expect, test } from 'vitest';
import { verifyLayer } from '../../cli/layer/verify.ts';
import { STRONG } from '../../stark/parameters.ts';
import { honestLayer, valuesOf } from './honest.fixture.ts';

test.each([
  ['X 256 x 512, W 512 x 512, 64 samples', { rows: 256, columns: 512, inner: 512 }, 64, {}],
  ['the same with a bias', { rows: 256, columns: 512, inner: 512 }, 64, { bias: true }],
  ['the same, 16 samples in tiles of 2 x 2', { rows: 256, columns: 512, inner: 512 }, 16, { bias: true, tile: 2 }],
  ['one entry at K = 53,248', { rows: 3, columns: 5, inner: 53_248 }, 1, {}],
  ['K that is no multiple of 16', { rows: 7, columns: 100, inner: 500 }, 8, { bias: true }],
  ['128 provable bits', { rows: 16, columns: 16, inner: 64 }, 4, { parameters: STRONG }],
  ['128 provable bits in tiles', { rows: 15, columns: 17, inner: 64 }, 4, { parameters: STRONG, tile: 4 }],
] as const)('%s', async (_, shape, samples, options) => {
  const { engine, guest, program, claim, proven, record } = await honestLayer(shape, samples, options);
  const verdict = engine.verify(program, valuesOf(claim.statement), proven.proof);
  expect(verdict).toMatchObject({ ok: true, zeroKnowledge: true });
  expect(verdict.ok && verdict.bits).toBeGreaterThanOrEqual('parameters' in options ? 128 : 100);
  expect(verifyLayer(engine, guest, record, proven.proof)).toMatchObject({ ok: true });
  const mebibytes = 'tile' in options ? 1.6 : 1.5;
  if (shape.rows === 256) expect(proven.proof.length).toBeLessThanOrEqual(mebibytes * 2 ** 20);
});
