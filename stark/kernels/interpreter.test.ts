import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { FROBENIUS_MATRICES, INVERT_SCRATCH_BYTES } from '../air/job.ts';
import * as F from '../field/koala-bear.ts';
import { type Felt, P } from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { Arena } from './memory.ts';
import { createPool } from './pool.ts';

/** Rows of a slot: two vectors, so that loops step once. */
const ROWS = 8;
const SLOT = 4 * ROWS;

const arena = new Arena();
const pool = createPool(arena.memory, 1);
afterAll(() => pool.close());
const area = arena.alloc(4096);
const at = (slot: number): number => area + SLOT * slot;
const frobenius = arena.alloc(FROBENIUS_MATRICES.byteLength);
arena.u32(frobenius, FROBENIUS_MATRICES.length).set(FROBENIUS_MATRICES);
const scratch = arena.alloc(INVERT_SCRATCH_BYTES);
const flag = arena.alloc(4);

/** The lazy ranges are tight at the ends of the field. */
const felt = fc.oneof(
  fc.constantFrom(0, 1, 2, P - 1, P - 2, (P - 1) / 2, 2 ** 24, 2 ** 30),
  fc.integer({ min: 0, max: P - 1 }),
  fc.integer({ min: P - 300, max: P - 1 }),
) as fc.Arbitrary<Felt>;
const column = fc.array(felt, { minLength: ROWS, maxLength: ROWS });
const ext = fc.tuple(felt, felt, felt, felt, felt);
const extColumn = fc.array(ext, { minLength: ROWS, maxLength: ROWS });

const put = (slot: number, values: readonly Felt[]): void => arena.u32(at(slot), ROWS).set(values);
const putExt = (slot: number, values: readonly Ext[]): void => {
  for (let k = 0; k < K.DEGREE; k++)
    put(
      slot + k,
      values.map((value) => value[k]!),
    );
};
const putWords = (slot: number, values: readonly number[]): void => arena.u32(at(slot), values.length).set(values);
const get = (slot: number): number[] => [...arena.u32(at(slot), ROWS)];
const getExt = (slot: number): Ext[] =>
  Array.from({ length: ROWS }, (_, row) => K.ext([0, 1, 2, 3, 4].map((k) => get(slot + k)[row]!)));
const run = (kernel: string, ...args: number[]) => pool.run([{ kernel, args }]);

const INVERSE_R = F.inverse(F.reduce(2 ** 32));
const unmont = (a: Ext): Ext => K.mulBase(a, INVERSE_R);
const shoup = (w: Felt): number => Number((BigInt(w) << 32n) / BigInt(P));

describe('operations of the interpreter', () => {
  it('compute in F_p what the scalar field does', async () => {
    await fc.assert(
      fc.asyncProperty(column, column, felt, async (a, b, c) => {
        put(1, a);
        put(2, b);
        putWords(3, [c, shoup(c)]);
        const expectSlot = (f: (x: Felt, y: Felt) => Felt): void =>
          expect(get(0)).toEqual(a.map((x, i) => f(x, b[i]!)));
        await run('slotAdd', at(0), at(1), at(2), SLOT);
        expectSlot(F.add);
        await run('slotSub', at(0), at(1), at(2), SLOT);
        expectSlot(F.sub);
        await run('slotMul', at(0), at(1), at(2), SLOT);
        expectSlot((x, y) => F.mul(F.mul(x, y), INVERSE_R));
        await run('slotAddConstant', at(0), at(1), at(3), SLOT);
        expectSlot((x) => F.add(x, c));
        await run('slotConstantSub', at(0), at(1), at(3), SLOT);
        expectSlot((x) => F.sub(c, x));
        await run('slotScale', at(0), at(1), at(3), SLOT);
        expectSlot((x) => F.mul(x, c));
      }),
    );
  });

  it('compute in K what the scalar extension does, also in place', async () => {
    await fc.assert(
      fc.asyncProperty(extColumn, extColumn, column, async (a, b, c) => {
        const product = a.map((x, i) => unmont(K.mul(x, b[i]!)));
        putExt(5, a);
        putExt(10, b);
        put(15, c);
        await run('extMulSlot', at(0), at(5), at(10), SLOT);
        expect(getExt(0)).toEqual(product);
        await run('extMulBaseSlot', at(0), at(5), at(15), SLOT);
        expect(getExt(0)).toEqual(a.map((x, i) => unmont(K.mulBase(x, c[i]!))));
        await run('extMulSlot', at(5), at(5), at(10), SLOT);
        expect(getExt(5)).toEqual(product);
        putExt(5, a);
        await run('extMulSlot', at(10), at(5), at(10), SLOT);
        expect(getExt(10)).toEqual(product);
      }),
    );
  });

  it('add one to four products with constants of K', async () => {
    const columns = fc.array(column, { minLength: 4, maxLength: 4 });
    const constants = fc.array(ext, { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(ext, columns, constants, async (start, values, factors) => {
        for (const [i, value] of values.entries()) put(5 + i, value);
        putWords(10, factors.flat());
        putWords(14, start);
        for (let count = 1; count <= 4; count++) {
          await run('extFillSlot', at(0), at(14), SLOT);
          const operands = [0, 1, 2, 3].slice(0, count).map((i) => at(5 + i));
          await run(`extDot${count}Slot`, at(0), ...operands, at(10), SLOT);
          const expected = Array.from({ length: ROWS }, (_, row) =>
            operands.reduce<Ext>((sum, _, i) => K.add(sum, unmont(K.mulBase(factors[i]!, values[i]![row]!))), start),
          );
          expect(getExt(0)).toEqual(expected);
        }
      }),
    );
  });

  it('invert in K, and raise the flag exactly where an element is zero', async () => {
    const elements = fc.array(fc.oneof({ weight: 30, arbitrary: ext }, fc.constant(K.ZERO as Ext)), {
      minLength: ROWS,
      maxLength: ROWS,
    });
    const square = F.reduce(2 ** 32);
    await fc.assert(
      fc.asyncProperty(elements, async (a) => {
        putExt(5, a);
        arena.u32(flag, 1)[0] = 0;
        await run('extInvertSlot', at(0), at(5), at(10), SLOT, SLOT, frobenius, scratch, flag);
        const zero = a.some(K.isZero);
        expect(arena.u32(flag, 1)[0]).toBe(zero ? 1 : 0);
        if (!zero) expect(getExt(0)).toEqual(a.map((x) => K.mulBase(K.mulBase(K.inverse(x), square), square)));
      }),
    );
  });
});
