import { describe, expect, test } from 'vitest';
import { ulpMachine } from '../machine/relation.ts';
import { type Answered, answeredRequests, isRefused } from './answerers.ts';
import { honestEvents } from './honest.ts';

const machine = ulpMachine();
const BUSES = ['fp32-add', 'fp32-mul', 'fp32-div', 'fp32-sqrt', 'fp32-fma', 'fp32-function'];
/** Requests of a chip that others are asked for. */
const REQUESTS = 4;

const instructions = [...machine.instructions.byOp.values()].filter(({ spec }) =>
  /^(f(add|sub|mul|div|sqrt|madd|msub)\.s|fp32\.(exp2?|log|rsqrt|tanh))$/.test(spec.mnemonic),
);
const events = [1, 2, 3, 4].flatMap(
  (seed) => honestEvents(machine, instructions, { count: 6, seed, isCompared: false }).events,
);
const answered = answeredRequests(machine, events, BUSES);
const answerers = [...new Set(answered.map(({ bus, chip }) => `${bus} ${chip}`))].map((key): [string, Answered[]] => [
  key,
  answered.filter(({ bus, chip }) => `${bus} ${chip}` === key).slice(0, REQUESTS),
]);

/** ln 0 has a row but for the exponential relation, which has none: 'ln 0 is -105' in the forgeries of `fp32-log`. */
const isLeft = ({ chip, request }: Answered, by: Answered): boolean =>
  by.chip === 'fp32-log' && chip === 'fp32-function-special' && request[1] === 0 && request[2] === 0;

test('every bus has answers of all its chips', () => {
  const chips = [...machine.chips.values()].flatMap(({ air }) =>
    air.interactions.flatMap((i) =>
      i.direction === 'receive' && BUSES.includes(i.bus.name) ? [`${i.bus.name} ${air.name}`] : [],
    ),
  );
  expect(answerers.map(([key]) => key).sort()).toEqual(chips.sort());
});

describe.each(answerers)('%s', (key, own) => {
  test('has no row for what other chips of the bus are asked for', () => {
    const others = answerers.filter(([other]) => other !== key).flatMap(([, requests]) => requests);
    const accepted = others
      .filter(({ bus }) => bus === own[0]!.bus)
      .filter((other, i) => !isLeft(other, own[0]!) && !isRefused(machine, own[i % own.length]!, other));
    expect(accepted.map(({ chip, request }) => `${chip}: ${request}`)).toEqual([]);
  });

  test('is not said to have none for its own requests', () => {
    for (const request of own.slice(0, 2)) expect(isRefused(machine, own[0]!, request)).toBe(false);
  });
});
