import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Rows } from '../../stark/air/check.ts';
import { P } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { settled } from '../../test/support/forgery-search.ts';
import { drawWord, randomOf, served } from '../../test/support/fp32.ts';
import {
  ANSWERS,
  SERVICE_TABLES,
  serviceAir,
  serviceForgeries,
  weightForgery,
} from '../../test/support/fp32-search.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialOutcome } from '../fp32-special/semantics.ts';
import { fp32SqrtAir } from './air.ts';
import { recordSquareRoot } from './execute.ts';
import { fp32SqrtChip } from './trace.ts';

const REQUEST = 'the square root was asked for';
const INPUTS = ['mode', 'aLo', 'aHi'];
const OUTPUTS = ['outLo', 'outHi', 'flags'];

const rowOf = (mode: number, a: number): Rows =>
  served([fp32SqrtChip], (machine) => recordSquareRoot(machine, mode, a)).get('fp32-sqrt')!;
const bases = [
  { name: 'sqrt(1.5)', honest: rowOf(0, 0x3fc0_0000) },
  { name: 'sqrt(4)', honest: rowOf(1, 0x4080_0000) },
  { name: 'sqrt(pi), down', honest: rowOf(2, 0x4049_0fdb) },
  { name: 'sqrt(1.0005), up', honest: rowOf(3, 0x3f80_1234) },
  { name: 'sqrt(2^-149)', honest: rowOf(4, 1) },
  { name: 'sqrt(2^16 - 1 units)', honest: rowOf(0, 0xffff) },
  { name: 'sqrt(2^127)', honest: rowOf(1, 0x7f00_0001) },
];

function rootOf(square: bigint): bigint {
  let root = 0n;
  for (let bit = 2n ** 34n; bit > 0n; bit >>= 1n) if ((root + bit) ** 2n <= square) root += bit;
  return root;
}

/** What a row claims; the square is r^2 + s. */
interface Claim {
  readonly isOdd: number;
  readonly isSmall: number;
  readonly r: bigint;
  readonly s: bigint;
}

/** The row with another root and remainder, the best that a prover can make of it: carries and inverses mod p. */
function claiming(honest: Rows, { isOdd, isSmall, r, s }: Claim, more: Record<string, number> = {}): Rows {
  const gap = 2n * r - s;
  const byte = (i: number): number => Number((r >> BigInt(8 * i)) & 0xffn);
  const rows = withCells(fp32SqrtAir, honest, 0, {
    isOdd,
    isSmall,
    ...Object.fromEntries([0, 1, 2].map((i) => [`root[${i}]`, byte(i)])),
    rootUpper: Number(r >> 24n),
    'remainder[0]': Number(s & 0xffffn),
    'remainder[1]': Number(s >> 16n),
    'gap[0]': Number(gap & 0xffffn),
    'gap[1]': Number(gap >> 16n),
    sticky: s === 0n ? 0 : 1,
    stickyInverse: 0,
    ...more,
  });
  const steps = [
    ['limb 0 of the square adds up', 'carry[0]'],
    ['limb 1 of the square adds up', 'carry[1]'],
    ['limb 2 of the square adds up', 'lastCarry'],
    ...(s === 0n ? [] : [['with sticky something is left', 'stickyInverse'] as const]),
    ['fp32-round'],
  ] as const;
  return settled(air, rows, steps, ANSWERS);
}

/** Root and remainder of a square. */
const rooted = (square: bigint): { r: bigint; s: bigint } => {
  const r = rootOf(square);
  return { r, s: square - r * r };
};

const air = serviceAir(fp32SqrtAir);
const [ordinary, pi, odd, least] = [bases[0]!.honest, bases[2]!.honest, bases[0]!.honest, bases[4]!.honest];
const [PI, ODD] = [0xc9_0fdbn, 0xc0_0000n];
const lie = (claim: string, honest: Rows, forged: Rows, ...rejectedBy: string[]): Forgery => ({
  ...{ claim, honest, forged, rejectedBy },
});
/** pi has the even exponent 128, 1.5 the odd one 127; 0x8000 and 0x2000 units are subnormal, exponent 1. */
const half = rowOf(0, 0x8000);
const tiny = rowOf(0, 0x100);
/** Its root has the bytes 64, 1, 0, 62. */
const sparse = rowOf(0, 0x4080_0401);
const lesser = rowOf(0, 0x2345);
const lesserRoot = rooted(0x2345n << 37n);

const byHand: Forgery[] = [
  lie('another root than was asked for', ordinary, pi, REQUEST),
  weightForgery(air, ordinary, {}),
  ...[0, 1].map((i) =>
    lie(
      `the square is larger by 2^${16 * i} p`,
      pi,
      claiming(pi, { isOdd: 0, isSmall: 0, ...rooted((PI << 36n) + (BigInt(P) << BigInt(16 * i))) }),
      `carry[${i}] is below 2^10`,
    ),
  ),
  lie(
    'the square of more than 2^62 is less by 2^33 p',
    half,
    claiming(half, { isOdd: 1, isSmall: 1, ...rooted((0x8000n << 49n) - (BigInt(P) << 33n)) }),
    'the last carry has ten bits',
  ),
  lie(
    'an even exponent is made even by 2',
    pi,
    claiming(pi, { isOdd: 2, isSmall: 0, ...rooted(3n * (PI << 36n)) }),
    'isOdd is a bit',
  ),
  lie(
    'an even exponent is made even by 1',
    pi,
    claiming(pi, { isOdd: 1, isSmall: 0, ...rooted(2n * (PI << 36n)) }),
    'isOdd makes the exponent even',
  ),
  lie(
    'an odd exponent is even',
    odd,
    claiming(odd, { isOdd: 0, isSmall: 0, ...rooted(ODD << 36n) }),
    'isOdd makes the exponent even',
  ),
  lie(
    'a significand is twice small',
    tiny,
    claiming(tiny, { isOdd: 1, isSmall: 2, ...rooted(2n * 0x100n * (2n ** 49n - 2n ** 36n)) }),
    'isSmall is a bit',
  ),
  lie(
    'the upper limb of a small significand is left out',
    bases[3]!.honest,
    claiming(bases[3]!.honest, { isOdd: 1, isSmall: 1, ...rooted(2n * (0x1234n << 48n)) }),
    'a small significand has one limb',
  ),
  lie(
    'limb 2 of the square is one more',
    pi,
    settledLimb(2, claiming(pi, { isOdd: 0, isSmall: 0, ...rooted((PI << 36n) + 2n ** 32n) })),
    'limb 2 of the square adds up',
  ),
  lie(
    'limb 3 of the square is one more',
    pi,
    claiming(pi, { isOdd: 0, isSmall: 0, ...rooted((PI << 36n) + 2n ** 48n) }),
    'limb 3 of the square adds up',
  ),
  lie(
    'a root of 19 bits',
    least,
    claiming(least, { isOdd: 1, isSmall: 0, ...rooted(2n ** 37n) }),
    'the root has 25 to 32 bits',
  ),
  lie(
    'the root is one more, the remainder negative',
    lesser,
    claiming(lesser, { isOdd: 1, isSmall: 0, r: lesserRoot.r + 1n, s: lesserRoot.s - 2n * lesserRoot.r - 1n }),
    'remainder[1] is below 2^16',
  ),
  lie(
    'the root is one less, the gap negative',
    lesser,
    claiming(lesser, { isOdd: 1, isSmall: 0, r: lesserRoot.r - 1n, s: lesserRoot.s + 2n * lesserRoot.r - 1n }),
    'gap[1] is below 2^16',
  ),
  lie(
    'the low limb of the remainder takes one of the high limb',
    lesser,
    claiming(lesser, { isOdd: 1, isSmall: 0, ...lesserRoot }, borrowed('remainder', lesserRoot.s)),
    'remainder[0] is below 2^16',
  ),
  ...[[1, sparse, 0x80_0401n, 'root[2]'] as const, [2, half, 0x8000n, 'rootUpper'] as const].map(
    ([i, honest, significand, next]) => {
      const { r, s } = rooted(significand << 37n);
      const byte = (k: number): number => Number((r >> BigInt(8 * k)) & 0xffn);
      const moved = { [`root[${i}]`]: byte(i) + 256, [next]: byte(i + 1) - 1 };
      const forged = claiming(honest, { isOdd: 1, isSmall: 0, r, s }, moved);
      return lie(`byte ${i} of the root takes one of the next`, honest, forged, `root[${i}] is below 2^8`);
    },
  ),
];

/** Limbs of a value with 2^16 moved from the high one to the low one. */
function borrowed(name: string, value: bigint): Record<string, number> {
  return { [`${name}[0]`]: Number(value & 0xffffn) + 2 ** 16, [`${name}[1]`]: Number(value >> 16n) - 1 };
}

/** The last carry as limb 3 needs it. */
function settledLimb(limb: number, rows: Rows): Rows {
  return settled(air, rows, [[`limb ${limb + 1} of the square adds up`, 'lastCarry']], ANSWERS);
}

const query = { air: fp32SqrtAir, request: REQUEST, inputs: INPUTS, bases };
describeForgeries(air, serviceForgeries(query, byHand), {
  pastRanges: ['root[0] is below 2^8', 'gap[0] is below 2^16'],
  tables: SERVICE_TABLES,
});

test('every root that can be claimed rounds to the same', () => {
  const random = randomOf(5);
  let accepted = 0;
  for (let i = 0; i < 120; i++) {
    const a = drawWord(random) % 2 ** 31;
    if (specialOutcome(OPERATION.sqrt, 0, a, 0, 0) !== undefined) continue;
    const honest = rowOf(i % 5, a);
    for (const isOdd of [exponentOf(a) % 2, 1 - (exponentOf(a) % 2)]) {
      for (const isSmall of [0, 1]) {
        const { r, s } = rooted(BigInt(significandOf(a)) << BigInt(36 + 12 * isSmall + isOdd));
        for (const by of [-1n, 0n, 1n]) {
          if (r + by < 0n) continue;
          const row = claiming(honest, { isOdd, isSmall, r: r + by, s: s - by * (2n * r + by) });
          if (objections(air, row, honest, SERVICE_TABLES).length > 0) continue;
          accepted += 1;
          for (const name of OUTPUTS) expect(cells(air, row, name)).toEqual(cells(air, honest, name));
        }
      }
    }
  }
  expect(accepted).toBeGreaterThan(60);
});

test('the search for a second result finds none', () => {
  for (const [seed, { name, honest }] of bases.entries()) {
    const query = { honest, inputs: INPUTS, outputs: OUTPUTS, tables: SERVICE_TABLES, seed, tries: 60 };
    expect(findSecondWitness(air, query), name).toBeUndefined();
  }
});
