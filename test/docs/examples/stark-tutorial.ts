import * as S from 'ulpvm/stark';

const STATE = S.defineBus('state', 'peer', ['step', 'value']);
const CUBE = S.defineBus('cube', 'peer', ['x', 'cube']);

const chain = S.defineAir({
  name: 'chain',
  columns: {
    isReal: S.bit('1 on a step, 0 on padding'),
    step: S.given('the state bus', 'number of the step'),
    value: S.given('the state bus', 'v_i'),
    cube: S.given('the cube bus', 'v_i^3'),
  },
  define({ local: { isReal, step, value, cube }, send, receive }) {
    receive('the chain is at this value', STATE, { given: [step, value] }, isReal);
    send('the cube is right', CUBE, { given: [value], claimed: [cube] }, isReal);
    send('the chain goes on', STATE, { claimed: [step.plus(1), cube.plus(step)] }, isReal);
  },
});

const cube = S.defineAir({
  name: 'cube',
  columns: {
    isReal: S.bit('1 on an answer, 0 on padding'),
    x: S.given('free: an answer nobody asked for unbalances the bus', 'x'),
    y: S.given('its constraint', 'x^3'),
  },
  define({ local: { isReal, x, y }, assertZero, receive }) {
    assertZero('y is the cube of x', y.minus(x.times(x).times(x)));
    receive('an answer', CUBE, { given: [x], claimed: [y] }, isReal);
  },
});

const none = { buses: [], heightLimits: [], fixedTables: new Map(), fixedRoots: {} };
const relation: S.Relation = { name: 'cubes', airs: [chain, cube], ...none };
const statement = (first: number, steps: number, last: number): S.Statement => ({
  bytes: new Uint8Array(Uint32Array.of(first, steps, last).buffer),
  known: new Map(),
  terms: [
    { bus: STATE, tuple: [0, first], multiplicity: 1 },
    { bus: STATE, tuple: [steps, last], multiplicity: -1 },
  ],
});

const [first, steps] = [S.felt(2), 600];
const cubed = (x: S.Felt): S.Felt => S.mul(x, S.mul(x, x));
const values = [first];
for (let i = 0; i < steps; i++) values.push(S.add(cubed(values[i]!), S.felt(i)));
const last = values[steps]!;

const witness: S.Witness = {
  logHeights: new Map([chain, cube].map(({ name }) => [name, 10])), // 600 steps + 180 blinding rows <= 2^10
  fill(tables) {
    const [chains, cubes] = [tables.get('chain')!, tables.get('cube')!];
    for (const [i, value] of values.slice(0, steps).entries()) {
      chains.cells.set(chain.encode({ isReal: 1, step: i, value, cube: cubed(value) }), i * chains.stride);
      cubes.cells.set(cube.encode({ isReal: 1, x: value, y: cubed(value) }), i * cubes.stride);
    }
  },
};

const backend = S.createBackend({ threads: 1 });
const options: S.ProveOptions = { parameters: S.FAST, backend, randomness: { kind: 'system' } };
const { proof } = await S.prove(relation, statement(first, steps, last), witness, options);
await backend.close();
console.log(S.verify(relation, statement(first, steps, last), proof));
console.log(S.verify(relation, statement(first, steps, last + 1), proof));
