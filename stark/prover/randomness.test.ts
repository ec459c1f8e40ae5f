import { describe, expect, test } from 'vitest';
import { type Randomness, randomSource, STREAM, streamOf } from './randomness.ts';

const statement = Uint8Array.of(1, 2, 3);
const draw = (randomness: Randomness, attempt = 0, stream = 0, of = statement): string =>
  randomSource(randomness, of, attempt).felts(stream, 8).join();

describe('streams', () => {
  test('of all uses and tables are different', () => {
    const perTable = [STREAM.main, STREAM.aux];
    const once = Object.values(STREAM).filter((use) => !perTable.includes(use as 0 | 1));
    const streams = [
      ...once.map((use) => streamOf(use)),
      ...Array.from({ length: 255 }, (_, table) => perTable.map((use) => streamOf(use, table))).flat(),
    ];
    expect(new Set(streams).size).toBe(streams.length);
    expect(Math.max(...streams)).toBeLessThan(2 ** 32);
  });

  test('of one seed are different elements', () => {
    const test = { kind: 'test', insecureSeed: new Uint8Array(32) } as const;
    const draws = Array.from({ length: 40 }, (_, stream) => draw(test, 0, stream));
    expect(new Set(draws).size).toBe(draws.length);
  });
});

describe('seeds', () => {
  test('of the system are fresh in every proof and in every attempt', () => {
    const draws = [0, 0, 1, 1].map((attempt) => draw({ kind: 'system' }, attempt));
    expect(new Set(draws).size).toBe(4);
  });

  test('of salts are as secret as the others', () => {
    const salts = (randomness: Randomness): string => randomSource(randomness, statement, 0).salts(4).seed.join();
    const zeros = salts({ kind: 'none' });
    expect(new Set([zeros, salts({ kind: 'system' }), salts({ kind: 'system' })]).size).toBe(3);
  });

  test('of tests are reproducible, and others in every attempt', () => {
    const test = { kind: 'test', insecureSeed: new Uint8Array(32) } as const;
    expect(draw(test, 0)).toBe(draw(test, 0));
    expect(draw(test, 1)).not.toBe(draw(test, 0));
  });

  test('of a proof that hides nothing are zeros, and it says so', () => {
    expect(draw({ kind: 'none' })).toBe('0,0,0,0,0,0,0,0');
    expect(randomSource({ kind: 'none' }, statement, 0).hiding).toBe(false);
    expect(randomSource({ kind: 'system' }, statement, 0).hiding).toBe(true);
  });
});
