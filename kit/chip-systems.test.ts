/**
 * Determinism of every chip of the machine, by name from the relation: a chip that no event reaches fails. Deeper, and
 * with every check deleted in turn, in `chip-systems.slow.test.ts`.
 */
import { describe, expect, test } from 'vitest';
import { ulpMachine } from '../machine/relation.ts';
import { proveByCases } from './cases.ts';
import { checkChip } from './chip-check.ts';
import { aloneOf, eventsByChip, searchChip, searchDeletions, searchedChips } from './chip-systems.ts';
import { eventSystem } from './event-system.ts';

const machine = ulpMachine();
const events = eventsByChip(machine, { perChip: 2, seed: 3 });
const EFFORT = 2 ** 13;

describe('the same inputs have one output on', () => {
  test.each(searchedChips(machine))('%s', (chip) => {
    const list = events.get(chip)!;
    expect(list.length, 'honest events').toBeGreaterThan(0);
    expect(searchChip(machine, chip, list, { ...aloneOf(chip), effort: EFFORT }).second).toBeUndefined();
  });
});

test('the same inputs have one output on the chips of an instruction together', () => {
  for (const chip of ['fp32-add', 'fp32-fma', 'merkle-call', 'bf16-dot-special', 'sha256-call']) {
    expect(searchChip(machine, chip, events.get(chip)!.slice(0, 1), { effort: EFFORT }).second, chip).toBeUndefined();
  }
});

describe('the same inputs are proven by cases to have one output on', () => {
  const systemsOf = (chip: string) => events.get(chip)!.map((event) => eventSystem(machine, event, { alone: chip }));
  test.each([
    ...['bitwise', 'branch', 'compare', 'jump', 'load-narrow', 'multiply', 'shift', 'store-narrow'],
    ...['bf16-dot-call', 'bf16-round', 'bf16-round-stochastic', 'fp32-class', 'fp32-compare', 'fp32-exp-special'],
    ...['fp32-reduce-call', 'fp32-special', 'fp32-tanh-special', 'fp32-to-int', 'int-to-fp32'],
  ])('%s', (chip) => {
    for (const system of systemsOf(chip)) expect(proveByCases(system)).toMatchObject({ isProven: true });
  });

  test.each([
    ['fp32-class', 'the class is that of kind and sign'],
    ['fp32-class', 'an infinity or zero has no fraction'],
    ['fp32-special', 'the case has this outcome'],
    ['fp32-tanh-special', 'the high limb is that of the case'],
    ['multiply', 'carry1 is below 2^10'],
  ])('not on %s without "%s"', (chip, name) => {
    const without = [`${chip}: ${name}`];
    const proofs = systemsOf(chip).map((system) => proveByCases(system, { without, most: 2 ** 8 }));
    expect(proofs.some(({ isProven }) => !isProven)).toBe(true);
  });
});

describe('the search finds the second output once a check is deleted:', () => {
  test.each([
    ['a sum', 'add', 'the low limbs add up'],
    ['a range of a carry', 'multiply', 'carry1 is below 2^10'],
    ['the age of an access', 'add', 'rs1 was last accessed before'],
    ['a range of an age', 'bitwise', 'rdAgeHi is below 2^13'],
    ['a look-up of a function', 'bitwise', 'the low bytes of limb 0 have this AND'],
    ['a look-up of the program', 'compare', 'the program has this instruction'],
    ['a jump', 'jump', 'the high limbs add up'],
    ['an order of rows', 'memory', 'addresses increase'],
    ['a child of a node', 'merkle', 'element 0 of the node is the one of its side'],
    ['a request to another chip', 'fp32-add', 'the sum adds up'],
    ['a special case', 'fp32-special', 'the high limb is that of the outcome'],
  ])('%s', (_, chip, name) => {
    const { air } = machine.chips.get(chip)!;
    const names = [...air.constraints, ...air.interactions].map((check) => check.name);
    expect(names).toContain(name);
    const only = (other: string): boolean => other === name;
    expect(searchDeletions(machine, air, events.get(chip)!, { effort: 2 ** 18, only }).found).toEqual([name]);
  });
});

test('the tuples of every fixed table are where it says, once each', () => {
  for (const chip of machine.chips.values()) {
    // The largest are left to the slow suite.
    if (!('fixedRows' in chip) || chip.fixedRows * chip.provider.multiplicities.length > 2 ** 14) continue;
    expect(checkChip(machine, chip.air.name, undefined)).toMatchObject([{ verdict: 'passed' }]);
  }
});
