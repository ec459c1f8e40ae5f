import { afterAll, describe, expect, test } from 'vitest';
import { toyRelation, toyResult, toyStatement, toyWitness } from '../../test/support/toy-relation.ts';
import { createBackend } from '../kernels/backend.ts';
import { FAST } from '../parameters.ts';
import { verify } from '../verifier/verify.ts';
import { fixedRoots } from './fixed.ts';
import { prove } from './prove.ts';

const backend = createBackend({ threads: 1 });
afterAll(() => backend.close());
const relation = toyRelation(await fixedRoots(toyRelation()));

describe('prove, then verify', () => {
  test('an honest proof is accepted', async () => {
    const values = [1, 2, 3, 255];
    const statement = toyStatement(7, values, toyResult(7, values));
    const { proof, shape } = await prove(relation, statement, toyWitness(7, values), {
      parameters: FAST,
      backend,
      randomness: { kind: 'system' },
    });
    const t = performance.now();
    expect(verify(relation, statement, proof)).toEqual({
      ok: true,
      bits: shape.bits,
      zeroKnowledge: true,
      parameters: 'fast',
    });
    console.log('verify', performance.now() - t, 'bytes', proof.length);
  });
});
