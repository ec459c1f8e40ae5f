/**
 * Property tests: fast-check with this project's generators. A third of the draws are edge values, because carries,
 * sign bits, all-ones and the ends of exponent ranges are where limb arithmetic breaks. A failure prints the seed;
 * `SEED=<seed>` repeats the run.
 */
import fc from 'fast-check';
import { P } from '../../stark/field/koala-bear.ts';

const edged = (edges: readonly number[], any: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...edges) }, { weight: 2, arbitrary: any });

/** u32 with edges at carries, limbs and signs. */
export const u32 = (): fc.Arbitrary<number> =>
  edged(
    [
      0, 1, 2, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x1_0000, 0x1_0001, 0x7f00_0000, 0x7f00_0001, 0x7fff_ffff,
      0x8000_0000, 0x8000_0001, 0xffff_0000, 0xffff_fffe, 0xffff_ffff,
    ],
    fc.integer({ min: 0, max: 0xffff_ffff }),
  );

/** u16 with edges. */
export const u16 = (): fc.Arbitrary<number> =>
  edged([0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xfffe, 0xffff], fc.integer({ min: 0, max: 0xffff }));

/** A canonical residue. */
export const anyFelt = (): fc.Arbitrary<number> =>
  edged([0, 1, 2, 0xffff, 0x1_0000, P - 2, P - 1], fc.integer({ min: 0, max: P - 1 }));

const F32_EDGES = [
  0x0000_0000, 0x0000_0001, 0x007f_ffff, 0x0080_0000, 0x0080_0001, 0x3f7f_ffff, 0x3f80_0000, 0x3f80_0001, 0x4000_0000,
  0x4b7f_ffff, 0x4b80_0000, 0x7f7f_ffff, 0x7f80_0000, 0x7f80_0001, 0x7fbf_ffff, 0x7fc0_0000, 0x7fff_ffff,
];

/** Bit patterns of FP32: edges with both signs, any pattern, and patterns of nearby exponents that interact in sums. */
export const f32 = (): fc.Arbitrary<number> =>
  fc.oneof(
    edged(
      F32_EDGES.flatMap((x) => [x, (x | 0x8000_0000) >>> 0]),
      fc.integer({ min: 0, max: 0xffff_ffff }),
    ),
    fc
      .tuple(fc.boolean(), fc.integer({ min: 100, max: 154 }), fc.integer({ min: 0, max: 0x7f_ffff }))
      .map(([sign, exponent, fraction]) => ((sign ? 0x8000_0000 : 0) + exponent * 2 ** 23 + fraction) >>> 0),
  );

const BF16_EDGES = [0x0000, 0x0001, 0x007f, 0x0080, 0x3f7f, 0x3f80, 0x3f81, 0x7f7f, 0x7f80, 0x7f81, 0x7fc0, 0x7fff];

/** Bit patterns of BF16. */
export const bf16 = (): fc.Arbitrary<number> =>
  edged(
    BF16_EDGES.flatMap((x) => [x, x | 0x8000]),
    fc.integer({ min: 0, max: 0xffff }),
  );

/** Runs `property` on `runs` draws; throws fast-check's report (seed, path, shrunk counterexample) on a failure. */
export function forAll<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void, runs = 200): void {
  const seed = process.env['SEED'];
  fc.assert(
    fc.property(arbitrary, (value) => {
      property(value);
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed: Number(seed) }) },
  );
}
