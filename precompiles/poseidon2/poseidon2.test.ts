import fc from 'fast-check';
import { expect, test } from 'vitest';
import { array, bit, defineAir, given } from '../../stark/air/air.ts';
import { violations } from '../../stark/air/check.ts';
import { describeForgeries } from '../../test/support/forgery.ts';
import { followRounds, permuteReference, roundForgeries } from '../../test/support/permutation.ts';
import { anyFelt, forAll } from '../../test/support/property.ts';
import { DIGEST_FELTS, DIGEST_LANE, WIDTH } from './constants.ts';
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

test('the reference permutes the published vector too', () => expect(permuteReference(INPUT)).toEqual(OUTPUT));

test('agrees with the definition over bigint on edge values', () => {
  forAll(
    fc.array(anyFelt(), { minLength: WIDTH, maxLength: WIDTH }),
    (input) => {
      const state = Uint32Array.from(input);
      permute(state);
      expect([...state]).toEqual(permuteReference(input));
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

function rowOf(input: readonly number[]): number[] {
  const record = new Uint32Array(RECORDED);
  permute(Uint32Array.from(input), record);
  return [1, ...input, ...record];
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
  {
    claim: 'an active row of weight 2: every constant counts twice',
    honest,
    forged: { main: [followRounds(air, rowOf(INPUT).with(0, 2), 'pInitial[0]')] },
    rejectedBy: ['isReal is a bit'],
  },
  ...roundForgeries(air, honest, 'pInitial[0]'),
]);
