/**
 * Attacks on the proof system itself, by the classes of bugs that others really had. `docs/soundness.md` has the table:
 * each class and the name of its test here or elsewhere.
 */
import { afterAll, describe, expect, test } from 'vitest';
import type { Air, Constraint } from '../stark/air/air.ts';
import { columnExpr, type Expr } from '../stark/air/expr.ts';
import * as F from '../stark/field/koala-bear.ts';
import type { Ext } from '../stark/field/quintic.ts';
import * as K from '../stark/field/quintic.ts';
import { createBackend } from '../stark/kernels/backend.ts';
import { openedColumns, splitOpenedValues } from '../stark/layout.ts';
import { fingerprint } from '../stark/logup/layout.ts';
import { FAST, numChunkMasks, type Parameters, STRONG } from '../stark/parameters.ts';
import { domainPoint } from '../stark/poly/domain.ts';
import { fixedRoots } from '../stark/prover/fixed.ts';
import { prove, UnsatisfiedError } from '../stark/prover/prove.ts';
import { type Relation, relationDigest, type Statement } from '../stark/relation.ts';
import { deriveShape, lookupsOf } from '../stark/shape.ts';
import { ProverTranscript } from '../stark/transcript/transcript.ts';
import { constraintsAt, quotientAt } from '../stark/verifier/out-of-domain.ts';
import { verify } from '../stark/verifier/verify.ts';
import {
  cancelInBatch,
  challengeBytes,
  chunkAt,
  extsOf,
  frozen,
  interpolateThrough,
  messageOf,
  recordedChallenges,
  withExts,
} from './support/forger.ts';
import { liarsStatement, toyRelation, toyResult, toyStatement, toyWitness } from './support/toy-relation.ts';
import { type Operation, watch } from './support/transcript-log.ts';

const backend = createBackend({ threads: 1 });
afterAll(() => backend.close());

const roots = await fixedRoots(toyRelation());
const relation = toyRelation(roots);
const inputs = [2, 7, 1, 8];
const result = toyResult(3, inputs);
const statement = toyStatement(3, inputs, result);
const falseStatement = toyStatement(3, inputs, result + 1);

type Witness = ReturnType<typeof toyWitness>;
const proofOf = async (
  witness: Witness,
  {
    parameters = FAST,
    of = relation,
    claim = statement,
    onPhase = () => {},
  }: {
    parameters?: Parameters;
    of?: Relation;
    claim?: Statement;
    onPhase?: (phase: string, fraction: number) => void;
  } = {},
): Promise<Uint8Array> => {
  const randomness = { kind: 'test', insecureSeed: new Uint8Array(32).fill(5) } as const;
  return (await prove(of, claim, witness, { parameters, backend, randomness, onPhase })).proof;
};
const verdictOf = (bytes: Uint8Array, claim = statement, of = relation): string => {
  const verdict = verify(of, claim, bytes);
  return verdict.ok ? 'accepted' : verdict.why.code;
};

interface Recorded {
  readonly proof: Uint8Array;
  readonly log: readonly Operation[];
  readonly parameters: Parameters;
}
const record = async (parameters: Parameters, logHeight: number): Promise<Recorded> => {
  const proof = await proofOf(toyWitness(3, inputs, logHeight), { parameters });
  return { proof, parameters, log: watch(() => verify(relation, statement, proof)) };
};
const fast = await record(FAST, 10);
/** 2^9 rows: no fold at all, the whole first codeword is sent as the final polynomial. */
const short = await record(STRONG, 9);
/** 2^13 rows: two folds, and work before every challenge that can ask for it. */
const tall = await record(STRONG, 13);

/** What a forger computes from recorded challenges: the two sides of the identity at z for a statement and messages. */
function identity({ proof, log, parameters }: Recorded, claim: Statement) {
  const heights = proof.slice(8, 8 + relation.airs.length);
  const derived = deriveShape(relation, claim, parameters, heights);
  if (!derived.ok) throw new Error('the shape of an honest proof is allowed');
  const { shape } = derived;
  const lookups = lookupsOf(relation);
  const columns = openedColumns(relation, shape);
  const values = extsOf(proof, log, 'values');
  const drawn = frozen(log, () => {
    const transcript = recordedChallenges();
    const [alpha, ...betas] = transcript.sampleExts('lookup', lookups.tupleWidth + 2);
    return {
      challenges: { alpha: alpha!, betas },
      alphaC: transcript.sampleExts('constraints', 1)[0]!,
      z: transcript.sampleExts('out-of-domain', 1)[0]!,
      gammas: transcript.sampleExts('batching', columns.length),
      queries: transcript.sampleIndexes('query', parameters.numQueries, shape.logHeight + parameters.logBlowup),
    };
  });
  const constraints = (terminals: readonly Ext[]): Ext =>
    constraintsAt({
      ...{ shape, statement: claim, lookups, terminals, ...drawn },
      values: splitOpenedValues(columns, values),
    });
  const termSum = (of: Statement): Ext =>
    of.terms.reduce<Ext>((sum, { bus, tuple, multiplicity }) => {
      const denominator = fingerprint(lookups, drawn.challenges, bus, tuple);
      return K.add(sum, K.mulBase(K.inverse(denominator), F.reduce(multiplicity)));
    }, K.ZERO);
  const quotient = (local: readonly Ext[]): Ext =>
    quotientAt(shape, local.slice(columns.length - 4, columns.length), drawn.z);
  const step = K.pow(drawn.z, 2 ** shape.logHeight - numChunkMasks(parameters));
  return { ...drawn, shape, columns, values, step, constraints, quotient, termSum };
}

/** Raises the first elements of a list. */
const raised = (values: readonly Ext[], at: number, by: readonly Ext[]): Ext[] =>
  values.map((value, i) => K.add(value, by[i - at] ?? K.ZERO));

describe('with recorded challenges a forgery succeeds, with live ones it fails', () => {
  test('the honest proof is accepted under its own challenges', () => {
    expect(frozen(fast.log, () => verdictOf(fast.proof))).toBe('accepted');
    expect(frozen(short.log, () => verdictOf(short.proof))).toBe('accepted');
  });

  test('a false result, by a shifted terminal and two chunk values that cancel in the batch', () => {
    const { proof, log } = fast;
    const { gammas, values, columns, step, constraints, quotient, termSum } = identity(fast, falseStatement);
    const terminals = raised(extsOf(proof, log, 'terminals'), 0, [K.sub(termSum(statement), termSum(falseStatement))]);
    const at = chunkAt(columns.length, 0);
    const by = K.sub(constraints(terminals), quotient(values));
    const changes = cancelInBatch(by, step, [gammas[at]!, gammas[at + 1]!]);
    const forged = withExts(withExts(proof, log, 'terminals', terminals), log, 'values', raised(values, at, changes));
    expect(frozen(log, () => verdictOf(forged, falseStatement))).toBe('accepted');
    expect(verdictOf(forged, falseStatement)).not.toBe('accepted');
    expect(verdictOf(forged)).not.toBe('accepted');
  });

  test('two terminals shifted by delta and -delta', () => {
    const { proof, log } = fast;
    const { gammas, values, columns, step, constraints, quotient } = identity(fast, statement);
    const delta = K.ext([1, 2, 3, 4, 5]);
    const terminals = raised(extsOf(proof, log, 'terminals'), 0, [delta, K.neg(delta)]);
    const at = chunkAt(columns.length, 0);
    const changes = cancelInBatch(K.sub(constraints(terminals), quotient(values)), step, [
      gammas[at]!,
      gammas[at + 1]!,
    ]);
    const shifted = withExts(proof, log, 'terminals', terminals);
    const forged = withExts(shifted, log, 'values', raised(values, at, changes));
    expect(frozen(log, () => verdictOf(shifted))).toBe('out-of-domain-mismatch');
    expect(frozen(log, () => verdictOf(forged))).toBe('accepted');
    expect(verdictOf(forged)).toBe('out-of-domain-mismatch');
  });

  test('values at z edited so that identity and batch both hold', () => {
    const { proof, log } = fast;
    const { gammas, values, columns, step } = identity(fast, statement);
    const at = chunkAt(columns.length, 0);
    // d_2 is free: then d_0 + s d_1 = -s^2 d_2 and gamma_0 d_0 + gamma_1 d_1 = -gamma_2 d_2.
    const free = K.ONE as Ext;
    const [d0, d1] = cancelInBatch(K.neg(K.mul(K.square(step), free)), step, [gammas[at]!, gammas[at + 1]!]);
    const extra = K.mul(gammas[at + 2]!, K.inverse(K.sub(K.mul(gammas[at]!, step), gammas[at + 1]!)));
    const changes = [K.sub(d0, K.mul(extra, step)), K.add(d1, extra), free];
    const forged = withExts(proof, log, 'values', raised(values, at, changes));
    expect(frozen(log, () => verdictOf(forged))).toBe('accepted');
    expect(verdictOf(forged)).not.toBe('accepted');
  });

  test('a false result without folds, by a final polynomial through the query points', () => {
    const { proof, log } = short;
    const { gammas, values, columns, shape, z, queries, constraints, quotient, termSum } = identity(
      short,
      falseStatement,
    );
    const terminals = raised(extsOf(proof, log, 'terminals'), 0, [K.sub(termSum(statement), termSum(falseStatement))]);
    const at = chunkAt(columns.length, 0);
    const by = K.sub(constraints(terminals), quotient(values));
    // The codeword changes by -gamma by / (x - z), which is no polynomial, but 80 points have one.
    const points = [...new Set(queries)].sort((a, b) => a - b);
    const through = (indexes: readonly number[]): Ext[] => {
      const at80 = indexes.map((query) => domainPoint(shape.logHeight, STRONG.logBlowup, query));
      const changes = at80.map((x) => K.neg(K.mul(K.mul(gammas[at]!, by), K.inverse(K.sub(K.fromBase(x), z)))));
      return interpolateThrough(at80, changes);
    };
    const honest = extsOf(proof, log, 'final polynomial');
    const edited = withExts(withExts(proof, log, 'terminals', terminals), log, 'values', raised(values, at, [by]));
    const withFinal = (indexes: readonly number[]): Uint8Array =>
      withExts(edited, log, 'final polynomial', raised(honest, 0, through(indexes)));
    const forged = withFinal(points);
    expect(frozen(log, () => verdictOf(edited, falseStatement))).toBe('fri-final');
    expect(frozen(log, () => verdictOf(forged, falseStatement))).toBe('accepted');
    expect(verdictOf(forged, falseStatement)).not.toBe('accepted');
    // One point left out is the one query that objects: all are asked.
    for (const query of [points[0]!, points[33]!, points[points.length - 1]!]) {
      const all = withFinal(points.filter((index) => index !== query));
      const verdict = frozen(log, () => verify(relation, falseStatement, all));
      expect(verdict).toEqual({ ok: false, why: { code: 'fri-final', query } });
    }
  });

  test('a value at z that the opened rows do not have', () => {
    const { proof, log } = fast;
    const { gammas, values, columns, step } = identity(fast, statement);
    const at = chunkAt(columns.length, 0);
    // The identity holds, the batch does not change by 0 but by (gamma_1 - s gamma_0) / (x - z).
    const forged = withExts(proof, log, 'values', raised(values, at, [K.neg(step), K.ONE]));
    expect(K.equal(K.mul(gammas[at]!, step), gammas[at + 1]!)).toBe(false);
    expect(frozen(log, () => verdictOf(forged))).toBe('fri-input');
    expect(verdictOf(forged)).not.toBe('accepted');
  });

  test('a fold by another challenge than the committed codewords were made with', () => {
    const codeOf = (label: string): unknown => {
      const replaced = { [label]: challengeBytes([K.ext([1, 2, 3, 4, 5])]) };
      const verdict = frozen(tall.log, () => verify(relation, statement, tall.proof), replaced);
      return verdict.ok ? 'accepted' : verdict.why;
    };
    expect(codeOf('fold 0/0')).toMatchObject({ code: 'fri-fold', round: 0 });
    expect(codeOf('fold 1/0')).toMatchObject({ code: 'fri-final' });
  });
});

describe('points where a quotient has a pole are rejected and do not throw', () => {
  const { logHeight, parameters } = { logHeight: 10, parameters: FAST };
  test.each<[string, Ext]>([
    ['z in the trace domain', K.fromBase(F.rootOfUnity(logHeight))],
    ['z = 1', K.ONE],
    ['z in the evaluation domain', K.fromBase(domainPoint(logHeight, parameters.logBlowup, 77))],
    ['z = 0, its own successor', K.ZERO],
  ])('%s', (_, z) => {
    const replaced = { 'out-of-domain/0': challengeBytes([z]) };
    expect(frozen(fast.log, () => verdictOf(fast.proof), replaced)).toBe('out-of-domain-point');
  });

  test('a term of the statement with denominator 0', () => {
    const replaced = { 'lookup/0': challengeBytes(new Array<Ext>(4).fill(K.ZERO)) };
    expect(frozen(fast.log, () => verdictOf(fast.proof), replaced)).toBe('out-of-domain-point');
  });
});

describe('a prover that ignores one constraint', () => {
  /** The same relation for every challenge, but one constraint is replaced by another one that holds. */
  async function ignoring(constraint: string, spoil: (tables: Tables) => void) {
    const [step, ...others] = relation.airs as [Air, ...Air[]];
    const local = columnExpr(step.main[5]!, 0);
    const jump = columnExpr(step.main[5]!, 1).minus(local);
    // Holds for the spoiled rows too, and reads the same columns at the next row.
    const harmless = { where: 'transition' as const, expr: jump.times(jump.minus(1)).times(jump.minus(2)) };
    const constraints = step.constraints.map((c) => (c.name === constraint ? { ...c, ...harmless } : c));
    expect(constraints).not.toEqual(step.constraints);
    const weak = { ...relation, airs: [{ ...step, constraints } as Air, ...others] };
    const chain = Object.getPrototypeOf(ProverTranscript.prototype) as ProverTranscript;
    const { absorb } = chain;
    chain.absorb = function (label, bytes) {
      absorb.call(this, label, label === 'relation' ? new TextEncoder().encode(relationDigest(relation)) : bytes);
    };
    try {
      const proof = await proofOf(toyWitness(3, inputs, 10, spoil), { of: weak });
      return { weak: verdictOf(proof, statement, weak), real: verdictOf(proof) };
    } finally {
      Object.assign(chain, { absorb });
    }
  }
  type Tables = ReadonlyMap<string, number[][]>;
  const put = (tables: Tables, row: number, from: number, values: readonly number[]): void => {
    tables
      .get('step')!
      .at(row)!
      .splice(from, values.length, ...values);
  };
  test.each<[string, (tables: Tables) => void]>([
    ['the square is right', (tables) => put(tables, 20, 4, [1])],
    ['a padding row has no value', (tables) => put(tables, 20, 2, [1, 0, 1])],
    ['rows start at 0', (tables) => tables.get('step')!.forEach((row, i) => void row.splice(5, 1, i + 1))],
    ['rows count up', (tables) => put(tables, 7, 5, [8])],
    [
      'the last row is padding',
      (tables) => {
        const lastStep = tables.get('step')![inputs.length - 1]!.slice(0, 5);
        put(tables, inputs.length - 1, 0, [0, 0, 0, 0, 0]);
        put(tables, -1, 0, lastStep);
      },
    ],
  ])('"%s"', async (constraint, spoil) => {
    expect(await ignoring(constraint, spoil)).toEqual({ weak: 'accepted', real: 'out-of-domain-mismatch' });
  });

  test('the start of a running sum, chosen after alpha', async () => {
    let written: ReadonlyMap<string, { cells: Uint32Array; stride: number }> | undefined;
    const honest = toyWitness(3, inputs);
    const witness: Witness = {
      ...honest,
      fill(tables) {
        written = tables;
        honest.fill(tables);
      },
    };
    // The main trace is committed: two last rows now say something else than their extensions, and all still cancels.
    const move = (table: string, row: number, by: number): void => {
      const { cells, stride } = written!.get(table)!;
      cells[row * stride] = F.reduce(cells[row * stride]! + by);
    };
    const onPhase = (phase: string, fraction: number): void => {
      if (phase !== 'lookups' || fraction !== 0) return;
      move('step', 1023, 12345);
      move('range', 511, -12345);
    };
    const error = await proofOf(witness, { onPhase }).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(UnsatisfiedError);
    expect((error as Error).message).toMatch(/^the witness does not satisfy the constraints/);
  });
});

describe('shape', () => {
  const heightsAt = messageOf(fast.log, 'heights').offset;
  const withByte = (at: number, value: number): Uint8Array => {
    const copy = fast.proof.slice();
    copy[at] = value;
    return copy;
  };

  test.each([0, 1, 8, 23, 24, 31, 32, 255])('a height of 2^%i for any table is rejected', (log) => {
    for (let table = 0; table < relation.airs.length; table++) {
      expect(['shape', 'bus-unbalanced', 'malformed']).toContain(verdictOf(withByte(heightsAt + table, log)));
    }
    if (log > 0) expect(verdictOf(withByte(heightsAt, log))).toBe('shape');
  });

  test('two heights swapped', () => {
    const copy = fast.proof.slice();
    copy.set([9, 10, 9], heightsAt);
    expect(verdictOf(copy)).toBe('shape');
  });

  test.each([
    [0, 0x56, 'magic'],
    [4, 2, 'format version'],
    [5, 0, 'parameter set'],
    [6, 2, 'zero-knowledge flag'],
    [7, 1, 'reserved byte'],
  ])('byte %i of the header as %i is malformed: %s', (at, value, what) => {
    const verdict = verify(relation, statement, withByte(at, value));
    expect(verdict).toMatchObject({ ok: false, why: { code: 'malformed', what } });
  });

  test('the zero-knowledge flag cannot be changed by another party', () => {
    expect(fast.proof[6]).toBe(1);
    expect(verdictOf(withByte(6, 0))).not.toBe('accepted');
  });

  test('no parameters but the two sets: no blowup, degree or number of queries of the prover’s choice', () => {
    for (const id of [0, 3, 255]) expect(verdictOf(withByte(5, id))).toBe('malformed');
    expect(verdictOf(withByte(5, STRONG.id))).not.toBe('accepted');
  });

  test.each(['step', 'range'])('the table "%s" left out by the prover', async (name) => {
    const honest = toyWitness(3, inputs);
    const witness: Witness = {
      logHeights: new Map([...honest.logHeights].filter(([air]) => air !== name)),
      fill: (tables) =>
        honest.fill(new Map([[name, { cells: new Uint32Array(2 ** 13), stride: 8, rows: 512 }], ...tables])),
    };
    const proof = proofOf(witness, { claim: liarsStatement(statement, witness) });
    // Without the only tall table the rest is too short for the masks of the quotient.
    if (name === 'step') await expect(proof).rejects.toThrow('quotient degree');
    else expect(verdictOf(await proof)).toBe('bus-unbalanced');
  });

  test('no table with a bus at all', () => {
    const silent = { ...relation, airs: relation.airs.map((air) => ({ ...air, interactions: [] })) };
    expect(verdictOf(fast.proof, statement, { ...silent, buses: relation.buses })).toBe('shape');
  });

  test('every message one element shorter or longer', () => {
    const fields = fast.log.filter((o): o is Operation & { kind: 'read' } => o.kind === 'read' && o.length > 0);
    for (const { label, offset, length } of fields) {
      const size = /root$|siblings$/.test(label) ? 32 : /salts$/.test(label) ? 16 : /rows$/.test(label) ? 4 : 20;
      const cut = new Uint8Array([
        ...fast.proof.subarray(0, offset),
        ...fast.proof.subarray(offset + Math.min(size, length)),
      ]);
      const longer = new Uint8Array([
        ...fast.proof.subarray(0, offset + length),
        ...new Uint8Array(size),
        ...fast.proof.subarray(offset + length),
      ]);
      for (const bytes of [cut, longer]) expect([label, verdictOf(bytes)]).not.toEqual([label, 'accepted']);
    }
  });

  test('a final polynomial with one more coefficient', () => {
    const { offset, length } = messageOf(fast.log, 'final polynomial');
    const longer = new Uint8Array(fast.proof.length + 20);
    longer.set(fast.proof.subarray(0, offset + length));
    longer.set(fast.proof.subarray(offset + length), offset + length + 20);
    expect(frozen(fast.log, () => verdictOf(longer))).toBe('malformed');
  });
});

describe('queries', () => {
  test('that fall on one point are opened once: no two rows can be shown for it', () => {
    const replaced = { query: new Uint8Array(4 * FAST.numQueries) };
    const log = frozen(fast.log, () => watch(() => verify(relation, statement, fast.proof)), replaced);
    const { length } = messageOf(log, 'main salts');
    expect(length).toBe(16);
    expect(frozen(fast.log, () => verdictOf(fast.proof), replaced)).toBe('malformed');
  });
});

describe('an opening that its root does not have', () => {
  const fixedTables = new Map([...relation.fixedTables].map(([name, table]) => [name, { ...table, separate: true }]));

  test('of a codeword of FRI after the first one', () => {
    const copy = tall.proof.slice();
    copy[messageOf(tall.log, 'fri 1 siblings').offset]! ^= 1;
    expect(verify(relation, statement, copy)).toEqual({
      ok: false,
      why: { code: 'merkle-path', commitment: 'fri 1' },
    });
  });

  test('of a fixed table with a commitment of its own', async () => {
    const own: Relation = { ...relation, fixedTables };
    const of: Relation = { ...own, fixedRoots: await fixedRoots(own) };
    const proof = await proofOf(toyWitness(3, inputs), { of });
    expect(verdictOf(proof, statement, of)).toBe('accepted');
    const { offset } = messageOf(
      watch(() => verify(of, statement, proof)),
      'fixed range rows',
    );
    const copy = proof.slice();
    copy[offset + 4]! ^= 1;
    expect(verify(of, statement, copy)).toEqual({
      ok: false,
      why: { code: 'merkle-path', commitment: 'fixed range' },
    });
  });
});

describe('the relation is bound', () => {
  const [step, ...others] = relation.airs as [Air, ...Air[]];
  const withStep = (change: Partial<Air>): Relation => ({
    ...relation,
    airs: [{ ...step, ...change } as Air, ...others],
  });
  const [first, ...rest] = step.interactions;
  /** next - local - 1, with the local row for the next one. */
  const readsLocal = (constraint: Constraint): Constraint => {
    if (constraint.where !== 'transition') return constraint;
    const rows = columnExpr(step.main.find(({ name }) => name === 'rows')!, 0);
    return { ...constraint, expr: rows.minus(rows).minus(1) };
  };
  /** A fixed or known column, with the main one of its index for it. */
  const inMain = (expr: Expr): Expr =>
    expr.node.op === 'column' ? columnExpr({ ...expr.node.column, kind: 'main' }, 0) : expr;
  const changed: readonly [string, Relation][] = [
    [
      'a constraint',
      withStep({ constraints: step.constraints.map((c, i) => (i === 1 ? { ...c, expr: c.expr.plus(1) } : c)) }),
    ],
    [
      'where a constraint holds',
      withStep({ constraints: step.constraints.map((c) => ({ ...c, where: 'first' as const })) }),
    ],
    ['a constraint left out', withStep({ constraints: step.constraints.slice(1) })],
    ['which row a constraint reads', withStep({ constraints: step.constraints.map(readsLocal) })],
    ['a direction', withStep({ interactions: [{ ...first!, direction: 'receive' }, ...rest] })],
    ['a multiplicity', withStep({ interactions: [{ ...first!, multiplicity: first!.multiplicity.plus(1) }, ...rest] })],
    ['a tuple', withStep({ interactions: [{ ...first!, claimed: first!.claimed.map((e) => e.plus(1)) }, ...rest] })],
    [
      'the kind of a column',
      {
        ...relation,
        airs: relation.airs.map((air) => ({
          ...air,
          interactions: air.interactions.map((i) => ({ ...i, claimed: i.claimed.map(inMain) })),
        })),
      },
    ],
    ['a bus', withStep({ interactions: [{ ...first!, bus: step.interactions[1]!.bus }, ...rest] })],
    ['a column', withStep({ main: [...step.main, step.main[0]!] })],
    ['the order of tables', { ...relation, airs: [...others, step] }],
    ['the buses', { ...relation, buses: relation.buses.slice(1) }],
    ['a limit', { ...relation, heightLimits: [] }],
    ['a fixed root', { ...relation, fixedRoots: { ...roots, fast: roots['strong']! } }],
    [
      'the height of a fixed table',
      {
        ...relation,
        fixedTables: new Map([...relation.fixedTables].map(([name, table]) => [name, { ...table, logHeight: 10 }])),
      },
    ],
  ];
  test.each(changed)('%s changes its digest', (_, other) => {
    expect(relationDigest(other)).not.toBe(relationDigest(relation));
  });
});

describe('proof of work', () => {
  const sites = tall.log.flatMap((o) => (o.kind === 'read' && o.label.startsWith('work/') ? [o] : []));

  test('is asked before every challenge that credits it', () => {
    const asked = sites.map(({ label }) => label.slice(5));
    expect(asked).toEqual(['lookup', 'out-of-domain', 'batching', 'fold 0', 'fold 1', 'query']);
  });

  test.each(sites.map((site) => [site.label, site] as const))('another nonce at %s is refused there', (label, site) => {
    const refusals = Array.from({ length: 8 }, (_, bit) => {
      const copy = tall.proof.slice();
      copy[site.offset + bit]! ^= 1;
      const verdict = verify(relation, statement, copy);
      return verdict.ok ? 'accepted' : verdict.why.code === 'proof-of-work' ? verdict.why.site : verdict.why.code;
    });
    // Of eight other nonces at most one passes by luck, and then what follows is refused.
    expect(refusals.filter((code) => code === label.slice(5)).length).toBeGreaterThanOrEqual(7);
    expect(refusals).not.toContain('accepted');
  });
});

describe('a statement that is not canonical is the caller’s error', () => {
  const [first, ...terms] = statement.terms;
  const table = statement.known.get('inputs')!;
  const withColumns = (columns: Uint32Array[]): Statement => ({
    ...statement,
    known: new Map([['inputs', { ...table, columns }]]),
  });
  test.each<[string, Statement, string]>([
    [
      'a public value x + p',
      { ...statement, terms: [{ ...first!, tuple: [0, 3 + F.P] }, ...terms] },
      'term on state: expected fields below',
    ],
    [
      'a public value of -1',
      { ...statement, terms: [{ ...first!, tuple: [0, -1] }, ...terms] },
      'term on state: expected fields below',
    ],
    [
      'a public value of 1/2',
      { ...statement, terms: [{ ...first!, tuple: [0, 0.5] }, ...terms] },
      'term on state: expected fields below',
    ],
    [
      'a field too many',
      { ...statement, terms: [{ ...first!, tuple: [0, 3, 9] }, ...terms] },
      'term on state: expected 2 fields, got 3',
    ],
    [
      'a field too few',
      { ...statement, terms: [{ ...first!, tuple: [0] }, ...terms] },
      'term on state: expected 2 fields, got 1',
    ],
    [
      'a multiplicity of p',
      { ...statement, terms: [{ ...first!, multiplicity: F.P }, ...terms] },
      'term on state: expected a multiplicity below',
    ],
    [
      'a bus of no table',
      { ...statement, terms: [{ ...first!, bus: { ...first!.bus, name: 'other' } }] },
      'term: expected a bus of the relation, got other',
    ],
    [
      'a known cell x + p',
      withColumns([table.columns[0]!, table.columns[1]!.map((v) => v + F.P)]),
      'known inputs: expected cells below',
    ],
    ['a known column too few', withColumns([table.columns[0]!]), 'known inputs: expected 2 columns, got 1'],
    [
      'known rows among the blinding rows',
      withColumns([new Uint32Array(333), table.columns[1]!]),
      'known inputs: expected at most 332 rows, got 333',
    ],
  ])('%s', (_, claim, message) => {
    expect(() => verify(relation, claim, fast.proof)).toThrow(message);
  });

  test.each<[string, Relation, string]>([
    [
      'two tables of one name',
      { ...relation, airs: [...relation.airs, relation.airs[0]!] },
      'expected distinct names without spaces, got "step"',
    ],
    [
      'a table named like the mask',
      { ...relation, airs: [{ ...relation.airs[0]!, name: 'mask codeword' }] },
      'got "mask codeword"',
    ],
    [
      'a fixed table of no table',
      { ...relation, fixedTables: new Map([...relation.fixedTables, ['other', relation.fixedTables.get('range')!]]) },
      'fixedTables: expected names of airs, got other',
    ],
    [
      'fixed columns without a table',
      { ...relation, fixedTables: new Map() },
      'fixedTables: expected one for each air with fixed columns and no other, got range',
    ],
  ])('%s', (_, other, message) => {
    expect(() => verify(other, statement, fast.proof)).toThrow(message);
  });
});
