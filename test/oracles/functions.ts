/** The correctly rounded functions under test and where their cases change. */
import { expFp32 } from '../../precompiles/fp32-exp/semantics.ts';
import { exp2Fp32 } from '../../precompiles/fp32-exp2/semantics.ts';
import { logFp32 } from '../../precompiles/fp32-log/semantics.ts';
import { wordOf } from '../../precompiles/fp32-round/semantics.ts';
import { rsqrtFp32 } from '../../precompiles/fp32-rsqrt/semantics.ts';
import { tanhFp32 } from '../../precompiles/fp32-tanh/semantics.ts';
import type { FunctionName } from './reference.ts';

/** A word to the result with its flags. */
export const FUNCTIONS: Readonly<Record<FunctionName, (a: number) => number>> = {
  exp: expFp32,
  exp2: exp2Fp32,
  log: logFp32,
  rsqrt: rsqrtFp32,
  tanh: tanhFp32,
};
export const FUNCTION_NAMES = Object.keys(FUNCTIONS) as FunctionName[];

/** A word to the word. */
export const resultOf = (name: FunctionName, a: number): number => wordOf(FUNCTIONS[name](a));

/** Middles of the neighbourhoods to be looked at, without sign. */
const TURNS: Readonly<Record<FunctionName, readonly number[]>> = {
  // 1; overflow at 88.72; the least normal at -87.34, the least subnormal at -103.97; bounds of the special cases.
  exp: [0x3380_0000, 0x3300_0000, 0x42b1_7218, 0x42ae_ac50, 0x42cf_f1b5, 0x42ce_8ed0, 0x4380_0000, 0x3f31_7218],
  // 128, -126, -149, -150.
  exp2: [0x3380_0000, 0x3300_0000, 0x33b8_aa3b, 0x4300_0000, 0x42fc_0000, 0x4315_0000, 0x4316_0000, 0x4380_0000],
  // 1, 0.75, 1.5, 2, 4 and the ends of the subnormals.
  log: [0x3f80_0000, 0x3f40_0000, 0x3fc0_0000, 0x4000_0000, 0x4080_0000, 0x3f00_0000, 0x402d_f854],
  // Powers of two and four.
  rsqrt: [0x3f80_0000, 0x4000_0000, 0x4080_0000, 0x3f00_0000, 0x3e80_0000, 0x0040_0000, 0x0080_0000],
  // The bounds of the special cases, where the result becomes 1, where 2a passes (ln 2) / 2.
  tanh: [0x3980_0000, 0x4180_0000, 0x4110_2cb3, 0x3e31_7218, 0x3f05_1591, 0x39eb_0000],
};
const COMMON = [0x0000_0000, 0x0080_0000, 0x7f80_0000, 0x7fc0_0000, 0x3f80_0000, 0x3f00_0000, 0x4b00_0000, 0x7fff_ffff];

/** Words with both signs within `radius` of the places where a function's cases change, each once. */
export function edgesOf(name: FunctionName, radius: number): number[] {
  const words = new Set<number>();
  for (const middle of [...COMMON, ...TURNS[name]]) {
    for (let offset = -radius; offset <= radius; offset++) {
      words.add((middle + offset) >>> 0);
      words.add((middle + offset + 0x8000_0000) >>> 0);
    }
  }
  for (let exponent = 0; exponent < 256; exponent++) {
    for (const sign of [0, 0x8000_0000]) {
      for (const fraction of [0, 1, 0x7f_ffff]) words.add(sign + exponent * 0x80_0000 + fraction);
    }
  }
  return [...words];
}
