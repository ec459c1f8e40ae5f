import { describe, expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { centred } from '../../stark/field/koala-bear.ts';
import { type Block, blockRows, hasVectors, readVectors, stateAfter, TABLES } from '../../test/support/bf16-dot.ts';
import { messages, objections } from '../../test/support/forgery.ts';
import { bf16DotAir } from './air.ts';

const isArithmetic = ({ a, b, acc }: Block): boolean =>
  [...a, ...b].every((x) => (x & 0x7f80) !== 0x7f80) && (acc & 0x7f80_0000) !== 0x7f80_0000;

describe.skipIf(!hasVectors)('vectors from outside (skipped where shared/vectors is absent)', () => {
  const finite = hasVectors ? readVectors('model.txt.gz').filter(isArithmetic) : [];
  test.each([0, 1, 2, 3, 4, 6, 7, 8, 9, 10])('class %i: the trace is accepted and sends the expected state', (kind) => {
    const vectors = finite.filter((vector) => vector.kind === kind).slice(0, 1000);
    const rows = blockRows(vectors);
    expect(violations(bf16DotAir, rows)).toEqual([]);
    expect(objections(bf16DotAir, rows, rows, TABLES)).toEqual([]);
    const sent = messages(bf16DotAir, rows, 'the call goes on to the next block').map((tuple) => tuple.slice(4));
    expect(sent.map((s) => s.map(centred))).toEqual(vectors.map((vector) => stateAfter(vector, vector.expected)));
  });
});
