import { afterAll, describe, expect, test } from 'vitest';
import { liarsStatement, toyRelation, toyResult, toyStatement, toyWitness } from '../../test/support/toy-relation.ts';
import { type Backend, createBackend } from '../kernels/backend.ts';
import { MemoryLimitError } from '../kernels/memory.ts';
import { FAST, type Parameters, STRONG } from '../parameters.ts';
import { verify } from '../verifier/verify.ts';
import { fixedRoots } from './fixed.ts';
import { prove, ShapeError, UnsatisfiedError } from './prove.ts';
import type { Randomness } from './randomness.ts';

const backend = createBackend({ threads: 1 });
const twoThreads = createBackend({ threads: 2 });
afterAll(() => Promise.all([backend.close(), twoThreads.close()]));

const relation = toyRelation(await fixedRoots(toyRelation()));
const inputs = [1, 2, 3, 255];
const result = toyResult(7, inputs);
const statement = toyStatement(7, inputs, result);
const TEST_SEED: Randomness = { kind: 'test', insecureSeed: new Uint8Array(32).fill(1) };

async function proofOf(
  witness: ReturnType<typeof toyWitness>,
  options: { backend?: Backend; parameters?: Parameters; randomness?: Randomness; claim?: typeof statement } = {},
): Promise<Uint8Array> {
  const { proof } = await prove(relation, options.claim ?? statement, witness, {
    parameters: FAST,
    backend,
    randomness: { kind: 'system' },
    ...options,
  });
  return proof;
}

describe('an honest witness', () => {
  test.each([
    ['fast', FAST, { kind: 'system' }, 101, true],
    ['strong', STRONG, { kind: 'system' }, 128, true],
    ['fast, without zero-knowledge', FAST, { kind: 'none' }, 101, false],
  ] as const)('%s: the proof is accepted', async (_, parameters, randomness, bits, zeroKnowledge) => {
    const proof = await proofOf(toyWitness(7, inputs), { parameters, randomness });
    expect(verify(relation, statement, proof)).toEqual({ ok: true, bits, zeroKnowledge, parameters: parameters.name });
  });

  test.each([10, 11, 12, 13, 14, 15])('tables up to 2^%i rows, so every fold schedule, are accepted', async (log) => {
    expect(verify(relation, statement, await proofOf(toyWitness(7, inputs, log))).ok).toBe(true);
  });

  test('the number of threads does not change the proof', async () => {
    const witness = toyWitness(7, inputs, 12);
    const one = await proofOf(witness, { randomness: TEST_SEED });
    const two = await proofOf(witness, { randomness: TEST_SEED, backend: twoThreads });
    expect(two).toEqual(one);
  });

  test('memory is given back', async () => {
    const mark = backend.arena.mark();
    await proofOf(toyWitness(7, inputs));
    expect(backend.arena.mark()).toBe(mark);
  });
});

describe('hiding', () => {
  test('two proofs of one witness share no commitment and have the same length up to pruned paths', async () => {
    const [a, b] = [await proofOf(toyWitness(7, inputs)), await proofOf(toyWitness(7, inputs))];
    // After the 8 bytes of the header and one height per table comes the main root.
    expect(a.slice(11, 43)).not.toEqual(b.slice(11, 43));
    expect(Math.abs(a.length - b.length)).toBeLessThan(0.1 * a.length);
  });

  test('without zero-knowledge the proof is a function of the witness, and says so in its header', async () => {
    const one = await proofOf(toyWitness(7, inputs), { randomness: { kind: 'none' } });
    expect(await proofOf(toyWitness(7, inputs), { randomness: { kind: 'none' } })).toEqual(one);
    expect(one[6]).toBe(0);
  });
});

describe('a witness that does not satisfy the relation', () => {
  type Tables = ReadonlyMap<string, number[][]>;
  const set = (name: string, row: number, column: number, change: (cell: number) => number) => (tables: Tables) => {
    const cells = tables.get(name)!.at(row)!;
    cells[column] = change(cells[column]!);
  };
  const increment = (cell: number): number => cell + 1;
  const spoiled: [claim: string, spoil: (tables: Tables) => void][] = [
    ['a wrong square', set('step', 1, 4, increment)],
    ['a selector of 2', set('step', 0, 0, () => 2)],
    ['a row counter that jumps', set('step', 5, 5, increment)],
    [
      'a row counter that starts at 1',
      (tables) => {
        for (const row of tables.get('step')!) row[5]! += 1;
      },
    ],
    ['a value on a padding row', set('step', 9, 2, () => 1)],
    ['a last row that is no padding', set('step', -1, 0, () => 1)],
  ];
  test.each(spoiled)('a constraint stops the prover: %s', async (_, spoil) => {
    const witness = toyWitness(7, inputs, 10, spoil);
    const error = await proofOf(witness, { claim: liarsStatement(statement, witness) }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsatisfiedError);
    expect((error as Error).message).toMatch(/^the witness does not satisfy the constraints/);
  });

  const unbalanced: [claim: string, buses: string, spoil: (tables: Tables) => void][] = [
    ['a range check that the table does not count', 'range', set('range', 3, 0, increment)],
    ['an input that is not the public one', 'input', set('inputs', 0, 0, () => 0)],
    [
      'no steps at all',
      'range, state, input',
      (tables) => {
        for (const row of tables.get('step')!) row.fill(0, 0, 5);
      },
    ],
  ];
  const messageOf = async (witness: ReturnType<typeof toyWitness>, claim = statement): Promise<string> => {
    const error = await proofOf(witness, { claim }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnsatisfiedError);
    return (error as Error).message;
  };
  const messageFor = (buses: string): string =>
    `the witness does not satisfy the relation, unbalanced: ${buses}; run the checker to see which tuples`;

  test.each(unbalanced)('a bus stops the prover: %s', async (_, buses, spoil) => {
    const mark = backend.arena.mark();
    expect(await messageOf(toyWitness(7, inputs, 10, spoil))).toBe(messageFor(buses));
    expect(backend.arena.mark()).toBe(mark);
  });

  test.each(unbalanced)('the buses stop the verifier, if the prover lies: %s', async (_, __, spoil) => {
    const witness = toyWitness(7, inputs, 10, spoil);
    const verdict = verify(relation, statement, await proofOf(witness, { claim: liarsStatement(statement, witness) }));
    expect(verdict).toEqual({ ok: false, why: { code: 'bus-unbalanced' } });
  });

  test('a wrong result does not balance, for the prover or for the verifier', async () => {
    const claim = toyStatement(7, inputs, result + 1);
    const witness = toyWitness(7, inputs);
    expect(await messageOf(witness, claim)).toBe(messageFor('state'));
    const verdict = verify(relation, claim, await proofOf(witness, { claim: liarsStatement(claim, witness) }));
    expect(verdict).toEqual({ ok: false, why: { code: 'bus-unbalanced' } });
  });
});

describe('a shape that is not allowed', () => {
  const withHeight = (air: string, log: number) => {
    const witness = toyWitness(7, inputs);
    return { ...witness, logHeights: new Map([...witness.logHeights, [air, log]]) };
  };
  test.each([
    ['too short', 'step', 8],
    ['too tall', 'step', 23],
    ['a fixed table of another height', 'range', 10],
    ['a known table of another height', 'inputs', 10],
    ['above a limit of the relation', 'step', 20],
  ])('%s', async (_, air, log) => {
    const error = await proofOf(withHeight(air, log)).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(ShapeError);
    expect((error as ShapeError).why.code).toBe('shape');
  });
});

test('a proof that needs more memory than allowed ends with the bytes asked for', async () => {
  const small = createBackend({ threads: 1, maxMemory: 2 ** 20 });
  await expect(proofOf(toyWitness(7, inputs, 14), { backend: small })).rejects.toThrow(MemoryLimitError);
  await small.close();
});
