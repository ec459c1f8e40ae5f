/** Bounds that a shape must keep, each with the shape just outside. */
import { describe, expect, test } from 'vitest';
import { toyRelation, toyResult, toyStatement } from '../test/support/toy-relation.ts';
import { type Air, bit, defineAir } from './air/air.ts';
import { FAST, type Parameters, STRONG } from './parameters.ts';
import type { Relation, Statement } from './relation.ts';
import { deriveShape } from './shape.ts';

const relation = toyRelation();
const [step, range, inputs] = relation.airs as [Air, Air, Air];
const statement = toyStatement(1, [1], toyResult(1, [1]));
const tall: Relation = { ...relation, heightLimits: [] };

function refusal(
  heights: readonly number[],
  {
    of = relation,
    claim = statement,
    parameters = FAST,
  }: { of?: Relation; claim?: Statement; parameters?: Parameters } = {},
): string {
  const derived = deriveShape(of, claim, parameters, heights);
  if (derived.ok) return 'allowed';
  return derived.why.code === 'shape' ? derived.why.what : derived.why.code;
}
/** The toy relation whose first table has this many interactions. */
function withInteractions(count: number): Relation {
  const [first] = step.interactions;
  const interactions = Array.from({ length: count }, (_, i) => ({ ...first!, name: `${i}` }));
  return { ...tall, airs: [{ ...step, interactions }, range, inputs] };
}

describe('a shape is refused', () => {
  test('with as many interactions times rows as p, since a tuple sent p times is not sent at all', () => {
    expect(refusal([22, 9, 9], { of: withInteractions(507), parameters: { ...FAST, targetBits: 0 } })).toBe('allowed');
    expect(refusal([22, 9, 9], { of: withInteractions(508) })).toBe('sum of interactions times height');
  });

  test('with a term of the statement that is sent p - 1 times, which receives it', () => {
    const [first, ...terms] = statement.terms;
    const claim = { ...statement, terms: [{ ...first!, multiplicity: 2130706432 }, ...terms] };
    expect(refusal([10, 9, 9], { claim })).toBe('sum of interactions times height');
  });

  test('below the provable bits of its parameters', () => {
    expect(refusal([10, 9, 9], { parameters: { ...FAST, targetBits: 101 } })).toBe('allowed');
    expect(refusal([10, 9, 9], { parameters: { ...FAST, targetBits: 102 } })).toBe('security');
    expect(refusal([10, 9, 9], { parameters: { ...FAST, numQueries: 82 } })).toBe('security');
    const lazy = { ...STRONG, powBits: { ...STRONG.powBits, batching: 0 } };
    expect(refusal([21, 9, 9], { of: tall, parameters: STRONG })).toBe('allowed');
    expect(refusal([21, 9, 9], { of: tall, parameters: lazy })).toBe('security');
  });

  test('without room for the masks of the quotient', () => {
    expect(refusal([9, 9, 9])).toBe('quotient degree');
    expect(refusal([9, 9, 9], { parameters: STRONG })).toBe('allowed');
  });

  test('above a limit of the relation', () => {
    expect(refusal([19, 9, 9])).toBe('allowed');
    expect(refusal([20, 9, 9])).toBe('number of steps');
  });

  test('whose fixed or known tables have another height, or whose known table is left out', () => {
    expect(refusal([10, 10, 9])).toBe('log height of range');
    expect(refusal([10, 9, 10])).toBe('log height of inputs, which the statement fixes');
    expect(refusal([10, 9, 0])).toBe('log height of inputs, which the statement fixes');
    const none = { ...statement, known: new Map() };
    expect(refusal([10, 9, 9], { claim: none })).toBe('log height of inputs, which the statement fixes');
    expect(refusal([10, 9, 0], { claim: none })).toBe('allowed');
  });

  test('whose tallest table is shorter than a fixed one, whose commitment has more leaves than there are queries to', () => {
    const [[name, table]] = [...relation.fixedTables] as [
      [string, { logHeight: number; columns: () => Uint32Array[] }],
    ];
    const higher = { ...range, name: 'higher' };
    const fixedTables = new Map([
      [name, table],
      ['higher', { ...table, logHeight: 12 }],
    ]);
    const of = { ...relation, airs: [step, range, inputs, higher], fixedTables };
    expect(refusal([10, 9, 9, 12], { of })).toBe('allowed');
    expect(refusal([10, 9, 9, 0], { of })).toBe('log height');
  });

  test('that is too tall, too short, empty or of another number of tables', () => {
    expect(refusal([8, 9, 9])).toBe('log height of step');
    expect(refusal([23, 9, 9])).toBe('log height of step');
    expect(refusal([22, 9, 9], { of: tall, parameters: STRONG })).toBe('log height of step');
    expect(refusal([10, 9])).toBe('number of heights');
    expect(refusal([0, 0, 0], { claim: { ...statement, known: new Map() } })).toBe('tables with interactions');
  });
});

test('a constraint of one row has no room for the highest degree', () => {
  const define = (where: 'first' | 'every') =>
    defineAir({
      name: 'steep',
      columns: { a: bit('a') },
      define: ({ local: { a }, assertZero }) => assertZero('fourth power', a.times(a).times(a).times(a), where),
    });
  expect(() => define('first')).toThrow('steep, fourth power: expected degree at most 3, got 4');
  expect(() => define('every')).not.toThrow();
});
