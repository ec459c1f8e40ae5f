/** A row of the tile and four rows of `bf16-dot`: the same checks of the same cells, and the same cells. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import { evaluateAt, messageAt, type Rows, violations } from '../../stark/air/check.ts';
import { P } from '../../stark/field/koala-bear.ts';
import { blockRows, edgeBlocks, TABLES } from '../../test/support/bf16-dot.ts';
import { entryBlock, type Tile, tileRows } from '../../test/support/bf16-dot-tile.ts';
import { objections, objectors } from '../../test/support/forgery.ts';
import { bf16, f32, forAll } from '../../test/support/property.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow } from '../../test/support/step.ts';
import { bf16DotAir } from '../bf16-dot/air.ts';
import { bf16DotTileAir } from './air.ts';
import { ENTRIES } from './event.ts';
import { bf16DotTileChip } from './trace.ts';

const ONE = bf16DotAir as unknown as Air;
const TILE = bf16DotTileAir as unknown as Air;
const INDEX = new Map(TILE.main.map(({ name, index }) => [name, index]));
type Entry = (typeof ENTRIES)[number];

/** Name in the tile of a column of `bf16-dot`. */
function columnOf({ entry, a, b }: Entry, name: string): string {
  if (name === 'isReal') return name;
  if (name === 'a' || name === 'b') return `${name === 'a' ? a : b}Element`;
  const operand = name.match(/^([ab])((?:Significand|Exponent)\[\d+\])$/);
  if (operand !== null) return `${operand[1] === 'a' ? a : b}${operand[2]}`;
  return `${entry}${name[0]!.toUpperCase()}${name.slice(1)}`;
}

/** Name in the tile of a constraint or interaction of `bf16-dot`. */
function checkOf(of: Entry, name: string): string {
  const [, column, domain] = name.match(/^(.*) is (a bit|below 2\^\d+)$/) ?? [];
  if (column !== undefined && ONE.main.some((c) => c.name === column)) return `${columnOf(of, column)} is ${domain}`;
  if (name === 'a is a hint block') return `${of.a} is a hint block`;
  return name === 'b is a hint block' ? `${of.b} is a hint block` : `${of.entry}: ${name}`;
}

/** The cells of an entry as a row of `bf16-dot`. */
const entryRow = (of: Entry, row: readonly number[]): number[] =>
  ONE.main.map(({ name }) => row[INDEX.get(columnOf(of, name))!]!);

describe('the checks', () => {
  test('are those of four rows, and no others', () => {
    const expected = new Set(ENTRIES.flatMap((of) => objectors(ONE).map((name) => checkOf(of, name))));
    expect(new Set(objectors(TILE))).toEqual(expected);
  });

  test.each(ENTRIES.map((of) => [of.entry, of] as const))('of %s say the same of any cells', (_, of) => {
    const random = seeded(40);
    for (let draw = 0; draw < 4; draw++) {
      const row = TILE.main.map(() => (random.below(4) === 0 ? random.below(3) : random.below(P)));
      const tile: Rows = { main: [row] };
      const one: Rows = { main: [entryRow(of, row)] };
      for (const { name, expr } of ONE.constraints) {
        const same = TILE.constraints.find((c) => c.name === checkOf(of, name))!;
        expect(evaluateAt(same.expr, tile, 0), name).toBe(evaluateAt(expr, one, 0));
      }
      for (const interaction of ONE.interactions) {
        const same = TILE.interactions.find((i) => i.name === checkOf(of, interaction.name))!;
        expect([same.bus.name, same.direction], interaction.name).toEqual([
          interaction.bus.name,
          interaction.direction,
        ]);
        expect(same.given.length, interaction.name).toBe(interaction.given.length);
        expect(messageAt(same, tile, 0), interaction.name).toEqual(messageAt(interaction, one, 0));
      }
    }
  });
});

describe('the cells', () => {
  const isSame = (tile: Tile): void => {
    const rows = tileRows([tile]);
    const apart = (name: string): boolean => !['clk', 'a', 'b'].includes(name);
    ENTRIES.forEach((of, i) => {
      const expected = blockRows([entryBlock(tile, i)]).main[0]!;
      const got = entryRow(of, rows.main[0]!);
      for (const { name, index } of ONE.main) {
        if (apart(name)) expect(got[index], `${of.entry}, ${name}`).toBe(expected[index]);
      }
    });
    expect(violations(TILE, rows)).toEqual([]);
    expect(objections(TILE, rows, rows, TABLES)).toEqual([]);
  };
  const finite = (pattern: number): number => ((pattern & 0x7f80) === 0x7f80 ? pattern & 0xff7f : pattern);
  const finiteWord = (word: number): number => ((word & 0x7f80_0000) === 0x7f80_0000 ? word & 0xff7f_ffff : word) >>> 0;

  test('are those of four rows: any finite operands', () => {
    const operand = fc.array(bf16().map(finite), { minLength: 16, maxLength: 16 }).map((x) => Uint16Array.from(x));
    const acc = fc.array(f32().map(finiteWord), { minLength: 4, maxLength: 4 });
    forAll(fc.record({ a: fc.tuple(operand, operand), b: fc.tuple(operand, operand), acc }), isSame, 40);
  });

  test('are those of four rows: subnormal, zero and overflowing results', () => {
    const blocks = edgeBlocks(31, 48);
    for (let i = 0; i + 1 < blocks.length; i += 2) {
      const [one, other] = [blocks[i]!, blocks[(i + 7) % blocks.length]!].map(({ acc, a, b }) => ({
        a: a.map(finite),
        b: b.map(finite),
        acc: finiteWord(acc),
      }));
      isSame({ a: [one!.a, other!.a], b: [one!.b, other!.b], acc: [one!.acc, other!.acc, 0x8000_0000, 0] });
    }
  });

  test('of a padding row satisfy every constraint and say nothing', () => {
    const padding = paddingRow(bf16DotTileChip);
    expect(violations(TILE, padding)).toEqual([]);
    expect(objections(TILE, padding, padding, TABLES)).toEqual([]);
    const peer = TILE.interactions.filter(({ bus }) => bus.kind === 'peer' || bus.name === 'operand');
    for (const interaction of peer) expect(messageAt(interaction, padding, 0).multiplicity).toBe(0);
  });
});
