/**
 * Forged rows of a tensor core's sum: some cells are lies, all that follow from them are what an honest prover would
 * write next, over the field where integers do not divide. One row; the cells of the inputs are those of the block.
 */
import { bf16DotAir } from '../../precompiles/bf16-dot/air.ts';
import { HOPPER, type TensorCore } from '../../precompiles/bf16-dot/semantics.ts';
import { kappaOf, LIFT_LIMB, numApart, numAttained, windowsBelow } from '../../precompiles/bf16-dot/sum-air.ts';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { centred, felt, inverse, mul, reduce } from '../../stark/field/koala-bear.ts';
import { type Block, blockRows, TABLES } from './bf16-dot.ts';
import { cells, objections } from './forgery.ts';

const P = 0x7f00_0001;
/** Between -p / 2 and p / 2. */
const centered = (value: number): number => centred(reduce(value));
/** a / b over the integers if it divides, else in the field. */
const quotientOf = (a: number, b: number): number =>
  b !== 0 && a % b === 0 ? a / b : b === 0 ? 0 : mul(reduce(a), inverse(reduce(b)));

/** One sum among the columns of a table. */
export interface SumView {
  readonly air: Air;
  readonly core: TensorCore;
  /** Goes before the names of the sum's columns. */
  readonly prefix: string;
  /** Operand of lane 0. */
  readonly from: number;
  /** What the columns of the two operands start with; a and b unless given. */
  readonly operands?: readonly [string, string];
  /** Columns of the accumulator: sign, parts of the significand, exponent. */
  readonly acc: readonly [string, string, string, string];
  /** The honest row of a block. */
  rows(block: Block): Rows;
  /** Writes what else follows from the cells of the sum, by names without prefix. */
  follow?(set: (name: string, value: number) => void, get: (name: string) => number): void;
}

export const HOPPER_VIEW: SumView = {
  air: bf16DotAir as unknown as Air,
  core: HOPPER,
  prefix: '',
  from: 0,
  acc: ['accNegative', 'accHigh', 'accLow', 'accExponent'],
  rows: (block) => blockRows([block]),
};

const capital = (prefix: string, name: string): string =>
  prefix === '' ? name : `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`;

/**
 * Names are those of columns without prefix (`quotient[3]`), and `magnitude` for the sum that top and bottom are taken
 * from. Values are integers of either sign.
 */
export function forge(block: Block, lies: Readonly<Record<string, number>>, view = HOPPER_VIEW): Rows {
  const { core, from } = view;
  const [a, b] = view.operands ?? ['a', 'b'];
  const lanes = core.products;
  const row = [...view.rows(block).main[0]!];
  const index = new Map(view.air.main.map((column) => [column.name, column.index]));
  const cell = (name: string): number => centered(row[index.get(name)!]!);
  const place = (name: string): number | undefined => index.get(capital(view.prefix, name));
  const get = (name: string): number => centered(row[place(name)!]!);
  const lie = (name: string): number | undefined => lies[name];
  const set = (name: string, value: () => number): number => {
    const chosen = lie(name) ?? value();
    row[place(name)!] = reduce(chosen);
    return chosen;
  };
  for (const name of Object.keys(lies)) {
    if (name !== 'magnitude' && place(name) === undefined) throw new RangeError(`lies: expected columns, got ${name}`);
  }
  const [accNegative, accHigh, accLow, accExponent] = view.acc.map(cell) as [number, number, number, number];
  const kappa = kappaOf(core);
  const largest = set('largest', () => get('largest'));
  const shifts = Array.from(
    { length: lanes },
    (_, i) => largest - cell(`${a}Exponent[${from + i}]`) - cell(`${b}Exponent[${from + i}]`),
  );
  const running = (name: string, size: number, factors: readonly number[]): number => {
    let product = factors[0]!;
    for (let i = 1; i < factors.length; i++) {
      product = mul(reduce(product), reduce(factors[i]!));
      const value = product;
      if (i % 3 === 0 && i <= 3 * size) product = set(`${name}[${i / 3 - 1}]`, () => value);
    }
    return reduce(product);
  };
  running(
    'attained',
    numAttained(core),
    shifts.map((shift) => shift - kappa),
  );
  if (kappa > 0) {
    const below = windowsBelow(core).map((window) => largest - window);
    const apart = running('apart', numApart(core), [...shifts, largest - accExponent, ...below]);
    set('apartInverse[0]', () => (apart === 0 ? 0 : inverse(reduce(apart))));
  }

  const align = (at: (name: string) => string, magnitude: number, shift: number): number => {
    const isMiddle = shift > 11 && shift < 27;
    const divisor = set(at('divisor'), () => (isMiddle ? 2 ** (shift - 11) : 1));
    const multiplier = set(at('multiplier'), () => (isMiddle || shift < 0 ? 1 : shift <= 11 ? 2 ** (11 - shift) : 0));
    const remainder = set(at('remainder'), () => ((magnitude % divisor) + divisor) % divisor);
    const quotient = set(at('quotient'), () => quotientOf(magnitude - remainder, divisor));
    return quotient * multiplier;
  };
  const isSplit = lanes > 8;
  let [lifted, rest, lifts] = [0, 0, 0];
  for (let i = 0; i < lanes; i++) {
    const product = cell(`${a}Significand[${from + i}]`) * cell(`${b}Significand[${from + i}]`);
    const negative = set(`isNegative[${i}]`, () => (product < 0 ? 1 : 0));
    const sign = 1 - 2 * negative;
    const term = sign * align((name) => `${name}[${i}]`, quotientOf(product, sign), shifts[i]!);
    if (isSplit && i < 8) lifted += term + negative * LIFT_LIMB * 2 ** 16;
    else rest += term + negative * LIFT_LIMB * 2 ** 16;
    lifts += negative * LIFT_LIMB;
  }
  const accShift = largest - accExponent;
  const part = (prefix: string) => (name: string) => capital(prefix, name);
  const accTerm = align(part('high'), accHigh, accShift) + align(part('low'), accLow, accShift + 9);
  rest += (1 - 2 * accNegative) * accTerm + accNegative * 2 ** 26;
  lifts += accNegative * 2 ** 10;

  let [lowA, highA] = [0, 0];
  if (isSplit) {
    lowA = set('lowA', () => {
      const high = lie('highA');
      return high === undefined ? ((lifted % 2 ** 16) + 2 ** 16) % 2 ** 16 : lifted - high * 2 ** 16;
    });
    highA = set('highA', () => quotientOf(lifted - lowA, 2 ** 16));
  }
  const sum = highA * 2 ** 16 + lowA + rest - lifts * 2 ** 16;
  const isNegativeSum = set('isNegativeSum', () => (sum < 0 ? 1 : 0));
  const magnitude = lie('magnitude') ?? quotientOf(sum, 1 - 2 * isNegativeSum);
  forgeResult({ lie, set, get }, { largest, magnitude, sign: 1 - 2 * isNegativeSum, beforeCarry: lowA + rest });
  view.follow?.((name, value) => {
    row[index.get(name)!] = reduce(value);
  }, get);
  return { main: [row] };
}

interface Cells {
  lie(name: string): number | undefined;
  set(name: string, value: () => number): number;
  get(name: string): number;
}

interface Sum {
  readonly largest: number;
  readonly magnitude: number;
  readonly sign: number;
  readonly beforeCarry: number;
}

function forgeResult({ lie, set, get }: Cells, { largest, magnitude, sign, beforeCarry }: Sum): void {
  const bottom = set('bottom', () => magnitude % 2 ** 16);
  set('carry', () => quotientOf(beforeCarry - sign * bottom, 2 ** 16));
  const leadingZeros = Math.clz32(magnitude);
  const isNormal = magnitude !== 0 && largest + 6 - leadingZeros >= -126;
  const shift = magnitude === 0 ? 0 : isNormal ? leadingZeros : largest + 132;
  const halving = set('halving', () => (shift < 0 ? 1 : 0));
  const limbShift = set('limbShift', () => (shift >= 16 ? 1 : 0));
  const zeros = set('zeros', () => Math.min(16, Math.max(0, shift + halving - 16 * limbShift)));
  const power = set('power', () => 2 ** zeros);
  const top = set('top', () => (limbShift === 0 ? Math.floor(magnitude / 2 ** 16) : bottom));
  const shifted = (1 - limbShift) * bottom * power;
  const moved = set('moved', () => Math.floor(shifted / 2 ** 16));
  set('stayed', () => quotientOf(shifted - moved * 2 ** 16, power));
  const stayed = get('stayed');
  const step = 1 + halving;
  const upper = centered(top * power + moved);
  const spill = set('spill', () => ((upper % (2 * step)) + 2 * step) % (2 * step));
  const high = set('high', () => quotientOf(upper - spill, 2 * step));
  const lower = centered(mul(reduce(spill), felt(2 ** 16)) + reduce(stayed * power));
  const dropped = set('dropped', () => ((lower % (2 ** 8 * step)) + 2 ** 8 * step) % (2 ** 8 * step));
  const low = set('low', () => quotientOf(lower - dropped, 2 ** 8 * step));
  const exponent = largest + 6 - zeros - 16 * limbShift + halving;
  const significand = high * 2 ** 9 + low;
  const isZero = magnitude === 0;
  const normal = set('normal', () => (!isZero && high >= 2 ** 14 ? 1 : 0));
  const subnormal = set('subnormal', () => (!isZero && normal === 0 && lie('tiny') !== 1 && significand !== 0 ? 1 : 0));
  set('tiny', () => (!isZero && normal + subnormal === 0 ? 1 : 0));
  set('inverse', () => (subnormal === 0 || reduce(significand) === 0 ? 0 : inverse(reduce(significand))));
  set('negative', () => (sign < 0 ? ((1 - sign) / 2) * (normal + subnormal) : 0));
  set('exponent', () => (normal === 1 ? (exponent > 127 ? 4000 : exponent) : subnormal === 1 ? -126 : -400));
}

/** State that a row sends, after the time and the blocks: sign, two parts of the significand, exponent code. */
export const stateSent = (rows: Rows, { air, prefix }: SumView = HOPPER_VIEW): number[] =>
  ['negative', 'high', 'low', 'exponent'].map((name) => centered(cells(air, rows, capital(prefix, name))[0]!));

/**
 * The choices a prover has after the terms of a block: sign and magnitude of the sum among everything that is equal mod p,
 * the shift, and the kind of the result. All of them for `largest`; the honest choice is among them.
 */
export function* choices(block: Block, largest: number, view = HOPPER_VIEW): Generator<Record<string, number>> {
  const honest = forge(block, { largest }, view);
  const value = (name: string): number => centered(cells(view.air, honest, capital(view.prefix, name))[0]!);
  const [limbShift, top, bottom] = [value('limbShift'), value('top'), value('bottom')];
  const sum = (1 - 2 * value('isNegativeSum')) * (limbShift === 1 ? bottom : top * 2 ** 16 + bottom);
  const kinds = [
    { normal: 1, subnormal: 0, tiny: 0 },
    { normal: 0, subnormal: 1, tiny: 0 },
    { normal: 0, subnormal: 0, tiny: 1 },
    { normal: 0, subnormal: 0, tiny: 0 },
  ];
  for (let multiple = -3; multiple <= 3; multiple++) {
    for (const isNegativeSum of [0, 1]) {
      const magnitude = (1 - 2 * isNegativeSum) * (sum + multiple * P);
      if (magnitude < 0 || magnitude >= 2 ** 32) continue;
      for (let zeros = 0; zeros <= 16; zeros++) {
        for (const shifts of [{ limbShift: 0 }, { limbShift: 1 }]) {
          for (const halving of [0, 1]) {
            for (const kind of kinds) yield { largest, isNegativeSum, magnitude, zeros, ...shifts, halving, ...kind };
          }
        }
      }
    }
  }
}

/** The choices of all candidates for `largest` that a check does not reject, with the state they lead to. */
export function accepted(
  block: Block,
  largests: readonly number[],
  keep: () => boolean,
  view = HOPPER_VIEW,
): number[][] {
  const honest = view.rows(block);
  const states: number[][] = [];
  for (const largest of largests) {
    for (const lies of choices(block, largest, view)) {
      if (!keep()) continue;
      const forged = forge(block, lies, view);
      if (violations(view.air, forged).length > 0) continue;
      if (objections(view.air, forged, honest, TABLES).length === 0) states.push(stateSent(forged, view));
    }
  }
  return states;
}

/** Exponents that terms and floor have, with their neighbours. */
export function candidates({ acc, a, b }: Block): number[] {
  const row = blockRows([{ acc, a, b }]);
  const value = (name: string): number => centered(cells(bf16DotAir, row, name)[0]!);
  const exponents = [-133, value('accExponent')];
  for (let i = 0; i < 16; i++) exponents.push(value(`aExponent[${i}]`) + value(`bExponent[${i}]`));
  return [...new Set(exponents.flatMap((e) => [e - 1, e, e + 1]))].filter((e) => e >= -140 && e < 300);
}
