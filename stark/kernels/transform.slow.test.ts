import { afterAll, expect, it } from 'vitest';
import * as F from '../field/koala-bear.ts';
import { type Felt, felt, ONE, ZERO } from '../field/koala-bear.ts';
import { domainPoint } from '../poly/domain.ts';
import { createBackend } from './backend.ts';
import { words } from './matrix.ts';

const backend = createBackend();
afterAll(() => backend.close());

/**
 * f(x) from the values on H by the barycentric formula (x^n - 1)/n * sum v_i w^i / (x - w^i), with numerators and
 * denominators of neighbouring sums merged, so that one inversion is enough.
 */
function barycentric(values: ArrayLike<number>, logHeight: number, x: Felt): Felt {
  const n = 2 ** logHeight;
  const root = F.rootOfUnity(logHeight);
  let numerator = ZERO;
  let denominator = ONE;
  for (let i = 0, power = ONE; i < n; i++, power = F.mul(power, root)) {
    const difference = F.sub(x, power);
    const term = F.mul(F.mul(felt(values[i]!), power), denominator);
    numerator = F.add(F.mul(numerator, difference), term);
    denominator = F.mul(denominator, difference);
  }
  const scale = F.mul(F.sub(F.pow(x, n), ONE), F.inverse(felt(n)));
  return F.mul(F.mul(numerator, F.inverse(denominator)), scale);
}

it.each([
  [22, 2],
  [21, 3],
  [20, 4],
])('extends 2^%i rows by 2^%i, to 2^24 points at most', async (logHeight, logBlowup) => {
  const mark = backend.arena.mark();
  const trace = backend.allocMatrix(2 ** logHeight, 1);
  await backend.fillRandom(trace, 0, trace.height, new Uint8Array(32).fill(logHeight), 0);
  const column = words(backend.arena, trace).filter((_, i) => i % 4 === 0);
  const lde = await backend.lde(trace, 2 ** logBlowup);
  const data = words(backend.arena, lde);
  for (const index of [0, 1, 2 ** (logHeight + logBlowup) - 1, 0x9e3779, 2 ** logHeight + 5]) {
    expect(data[4 * index]).toBe(barycentric(column, logHeight, domainPoint(logHeight, logBlowup, index)));
  }
  backend.arena.release(mark);
});
