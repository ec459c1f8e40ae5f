import fc from 'fast-check';
import { expect, test } from 'vitest';
import { array, bit, defineAir, given } from '../../stark/air/air.ts';
import { evaluateAt, violations } from '../../stark/air/check.ts';
import { type Felt, P, sub } from '../../stark/field/koala-bear.ts';
import { describeForgeries, type Forgery } from '../../test/support/forgery.ts';
import { anyFelt, forAll } from '../../test/support/property.ts';
import {
  DIAGONAL,
  DIGEST_FELTS,
  DIGEST_LANE,
  FINAL_CONSTANTS,
  INITIAL_CONSTANTS,
  PARTIAL_CONSTANTS,
  WIDTH,
} from './constants.ts';
import { permutation, permutationColumns } from './permutation.ts';
import { permute, RECORDED } from './semantics.ts';

// Plonky3, koala-bear/src/poseidon2.rs, test_default_koalabear_poseidon2_width_24, at the commit of `constants.ts`.
const INPUT = [
  886409618, 1327899896, 1902407911, 591953491, 648428576, 1844789031, 1198336108, 355597330, 1799586834, 59617783,
  790334801, 1968791836, 559272107, 31054313, 1042221543, 474748436, 135686258, 263665994, 1962340735, 1741539604,
  2026927696, 449439011, 1131357108, 50869465,
];
const OUTPUT = [
  382801106, 82839311, 1503190615, 1987418517, 854076995, 1862291425, 262755189, 1050814217, 722724562, 741265943,
  1026879332, 754316749, 1966025564, 1518878196, 502200188, 1368172258, 845459257, 1711434837, 724453836, 171032289,
  655223446, 1098636135, 407832555, 1707498914,
];

test("permutes Plonky3's published vector", () => {
  const state = Uint32Array.from(INPUT);
  permute(state);
  expect([...state]).toEqual(OUTPUT);
});

/** The paper's definition (ePrint 2023/323, section 6) over bigint, with dense matrices. */
function reference(input: readonly number[]): number[] {
  const p = BigInt(P);
  const mod = (x: bigint): bigint => ((x % p) + p) % p;
  const power = (x: bigint, e: bigint): bigint => (e === 0n ? 1n : mod(x * power(x, e - 1n)));
  const inverseOfTwo = (p + 1n) / 2n;
  const m4 = [
    [2, 3, 1, 1],
    [1, 2, 3, 1],
    [1, 1, 2, 3],
    [3, 1, 1, 2],
  ];
  const external = (s: bigint[]): bigint[] =>
    s.map((_, i) => mod(s.reduce((t, x, j) => t + BigInt(m4[i % 4]![j % 4]! * (i >> 2 === j >> 2 ? 2 : 1)) * x, 0n)));
  const internal = (s: bigint[]): bigint[] =>
    s.map((x, i) =>
      mod(s.reduce((t, y) => t + y, 0n) + BigInt(DIAGONAL[i]![0]) * power(inverseOfTwo, BigInt(DIAGONAL[i]![1])) * x),
    );
  const full = (s: bigint[], constants: Uint32Array, round: number): bigint[] =>
    external(s.map((x, i) => power(x + BigInt(constants[round * WIDTH + i]!), 3n)));
  let s = external(input.map(BigInt));
  for (let round = 0; round < 4; round++) s = full(s, INITIAL_CONSTANTS, round);
  for (const constant of PARTIAL_CONSTANTS) s = internal([power(s[0]! + BigInt(constant), 3n), ...s.slice(1)]);
  for (let round = 0; round < 4; round++) s = full(s, FINAL_CONSTANTS, round);
  return s.map(Number);
}

test('the reference permutes the published vector too', () => expect(reference(INPUT)).toEqual(OUTPUT));

test('agrees with the definition over bigint on edge values', () => {
  forAll(
    fc.array(anyFelt(), { minLength: WIDTH, maxLength: WIDTH }),
    (input) => {
      const state = Uint32Array.from(input);
      permute(state);
      expect([...state]).toEqual(reference(input));
    },
    60,
  );
});

/** The gadget alone: 24 free inputs. */
const air = defineAir({
  name: 'permutation',
  columns: {
    isReal: bit('1 on the row of a permutation'),
    input: array(WIDTH, given('free', 'the input')),
    ...permutationColumns('p'),
  },
  define: (builder) => void permutation(builder, builder.local, 'p', builder.local.input, builder.local.isReal),
});

/** An honest row, or one where cell `tampered` of the permutation is one more and everything after it follows from it. */
function rowOf(input: readonly number[], tampered?: number): number[] {
  const record = new Uint32Array(RECORDED);
  permute(Uint32Array.from(input), record);
  const row = [1, ...input, ...record];
  if (tampered === undefined) return row;
  const at = 1 + WIDTH + tampered;
  row[at] = (row[at]! + 1) % P;
  // What follows is found by solving the constraints in order: each is its cell minus a function of cells before it.
  for (let cell = tampered + 1; cell < RECORDED; cell++) {
    const { expr } = air.constraints[1 + cell]!;
    const slot = 1 + WIDTH + cell;
    row[slot] = sub(row[slot] as Felt, evaluateAt(expr, { main: [row] }, 0));
  }
  return row;
}

test('has 200 columns and degree 3, and the last of them are the digest', () => {
  expect(RECORDED).toBe(200);
  expect(air.main).toHaveLength(1 + WIDTH + 200);
  expect(Math.max(...air.constraints.map((c) => c.expr.degree))).toBe(3);
  expect(rowOf(INPUT).slice(-DIGEST_FELTS)).toEqual(OUTPUT.slice(DIGEST_LANE));
});

test('the recorded cells satisfy every constraint, and so does the padding row', () => {
  forAll(
    fc.array(anyFelt(), { minLength: WIDTH, maxLength: WIDTH }),
    (input) => {
      expect(violations(air, { main: [rowOf(input), air.encode({})] })).toEqual([]);
    },
    20,
  );
});

const honest = { main: [rowOf(INPUT)] };
describeForgeries(air, [
  { claim: 'twice the constants', honest, forged: { main: [doublyActive()] }, rejectedBy: ['isReal is a bit'] },
  ...Array.from(
    { length: RECORDED },
    (_, cell): Forgery => ({
      claim: `cell ${cell} is one more and the rest follows`,
      honest,
      forged: { main: [rowOf(INPUT, cell)] },
      rejectedBy: [air.constraints[1 + cell]!.name],
    }),
  ),
]);

/** A row whose constants count twice: `isReal` is 2 and every cell follows. */
function doublyActive(): number[] {
  const row = [2, ...INPUT, ...new Array<number>(RECORDED).fill(0)];
  for (let cell = 0; cell < RECORDED; cell++) {
    const value = evaluateAt(air.constraints[1 + cell]!.expr, { main: [row] }, 0);
    row[1 + WIDTH + cell] = sub(0 as Felt, value);
  }
  return row;
}
