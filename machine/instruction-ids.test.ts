/** Which chips can stand for an instruction: the ids that the selectors of each row can say, all choices tried. */
import { expect, test } from 'vitest';
import type { Air } from '../stark/air/air.ts';
import { type Column, columnsOf, type Expr, evaluate } from '../stark/air/expr.ts';
import { add, type Felt, mul, sub } from '../stark/field/koala-bear.ts';
import { PROGRAM_BUS } from '../vm/buses.ts';
import { KNOWN_INSTRUCTIONS } from '../vm/isa/known.ts';
import { REGISTER } from '../vm/space.ts';
import { ulpMachine } from './relation.ts';

const columnsIn = (expr: Expr): Set<Column> => {
  const columns = new Set<Column>();
  columnsOf(expr, (column) => columns.add(column));
  return columns;
};
const valueAt = (expr: Expr, bits: ReadonlyMap<Column, Felt>): Felt =>
  evaluate(expr, { constant: (c) => c, column: (c) => bits.get(c)!, add, sub, mul });

/** Ids of the rows of a chip, one for each choice of selectors; undefined if they depend on what is no bit. */
function idsOf(air: Air): readonly string[] | undefined {
  const lookup = air.interactions.find(({ bus }) => bus.name === PROGRAM_BUS.name)!;
  const [id, ...fields] = lookup.claimed as [Expr, ...Expr[]];
  const own = columnsIn(id);
  if ([...own].some(({ domain }) => domain !== 'bit')) return undefined;
  const between = air.constraints.filter(({ where, expr }) => {
    const columns = [...columnsIn(expr)];
    return where === 'every' && columns.every(({ domain }) => domain === 'bit') && columns.some((c) => own.has(c));
  });
  const tied = new Set([id, lookup.multiplicity, ...between.map(({ expr }) => expr)].flatMap((e) => [...columnsIn(e)]));
  const choices = Array.from({ length: 2 ** tied.size }, (_, code): ReadonlyMap<Column, Felt> => {
    return new Map([...tied].map((column, i) => [column, ((code >>> i) & 1) as Felt]));
  });
  const real = choices.filter(
    (bits) => valueAt(lookup.multiplicity, bits) === 1 && between.every(({ expr }) => valueAt(expr, bits) === 0),
  );
  const bySelectors = new Map(real.map((bits) => [[...own].map((c) => bits.get(c)).join(), valueAt(id, bits)]));
  // Chips of one id are told apart by constants in other fields.
  const constants = fields.map((field) => (columnsIn(field).size === 0 ? `${valueAt(field, new Map())}` : '*'));
  return [...bySelectors.values()].map((op) => `${KNOWN_INSTRUCTIONS.byOp(op)?.mnemonic} ${constants.join(' ')}`);
}

test('every instruction has one chip and one choice of its selectors, and no row stands for anything else', () => {
  const chips = ulpMachine().relation.airs.filter((air) =>
    air.interactions.some(({ bus, direction }) => bus.name === PROGRAM_BUS.name && direction === 'send'),
  );
  const open = chips.filter((air) => idsOf(air) === undefined).map(({ name }) => name);
  // Its id is what was asked of the chips of functions, which say a constant each.
  expect(open).toEqual(['fp32-function-call']);

  const all = chips.flatMap((air) => (idsOf(air) ?? []).map((id) => `${air.name}: ${id}`));
  expect(all.filter((id) => id.includes('undefined'))).toEqual([]);
  const ids = all.map((id) => id.slice(id.indexOf(' ') + 1));
  expect(ids.filter((id, i) => ids.indexOf(id) < i)).toEqual([
    // isUnsigned without isOrder: a look-up excludes it (`vm/chips/branch/air.ts`).
    'blt 0 * * 0 0 *',
    'bge 0 * * 0 0 *',
    // An even and an odd number of blocks, which is in the state that the row takes.
    'bf16.dot.amx * * * * 0 0',
  ]);
});

/** A source of these is in the field rd of the program. */
const HAS_SOURCE = ['poseidon2.sponge', 'poseidon2.merkle'];

test('no instruction has x0, or a part of fcsr, as the register that it writes', () => {
  const none = { rd: 0, rs1: 0, rs2: 0, rs3: 0, imm: 0, rm: 0 };
  for (const { spec, decode } of ulpMachine().instructions.byOp.values()) {
    if (HAS_SOURCE.includes(spec.mnemonic)) continue;
    for (let rd = 0; rd < 32; rd++) {
      for (const imm of [0, 1, 0xc00, 0xc80]) {
        const target = decode({ ...none, rd, imm, ...spec.fixed }, 0x1_0000)?.rd;
        const isTarget = target === undefined || (target > REGISTER.x0 && target <= REGISTER.sink);
        if (!isTarget) expect.unreachable(`${spec.mnemonic} with rd ${rd} writes register ${target}`);
      }
    }
  }
});
