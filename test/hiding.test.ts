/**
 * Zero-knowledge, as far as tests can see it: the blinding rows are as many as the opened values need, and neither
 * opened values nor terminals depend on which of two witnesses of one statement was proven, also to an observer who
 * guesses the witness and subtracts what it would give without blinding.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { RANGE_BUS } from '../stark/air/bus.ts';
import * as F from '../stark/field/koala-bear.ts';
import type { Ext } from '../stark/field/quintic.ts';
import * as K from '../stark/field/quintic.ts';
import { createBackend } from '../stark/kernels/backend.ts';
import { fingerprint } from '../stark/logup/layout.ts';
import { FAST, numBlindingRows, numChunkMasks, PARAMETER_SETS, type Parameters } from '../stark/parameters.ts';
import { domainPoint } from '../stark/poly/domain.ts';
import { fixedRoots } from '../stark/prover/fixed.ts';
import { prove } from '../stark/prover/prove.ts';
import type { Randomness } from '../stark/prover/randomness.ts';
import type { MainTable } from '../stark/prover/witness.ts';
import { lookupsOf } from '../stark/shape.ts';
import { ProverTranscript } from '../stark/transcript/transcript.ts';
import { evaluateKnown } from '../stark/verifier/known.ts';
import { toyRelation, toyResult, toyStatement, toyWitness } from './support/toy-relation.ts';

const Z = K.ext([11, 22, 33, 44, 55]);

describe('blinding rows', () => {
  /** Rank over F_p of a matrix, which is overwritten. */
  function rankOf(rows: F.Felt[][]): number {
    let rank = 0;
    for (let column = 0; column < (rows[0]?.length ?? 0); column++) {
      const pivot = rows.findIndex((row, i) => i >= rank && row[column] !== 0);
      if (pivot < 0) continue;
      const row = rows[pivot]!;
      rows[pivot] = rows[rank]!;
      rows[rank] = row;
      const scale = F.inverse(row[column]!);
      for (let i = rank + 1; i < rows.length; i++) {
        const other = rows[i]!;
        if (other[column] === 0) continue;
        const factor = F.mul(other[column]!, scale);
        for (let c = column; c < row.length; c++) other[c] = F.sub(other[c]!, F.mul(factor, row[c]!));
      }
      rank += 1;
    }
    return rank;
  }

  /**
   * The map from cells of blinding rows to what a proof reveals of their column: at q points of the domain and their
   * successors in F_p (a point that is the successor of another one once), at z and its successor in K. Row i of the trace enters f(x) with a multiple of 1 / (x - w^i); the
   * factors that depend on x or i alone do not change the rank.
   */
  function openingMap(logHeight: number, numQueries: number, blinding: readonly number[]): F.Felt[][] {
    const generator = F.rootOfUnity(logHeight);
    const points = blinding.map((row) => F.pow(generator, row));
    const base = Array.from({ length: numQueries }, (_, i) => domainPoint(logHeight, 2, 5 * i + 1));
    const opened = new Set([...base, ...base.map((x) => F.mul(x, generator))]);
    const inBase = [...opened].map((x) => points.map((point) => F.inverse(F.sub(x, point))));
    const inExtension = [Z, K.mulBase(Z, generator)].flatMap((z) => {
      const inverses = points.map((point) => K.inverse(K.sub(z, K.fromBase(point))));
      return [0, 1, 2, 3, 4].map((k) => inverses.map((inverse) => inverse[k]!));
    });
    return [...inBase, ...inExtension];
  }
  const lastRows = (height: number, count: number): number[] => Array.from({ length: count }, (_, i) => height - 1 - i);

  test('h = 2 (q + d) rows make all opened values of a column uniform, one row less does not (n = 64, q = 8)', () => {
    const needed = 2 * (8 + K.DEGREE);
    expect(openingMap(6, 8, lastRows(64, needed)).length).toBe(needed);
    expect(rankOf(openingMap(6, 8, lastRows(64, needed)))).toBe(needed);
    expect(rankOf(openingMap(6, 8, lastRows(64, needed - 1)))).toBe(needed - 1);
  });

  test.each(PARAMETER_SETS)(
    'of $name suffice without the row of the sum’s end and the row of the terminal’s mask',
    (set) => {
      const h = numBlindingRows(set);
      const rows = lastRows(4096, h).slice(1, -1);
      const map = openingMap(12, set.numQueries, rows);
      expect(map.length).toBe(2 * (set.numQueries + K.DEGREE));
      expect(rankOf(map)).toBe(map.length);
    },
  );

  test.each(PARAMETER_SETS)('of $name are matched by one mask of each chunk for every query and z', (set) => {
    expect(numChunkMasks(set)).toBe(set.numQueries + 1);
  });
});

const backend = createBackend({ threads: 1 });
afterAll(() => backend.close());

/** 26 opened values a column, so 28 blinding rows: proofs in milliseconds. Nothing here is verified. */
const SMALL: Parameters = { ...FAST, numQueries: 8, targetBits: 0, powBits: { ...FAST.powBits, query: 0 } };
const LOG_HEIGHT = 10;
const ACTIVE = 2 ** LOG_HEIGHT - numBlindingRows(SMALL);
const relation = toyRelation(await fixedRoots(toyRelation()));
const inputs = [9, 8, 7];
const statement = toyStatement(4, inputs, toyResult(4, inputs));

/** The cells of `input` of a witness whose padding rows, which the statement leaves free, hold this. */
const inputColumn = (padding: (row: number) => number): Uint32Array =>
  Uint32Array.from({ length: ACTIVE }, (_, row) => inputs[row] ?? padding(row));
const COLUMNS = { empty: inputColumn(() => 0), full: inputColumn((row) => 255 - (row % 3)) };
type Name = keyof typeof COLUMNS;

const countsOf = (column: Uint32Array): number[] => {
  const counts = new Array<number>(256).fill(0);
  for (const value of column) counts[value]! += 1;
  return counts;
};

function witnessOf(name: Name): ReturnType<typeof toyWitness> {
  return toyWitness(4, inputs, LOG_HEIGHT, (tables) => {
    tables.get('step')!.forEach((row, i) => void row.splice(3, 1, COLUMNS[name][i]!));
    countsOf(COLUMNS[name]).forEach((count, value) => void tables.get('range')![value]!.splice(0, 1, count));
  });
}

/** Everything that a proof says and that its challenges were. */
interface Seen {
  readonly words: ReadonlyMap<string, Uint32Array>;
  readonly exts: ReadonlyMap<string, readonly Ext[]>;
  readonly firstQuery: number;
}

async function see(name: Name, randomness: Randomness): Promise<Seen> {
  const words = new Map<string, Uint32Array>();
  const exts = new Map<string, readonly Ext[]>();
  let firstQuery = 0;
  const prototype = ProverTranscript.prototype;
  const chain = Object.getPrototypeOf(prototype) as ProverTranscript;
  const { write } = prototype;
  const { sampleExts, sampleIndexes } = chain;
  prototype.write = function (label, bytes) {
    if (bytes.length % 4 === 0) words.set(label, new Uint32Array(bytes.slice().buffer));
    write.call(this, label, bytes);
  };
  chain.sampleExts = function (label, count) {
    const drawn = sampleExts.call(this, label, count);
    exts.set(label, drawn);
    return drawn;
  };
  chain.sampleIndexes = function (...args) {
    const drawn = sampleIndexes.apply(this, args);
    firstQuery = Math.min(...drawn);
    return drawn;
  };
  try {
    await prove(relation, statement, witnessOf(name), { parameters: SMALL, backend, randomness });
  } finally {
    Object.assign(prototype, { write });
    Object.assign(chain, { sampleExts, sampleIndexes });
  }
  return { words, exts, firstQuery };
}

/** Tables in the order of the leaf: range and inputs with 5 columns, step with 6; `input` is its fourth. */
const INPUT_IN_LEAF = 5 + 5 + 3;

/**
 * What remains of three published values when an observer subtracts what the guessed witness gives without blinding: the
 * terminal of the range table, `input` at z, `input` at the first query. All zero if nothing hides and the guess is right.
 */
function remainders({ words, exts, firstQuery }: Seen, guess: Name): number[] {
  const layout = lookupsOf(relation);
  const [alpha, ...betas] = exts.get('lookup')! as [Ext, ...Ext[]];
  const denominators = countsOf(COLUMNS[guess]).map((_, v) => fingerprint(layout, { alpha, betas }, RANGE_BUS, [8, v]));
  const sum = K.batchInverse(denominators).reduce<Ext>(
    (total, inverse, v) => K.sub(total, K.mulBase(inverse, F.felt(countsOf(COLUMNS[guess])[v]!))),
    K.ZERO,
  );
  const column = { logHeight: LOG_HEIGHT, columns: [COLUMNS[guess]] };
  const at = (point: Ext): Ext => evaluateKnown(column, point)[0]!;
  const x = domainPoint(LOG_HEIGHT, SMALL.logBlowup, firstQuery);
  return [
    ...K.sub(K.ext(words.get('terminals')!.slice(5, 10)), sum),
    ...K.sub(K.ext(words.get('values')!.slice(15, 20)), at(exts.get('out-of-domain')![0]!)),
    F.sub(words.get('main rows')![INPUT_IN_LEAF]! as F.Felt, at(K.fromBase(x))[0]),
  ];
}

/** Words of a proof whose number does not depend on its queries: messages before them, and the first opened leaf. */
const MESSAGES: readonly [label: string, count: number][] = [
  ['terminals', Number.POSITIVE_INFINITY],
  ['values', Number.POSITIVE_INFINITY],
  ['final polynomial', 40],
  ['main rows', 21],
  ['aux rows', 20],
  ['quotient rows', 20],
  ['fri 0 groups', 20],
];
const wordsOf = (seen: Seen): number[] => [
  ...MESSAGES.flatMap(([label, count]) => [...seen.words.get(label)!.slice(0, count)]),
  ...remainders(seen, 'empty'),
  ...remainders(seen, 'full'),
];

/** Four classes of a residue: its upper half and its lowest bit. */
const classOf = (word: number): number => 2 * Number(word > F.P / 2) + (word & 1);
const tally = (proofs: readonly (readonly number[])[], position: number): number[] => {
  const counts = [0, 0, 0, 0];
  for (const words of proofs) counts[classOf(words[position]!)]! += 1;
  return counts;
};
const chiSquare = (counts: readonly number[], expected: readonly number[]): number =>
  counts.reduce((sum, count, i) => sum + (count - expected[i]!) ** 2 / expected[i]!, 0);
/** A chi-square of 3 degrees of freedom is above this with probability 10^-6. */
const LIMIT = 30.7;
const SAMPLES = 64;

describe('a committed trace', () => {
  test('has random cells in the last h rows of every column, multiplicities and fillers too, and nowhere else', async () => {
    type Tables = ReadonlyMap<string, MainTable>;
    const honest = witnessOf('full');
    let tables: Tables = new Map();
    let before: Uint32Array[] = [];
    let after: Uint32Array[] = [];
    const witness = {
      ...honest,
      fill: (given: Tables): void => {
        tables = given;
        honest.fill(tables);
        before = [...tables.values()].map(({ cells }) => cells.slice());
      },
    };
    const onPhase = (phase: string): void => {
      if (phase === 'commit') after = [...tables.values()].map(({ cells }) => cells.slice());
    };
    const randomness = { kind: 'system' } as const;
    await prove(relation, statement, witness, { parameters: SMALL, backend, randomness, onPhase });
    for (const [i, [name, { stride, rows }]] of [...tables].entries()) {
      const width = relation.airs.find((air) => air.name === name)!.main.length;
      const height = after[i]!.length / stride;
      expect(height - rows).toBe(numBlindingRows(SMALL));
      expect(after[i]!.slice(0, rows * stride)).toEqual(before[i]!.slice(0, rows * stride));
      for (let column = 0; column < width; column++) {
        const cells = Array.from({ length: height - rows }, (_, r) => after[i]![(rows + r) * stride + column]!);
        expect([name, column, new Set(cells).size, cells.includes(0)]).toEqual([name, column, cells.length, false]);
      }
    }
  });
});

describe('two witnesses of one statement', () => {
  const seeded = (i: number): Randomness => ({ kind: 'test', insecureSeed: new Uint8Array(32).fill(i) });

  test('give opened values, terminals and codewords of one and the same, uniform distribution', async () => {
    const proofs: Record<Name, number[][]> = { empty: [], full: [] };
    for (let i = 0; i < SAMPLES; i++) {
      proofs.empty.push(wordsOf(await see('empty', seeded(i))));
      proofs.full.push(wordsOf(await see('full', seeded(128 + i))));
    }
    const length = proofs.empty[0]!.length;
    expect(length).toBeGreaterThan(300);
    for (let position = 0; position < length; position++) {
      const [empty, full] = [tally(proofs.empty, position), tally(proofs.full, position)];
      const uniform = [SAMPLES / 4, SAMPLES / 4, SAMPLES / 4, SAMPLES / 4];
      expect([position, chiSquare(empty, uniform) < LIMIT, chiSquare(full, uniform) < LIMIT]).toEqual([
        position,
        true,
        true,
      ]);
      // The samples have one size: the statistic of two samples is sum (a - b)^2 / (a + b).
      const apart = empty.reduce((sum, a, k) => sum + (a - full[k]!) ** 2 / Math.max(1, a + full[k]!), 0);
      expect([position, apart < LIMIT]).toEqual([position, true]);
    }
  });

  test('are told apart by the same observer if nothing hides', async () => {
    for (const name of ['empty', 'full'] as const) {
      const seen = await see(name, { kind: 'none' });
      const other = name === 'empty' ? 'full' : 'empty';
      expect(remainders(seen, name)).toEqual(new Array(11).fill(0));
      expect(remainders(seen, other).filter((word) => word === 0).length).toBe(0);
    }
  });

  test('an attempt shares no randomness with another one of the same witness', async () => {
    const [a, b] = [await see('full', { kind: 'system' }), await see('full', { kind: 'system' })];
    const [first, second] = [wordsOf(a), wordsOf(b)];
    expect(first.filter((word, i) => word === second[i]).length).toBeLessThan(3);
    for (const label of ['main salts', 'aux salts', 'quotient salts']) {
      const salts = [a, b].flatMap(({ words }) => [...words.get(label)!]);
      expect(new Set(salts).size).toBeGreaterThan(salts.length - 3);
    }
  });
});
