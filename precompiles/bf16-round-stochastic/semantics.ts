/**
 * Stochastic rounding of binary32 to BF16 with a given threshold: the upper half of bits + threshold, so that the
 * magnitude is incremented exactly if the 16 bits dropped and the threshold carry, for dropped / 2^16 of all thresholds.
 * Sources: PTX ISA, `cvt.rs.bf16x2.f32` with 16 random bits for each half (the tests compare with what a B200 gave);
 * torchao, `_fp32_to_bf16_sr`; Zamirai et al., Revisiting BFloat16 Training (arXiv 2010.06192).
 *
 * A NaN becomes the canonical one, an infinity stays, the largest numbers carry to an infinity as in rounding to
 * nearest. Flags: invalid for a signaling NaN; inexact if a bit was dropped, whatever became of it; overflow with it if
 * a number became an infinity; underflow with it if the operand is below 2^-126. That is tininess before rounding, the
 * other choice of IEEE 754-2019, 7.5: after rounding would need a result of unbounded exponent, for which the threshold
 * has one bit too many.
 */
import { CANONICAL_BF16_NAN } from '../bf16-round/semantics.ts';
import { FLAG, withFlags } from '../fp32-round/semantics.ts';

/** The BF16 pattern (u16) of a binary32 word, with its flags (`fp32-round/semantics.ts`). Of `threshold`, a u32, the low 16 bits count. */
export function roundStochastically(word: number, threshold: number): number {
  const magnitude = word & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return withFlags(CANONICAL_BF16_NAN, (word & 0x0040_0000) === 0 ? FLAG.invalid : 0);
  const pattern = (word >>> 16) + (((word & 0xffff) + (threshold & 0xffff)) >>> 16);
  if ((word & 0xffff) === 0) return withFlags(pattern, 0);
  const overflow = (pattern & 0x7fff) === 0x7f80 ? FLAG.overflow : 0;
  const underflow = magnitude < 0x0080_0000 ? FLAG.underflow : 0;
  return withFlags(pattern, FLAG.inexact | overflow | underflow);
}
