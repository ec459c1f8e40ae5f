/** Three small tables with every kind of constraint and interaction, and honest random traces: for the tests around. */
import { type Air, array, bit, defineAir, fixed, given, known, u16 } from '../air/air.ts';
import { defineBus, RANGE_BUS } from '../air/bus.ts';
import { type Felt, felt, mul, P } from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { allocMatrix, type Matrix, words } from '../kernels/matrix.ts';
import type { Arena } from '../kernels/memory.ts';
import { type LookupChallenges, lookupLayout } from '../logup/layout.ts';

export const BLINDING_ROWS = 180;

const pairBus = defineBus('pair', 'peer', ['a', 'b', 'c', 'd', 'e']);

/** A counter, bits, a degree-4 product, lookups of all multiplicities, fixed and known columns. */
export const busy = defineAir({
  name: 'busy',
  columns: {
    on: bit('active'),
    count: given('the transition', 'counts up'),
    limbs: array(3, u16('limbs')),
    product: given('a constraint', 'product of the limbs times on'),
    square: given('a constraint', 'known cell squared plus fixed cell'),
    step: fixed('row number'),
    input: known('public'),
  },
  define: ({ local, next, assertZero, send, receive }) => {
    const [a, b, c] = local.limbs as [typeof local.on, typeof local.on, typeof local.on];
    assertZero('product', local.product.minus(a.times(b).times(c).times(local.on)));
    assertZero('square', local.square.minus(local.input.times(local.input)).minus(local.step.times(7)));
    assertZero('counts', next.count.minus(local.count).minus(3), 'transition');
    assertZero('steps', next.step.minus(local.step).minus(1).times(next.on.plus(1)), 'transition');
    assertZero('starts at 5', local.count.minus(5), 'first');
    assertZero('ends', local.on.times(local.on.minus(1)).plus(local.step.minus(local.step)), 'last');
    send('pairs', pairBus, { given: [a, b, 3], claimed: [local.count, c.times(-5)] }, local.on);
    receive('pairs back', pairBus, { given: [a.plus(b), 1, 0, c, local.square] }, local.on.times(local.on));
    receive('one more', pairBus, { given: [1, 2, 3, 4, local.count] }, 1);
    send('quadratic', pairBus, { given: [a.times(b), 0, 0, 0, 0] }, 2);
    receive('cubic', RANGE_BUS, { given: [a.times(b).times(c), 1] }, 1);
    receive('last alone', RANGE_BUS, { given: [16, local.product] }, local.on);
  },
});

/** Only transitions and one interaction. */
export const plain = defineAir({
  name: 'plain',
  columns: {
    x: given('free', 'anything'),
    y: given('the transition', 'running square'),
  },
  define: ({ local, next, assertZero, send }) => {
    assertZero('y follows', next.y.minus(local.y.times(local.y).plus(local.x)), 'transition');
    send('x', RANGE_BUS, { given: [16], claimed: [local.x] }, local.y);
  },
});

/** No interactions, no next row. */
export const quiet = defineAir({
  name: 'quiet',
  columns: { b: bit('bit'), c: bit('bit') },
  define: ({ local, assertZero }) => assertZero('never both', local.b.times(local.c)),
});

/** The three tables as a relation. */
export const airs = [busy, plain, quiet] as unknown as readonly Air[];
export const layout = lookupLayout(airs);

/** A linear congruential generator: reproducible canonical residues, a few of them extreme. */
export function residues(seed: number): () => Felt {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const value = state >>> 8;
    return felt(value % 61 === 0 ? P - 1 : (value * 128 + (state & 127)) % P);
  };
}

export const randomExt = (next: () => Felt): Ext => [next(), next(), next(), next(), next()];

export function randomChallenges(next: () => Felt, tupleWidth: number): LookupChallenges {
  return { alpha: randomExt(next), betas: Array.from({ length: tupleWidth + 1 }, () => randomExt(next)) };
}

export const randomFelts =
  (next: () => Felt) =>
  (count: number): Uint32Array =>
    Uint32Array.from({ length: count }, next);

/** Natural-order traces, the last rows of main random. */
export interface Traces {
  readonly main: Matrix;
  readonly fixed?: Matrix;
  readonly known?: Matrix;
}

function fill(arena: Arena, height: number, rows: readonly (readonly number[])[]): Matrix {
  const matrix = allocMatrix(arena, height, rows[0]!.length);
  const data = words(arena, matrix);
  rows.forEach((row, i) => void data.set(row, i * matrix.stride));
  return matrix;
}

const blind = (rows: number[][], height: number, next: () => Felt): number[][] => {
  while (rows.length < height) rows.push(rows[0]!.map(() => next()));
  return rows;
};

export function busyTraces(arena: Arena, logHeight: number, seed: number): Traces {
  const next = residues(seed);
  const height = 2 ** logHeight;
  const active = height - BLINDING_ROWS;
  const inputs = Array.from({ length: active }, () => next());
  const main = inputs.map((input, i) => {
    const on = next() % 2;
    const limbs = [next() % 65536, next() % 65536, next() % 65536].map(felt) as [Felt, Felt, Felt];
    const product = on * mul(mul(limbs[0], limbs[1]), limbs[2]);
    return busy.encode({ on, count: 5 + 3 * i, limbs, product, square: (mul(input, input) + 7 * i) % P });
  });
  const pad = (rows: number[][]): number[][] => {
    while (rows.length < height) rows.push([0]);
    return rows;
  };
  return {
    main: fill(arena, height, blind(main, height, next)),
    fixed: fill(arena, height, pad(inputs.map((_, i) => [i]))),
    known: fill(arena, height, pad(inputs.map((input) => [input]))),
  };
}

export function plainTraces(arena: Arena, logHeight: number, seed: number): Traces {
  const next = residues(seed);
  const height = 2 ** logHeight;
  let y = next();
  const main = Array.from({ length: height - BLINDING_ROWS }, () => {
    const x = next();
    const row = plain.encode({ x, y });
    y = felt((mul(y, y) + x) % P);
    return row;
  });
  return { main: fill(arena, height, blind(main, height, next)) };
}

export function quietTraces(arena: Arena, logHeight: number, seed: number): Traces {
  const next = residues(seed);
  const height = 2 ** logHeight;
  const main = Array.from({ length: height - BLINDING_ROWS }, () => quiet.encode({ b: 1, c: 0 }));
  return { main: fill(arena, height, blind(main, height, next)) };
}

/** sum c_i X^i of five canonical words. */
export const extAt = (data: Uint32Array, at: number): Ext => K.ext(data.subarray(at, at + K.DEGREE));
