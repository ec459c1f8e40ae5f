import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Rows } from '../../stark/air/check.ts';
import { inverse, mul, P, reduce } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { FP32_TABLES, randomOf, served } from '../../test/support/fp32.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { fp32RsqrtAir as air } from './air.ts';
import { recordRsqrt } from './execute.ts';
import { reciprocalRoot } from './semantics.ts';
import { fp32RsqrtChip } from './trace.ts';

const OUTPUTS = ['rootLow', 'rootMiddle', 'rootHigh', 'isExact'];
const DIGIT = 2n ** 13n;
const rowOf = (a: number): Rows => served([fp32RsqrtChip], (machine) => recordRsqrt(machine, a)).get('fp32-rsqrt')!;

/** What a row claims; s and t default to what the width 8 q F leaves. */
interface Claim {
  readonly factor: bigint;
  readonly root: bigint;
  readonly below?: bigint;
  readonly above?: bigint;
  /** Units of lead that the root is above: 1, and isExact and more in forgeries. */
  readonly lead?: bigint;
  /** Lower digits, if not those of the values. */
  readonly factorLow?: bigint;
  readonly rootLow?: bigint;
  /** Carries into the width and the square that are solved from the digits above, not those below: the first of them. */
  readonly widthFromAbove?: number;
  readonly squareFromAbove?: number;
  readonly more?: Readonly<Record<string, number>>;
}

const modP = (value: bigint): number => Number(((value % BigInt(P)) + BigInt(P)) % BigInt(P));
const overDigit = (value: bigint): number => mul(reduce(modP(value)), inverse(reduce(2 ** 13)));

/** The row of these claims, with carries that make as many digits add up as can. */
function claiming(honest: Rows, claim: Claim): Rows {
  const { factor, root, lead = 1n, widthFromAbove = 2, squareFromAbove = 4, more = {} } = claim;
  const below = claim.below ?? 2n ** 73n - (2n * root - 1n) ** 2n * factor;
  const above = claim.above ?? 8n * root * factor - below;
  const isReal = BigInt(more['isReal'] ?? 1);
  /** Digits of 13 bits, the last with all that is left. */
  const digits = (value: bigint): bigint[] =>
    [0n, 1n, 2n, 3n].map((i) => (i < 3n ? (value >> (13n * i)) & (DIGIT - 1n) : value >> 39n));
  const { factorLow: f0 = factor % DIGIT, rootLow: q0 = root % DIGIT } = claim;
  const [f1, q1] = [(factor - f0) / DIGIT, (root - q0) / DIGIT];
  const [s, t] = [digits(below), digits(above)];
  for (let i = 0; i < 4; i++) {
    s[i] = BigInt(more[`below[${i}]`] ?? modP(s[i]!));
    t[i] = BigInt(more[`above[${i}]`] ?? modP(t[i]!));
  }
  const width = s.map((digit, i) => digit + t[i]!);
  const products = [8n * q0 * f0, 8n * (q0 * f1 + q1 * f0), 8n * q1 * f1];
  // Solved from below: (products + carry - digit) / 2^13; from above: what the next digit lacks.
  const m: bigint[] = [0n, 0n];
  for (let i = 0; i < Math.min(2, widthFromAbove); i++) {
    m[i] = BigInt(overDigit(products[i]! + (i === 0 ? 0n : m[0]!) - width[i]!));
  }
  for (let i = 1; i >= widthFromAbove; i--) {
    m[i] = i === 1 ? width[2]! + DIGIT * width[3]! - products[2]! : width[1]! + DIGIT * m[1]! - products[1]!;
  }
  const sums = [0, 1, 2, 3].map(
    (i) =>
      q0 * width[i]! + (i > 0 ? q1 * width[i - 1]! : 0n) + (i === 0 ? 2n * f0 : i === 1 ? 2n * f1 : 0n) + s[i]! - t[i]!,
  );
  const k: bigint[] = [0n, 0n, 0n, 0n];
  for (let i = 0; i < squareFromAbove; i++) k[i] = BigInt(overDigit(sums[i]! + (k[i - 1] ?? 0n)));
  for (let i = 3; i >= squareFromAbove; i--) {
    k[i] = i === 3 ? isReal * 2n ** 22n - q1 * width[3]! : DIGIT * k[i + 1]! - sums[i + 1]!;
  }
  return withCells(air, honest, 0, {
    factorLow: modP(f0),
    factorHigh: modP(f1),
    rootLow: modP(q0),
    rootMiddle: modP(q1 - 8n * (root >> 16n)),
    rootHigh: modP((root >> 16n) - 128n * lead),
    ...Object.fromEntries(s.map((digit, i) => [`below[${i}]`, modP(digit)])),
    ...Object.fromEntries(t.map((digit, i) => [`above[${i}]`, modP(digit)])),
    ...Object.fromEntries(m.map((carry, i) => [`widthCarry[${i}]`, modP(carry + isReal)])),
    ...Object.fromEntries(k.map((carry, i) => [`carry[${i}]`, modP(carry)])),
    ...more,
  });
}

/** The honest row of a with another claim; what it says by itself is that of `reciprocalRoot`. */
function lie(
  claim: string,
  a: number,
  rejectedBy: string,
  change: (honest: { factor: bigint; root: bigint; below: bigint; above: bigint }) => Partial<Claim>,
): Forgery {
  const { factor, root, below, above } = reciprocalRoot(a);
  const numbers = { factor: BigInt(factor), root: BigInt(root), below: BigInt(below), above: BigInt(above) };
  const changed = { factor: numbers.factor, root: numbers.root, ...change(numbers) };
  return { claim, honest: rowOf(a), forged: claiming(rowOf(a), changed), rejectedBy: [rejectedBy] };
}

function squareRootOf(square: bigint): bigint {
  let root = 0n;
  for (let bit = 2n ** 60n; bit > 0n; bit >>= 1n) if ((root + bit) ** 2n <= square) root += bit;
  return root;
}
/** The root of 2^73 / factor, whatever its size, to the nearest. */
const rootOf = (factor: bigint, square = 2n ** 73n): bigint => (squareRootOf((4n * square) / factor) / 2n + 1n) / 2n;

/**
 * Root, s and t that fulfil width = 8 q F + `width` and q width + 2 F + s - t = 2^74 + `square` with s and t in range, or
 * undefined.
 */
function offBy(factor: bigint, width: bigint, square: bigint): Partial<Claim> | undefined {
  // The greater solution of 8 F q^2 + width q = 2^74 + square.
  const start = (squareRootOf(width ** 2n + 32n * factor * (2n ** 74n + square)) - width) / (16n * factor);
  for (let by = 0n; by < 8n; by++) {
    for (const root of [start - by, start + by]) {
      const total = 8n * root * factor + width;
      const difference = 2n ** 74n + square - 2n * factor - root * total;
      if (difference > total || -difference > total || (total + difference) % 2n !== 0n) continue;
      if (root < 2n ** 23n || root >= 2n ** 24n || total >= 2n ** 52n) return undefined;
      return { root, below: (total + difference) / 2n, above: (total - difference) / 2n };
    }
  }
  return undefined;
}

const random = randomOf(31);
/** The first forgery of random normal words that this check alone rejects. */
function found(make: (a: number, seed: number) => Forgery | undefined): Forgery {
  for (let i = 0; i < 4000; i++) {
    const forgery = make(0x0080_0000 + random.below(0x7f00_0000), i);
    if (forgery === undefined) continue;
    const by = objections(air, forgery.forged, forgery.honest, FP32_TABLES);
    if (by.length === 1 && by[0] === forgery.rejectedBy[0]) return forgery;
  }
  throw new Error('make: expected a forgery that one check alone rejects, got none');
}
const foundLie = (
  claim: string,
  rejectedBy: string,
  change: (
    honest: { factor: bigint; root: bigint; below: bigint; above: bigint },
    a: number,
  ) => Partial<Claim> | undefined,
): Forgery =>
  found((a) => {
    let isThere = true;
    const forgery = lie(claim, a, rejectedBy, (honest) => {
      const changed = change(honest, a);
      isThere = changed !== undefined;
      return changed ?? {};
    });
    return isThere ? forgery : undefined;
  });

const PI = 0x4049_0fdb;
const [SMALL, LARGE] = [0x40, 0xffff];
const twoRows = (row: Rows): Rows => ({ main: [row.main[0]!, row.main[0]!] });
const withPadding = (row: Rows): Rows => ({ main: [row.main[0]!, row.main[0]!.map(() => 0)] });
const padding: Rows = { main: [rowOf(PI).main[0]!.map(() => 0)] };
const weighted = lie('', 0x3fff_0000, '', ({ factor }) => {
  const root = rootOf(factor, 2n ** 74n);
  return { root, below: 2n ** 74n - (2n * root - 1n) ** 2n * factor, lead: 2n, more: { isReal: 2 } };
});
const moved = (name: 'below' | 'above', i: number, value: bigint): Record<string, number> => ({
  [`${name}[${i}]`]: modP((value >> BigInt(13 * i)) % DIGIT) + 2 ** 13,
  [`${name}[${i + 1}]`]: modP(i === 2 ? value >> 39n : (value >> BigInt(13 * (i + 1))) % DIGIT) - 1,
});
/** 2^k S mod p for a k that the significand does not allow, if it is a factor. */
function wrapped(
  significand: number,
  exponent: number,
  doublings: readonly number[],
): [k: number, factor: bigint] | undefined {
  for (const k of doublings) {
    const factor = (BigInt(significand) << BigInt(k)) % BigInt(P);
    if ((k + exponent) % 2 === 1 && factor > 2n ** 23n && factor < 2n ** 25n) return [k, factor];
  }
  return undefined;
}

const forgeries: Forgery[] = [
  {
    claim: 'a root that nobody asked for',
    honest: rowOf(PI),
    forged: rowOf(0x4080_0000),
    rejectedBy: ['the reciprocal square root was asked for'],
  },
  {
    claim: 'one row of weight 2 gives two roots, larger by sqrt 2',
    honest: twoRows(weighted.honest),
    forged: withPadding(weighted.forged),
    rejectedBy: ['isReal is a bit'],
  },
  lie('a is a quarter of it', PI, 'a is finite and positive', () => ({ more: { exponent: exponentOf(PI) - 2 } })),
  lie('a small word is twice small, and worth 1023 / 1024 of it', SMALL, 'isSmall is a bit', () => {
    const factor = 1023n * 64n * 2n ** 8n;
    return { factor, root: rootOf(factor), more: { isSmall: 2, bits: 8, power: 2 ** 8 } };
  }),
  {
    claim: 'a padding row takes a range check back',
    honest: padding,
    forged: withCells(air, padding, 0, { isSmall: 1, bits: 7, power: 2 ** 7 }),
    rejectedBy: ['only a row of a root is small'],
  },
  lie('the upper limb is left out', 0x3f80_1234, 'a small significand has one limb', () => {
    const factor = 0x1234n << 12n;
    return { factor, root: rootOf(factor), more: { isSmall: 1, bits: 13, power: 2 ** 13 } };
  }),
  lie('a is 8 units larger', PI, 'the factor is the significand moved up', ({ factor }) => {
    return { factor: factor + 8n, root: rootOf(factor + 8n) };
  }),
  foundLie('a large word wraps around', 'a large significand is not moved beyond 2^25', (_, a) => {
    const [k, factor] =
      wrapped(significandOf(a), exponentOf(a), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]) ?? [];
    return k === undefined
      ? undefined
      : { factor: factor!, root: rootOf(factor!), more: { bits: 16 - k, power: 2 ** (16 - k) } };
  }),
  found((a) => {
    const word = a % 2 ** 15;
    const [k, factor] = wrapped(word, 1, [17, 19, 21, 23, 25, 18, 20, 22, 24]) ?? [];
    if (k === undefined || 25 - k < 0 || word < 2 ** (25 - k)) return undefined;
    const more = { isSmall: 1, bits: 25 - k, power: 2 ** (25 - k) };
    const claim = { factor: factor!, root: rootOf(factor!), more };
    return lie('a small word wraps around', word, 'a small significand is not moved beyond 2^25', () => claim);
  }),
  foundLie('the result has half an exponent', 'the exponent of the result is an integer', ({ factor }, a) => {
    if (exponentOf(a) % 2 === 0) return undefined;
    return { factor: 2n * factor, root: rootOf(2n * factor), more: { bits: 15, power: 2 ** 15 } };
  }),
  lie('an inexact root is half exact', ((127 << 23) | (14_913_081 - 2 ** 23)) >>> 0, 'isExact is a bit', () => ({
    more: { isExact: inverse(reduce(2)), rootHigh: 0 },
  })),
  lie('a longer root is exact', LARGE, 'an exact root is a power of two', ({ factor }) => {
    return { factor: factor / 4n, root: rootOf(factor / 4n), lead: 2n, more: { isExact: 1, bits: 10, power: 2 ** 10 } };
  }),
  lie('a longer root is rounded as if it were not', LARGE, 'rootHigh is below 2^7', ({ factor }) => {
    return { factor: factor / 4n, root: rootOf(factor / 4n), more: { bits: 10, power: 2 ** 10 } };
  }),
  ...[0, 1, 2].map((i) =>
    lie(
      `the width is more by 2^${13 * i + 1}`,
      PI,
      i < 2 ? `digit ${i} of the width adds up` : 'the upper digits of the width add up',
      ({ factor }) => ({
        ...offBy(factor, 2n * DIGIT ** BigInt(i), 0n),
        widthFromAbove: i,
      }),
    ),
  ),
  ...[0, 1, 2, 3].map((i) =>
    lie(`the square is more by 2^${13 * i + 1}`, PI, `digit ${i} of the square adds up`, ({ factor }) => ({
      ...offBy(factor, 0n, 2n * DIGIT ** BigInt(i)),
      squareFromAbove: i,
    })),
  ),
  foundLie('the square is more by 2^52', 'the upper digit of the square adds up', ({ factor }) =>
    offBy(factor, 0n, 2n ** 52n),
  ),
  foundLie('the lower digit of the factor takes one of the upper', 'factorLow is below 2^13', ({ factor }) => ({
    factorLow: (factor % DIGIT) + DIGIT,
  })),
  lie('the factor is larger by p', 0x3f7f_ffff, 'factorHigh is below 2^12', ({ factor, below, above }) => ({
    factor: factor + BigInt(P),
    below: below - BigInt(P),
    above: above + BigInt(P),
  })),
  foundLie('the lower digit of the root takes one of the next', 'rootLow is below 2^13', ({ root }) => ({
    rootLow: (root % DIGIT) + DIGIT,
  })),
  foundLie('the middle bits of the root take one of the upper', 'rootMiddle is below 2^3', ({ root }) => ({
    more: { rootMiddle: modP((root >> 13n) % 8n) + 8, rootHigh: modP((root >> 16n) - 129n) },
  })),
  lie('the next larger root', PI, 'below[3] is below 2^13', ({ root }) => ({ root: root + 1n })),
  lie('the next smaller root', PI, 'above[3] is below 2^13', ({ root }) => ({ root: root - 1n })),
  ...[0, 1, 2].flatMap((i) =>
    (['below', 'above'] as const).map((name) =>
      foundLie(`digit ${i} of ${name} takes one of the next`, `${name}[${i}] is below 2^13`, (honest) => ({
        more: moved(name, i, honest[name]),
      })),
    ),
  ),
  ...[0, 1].map((i) =>
    foundLie(`the width is more by 2^${13 * i} p`, `widthCarry[${i}] is below 2^16`, ({ factor }) =>
      offBy(factor, BigInt(P) * DIGIT ** BigInt(i), 0n),
    ),
  ),
  ...[0, 1, 2, 3].map((i) =>
    foundLie(`the square is more by 2^${13 * i + 1} p`, `carry[${i}] is below 2^15`, ({ factor }) =>
      offBy(factor, 0n, 2n * BigInt(P) * DIGIT ** BigInt(i)),
    ),
  ),
];

describeForgeries(air, forgeries, { tables: FP32_TABLES });

test('of all factors that a word allows, and roots near its own, one result is accepted', () => {
  let accepted = 0;
  for (const a of [PI, 0x3f80_0000, 0x4080_0001, 0x7f7f_ffff, 1, SMALL, 0x7fff, 0x8000, LARGE, 0x7f_ffff, 0x80_0000]) {
    const honest = rowOf(a);
    const significand = BigInt(significandOf(a));
    for (let k = 0; k <= 25; k++) {
      for (const isSmall of [0, 1]) {
        const bits = 16 - k + 9 * isSmall;
        if (bits < 0 || bits > 16) continue;
        const factor = significand << BigInt(k);
        for (const by of [-2n, -1n, 0n, 1n, 2n]) {
          for (const isExact of [0, 1]) {
            const more = { isSmall, bits, power: 2 ** bits, isExact };
            const claim = { factor, root: rootOf(factor) + by, lead: isExact === 1 ? 2n : 1n, more };
            const row = claiming(honest, claim);
            if (objections(air, row, honest, FP32_TABLES).length > 0) continue;
            accepted += 1;
            for (const name of OUTPUTS) expect(cells(air, row, name)).toEqual(cells(air, honest, name));
          }
        }
      }
    }
  }
  expect(accepted).toBeGreaterThanOrEqual(11);
});

test('the search for a second result finds none', () => {
  for (const [seed, a] of [PI, 0x4080_0000, 1, LARGE, 0x7f7f_ffff].entries()) {
    const query = { honest: rowOf(a), inputs: ['aLo', 'aHi'], outputs: OUTPUTS, tables: FP32_TABLES, seed, tries: 60 };
    expect(findSecondWitness(air, query), a.toString(16)).toBeUndefined();
  }
});
