/**
 * The larger of two binary32, -0 less than +0. IEEE 754-2019, 9.6: `maximumNumber` takes the number if the other one is a
 * NaN, `maximum` gives NaN if one is. RISC-V Unprivileged ISA: fmax.s (21.6) and fmaxm.s of Zfa (a canonical NaN; a
 * signaling NaN is invalid). CUDA's fmaxf is the first, torch.max and torch.amax the second but for the payload of a NaN.
 * Bit patterns only, no floating-point operation.
 */
import { isNan, isSignalingNan } from '../fp32-add/semantics.ts';
import { COMPARISONS } from '../fp32-compare/semantics.ts';
import { CANONICAL_NAN, FLAG, withFlags } from '../fp32-round/semantics.ts';

const maximumNumber = COMPARISONS['fmax.s']!;

/** Words are u32; gives the word with its flags (`fp32-round/semantics.ts`). */
export function maxFp32(propagates: boolean, a: number, b: number): number {
  if (!propagates || !(isNan(a) || isNan(b))) return maximumNumber(a, b);
  return withFlags(CANONICAL_NAN, isSignalingNan(a) || isSignalingNan(b) ? FLAG.invalid : 0);
}
