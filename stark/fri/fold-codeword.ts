/**
 * The FRI fold of a whole codeword, and the last codeword as a polynomial. A codeword is read as a matrix of groups: row j
 * holds the 2^logArity elements that fold to element j, which are adjacent in bit-reversed order. Reference: `fold.ts`.
 */
import { type Compute, createScratch, pieces } from '../air/job.ts';
import type { Codeword } from '../deep/batch.ts';
import { montgomeryForm } from '../deep/open.ts';
import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { Arena } from '../kernels/memory.ts';
import { bitReverse, cosetShift } from '../poly/domain.ts';
import { interpolate } from '../poly/ntt.ts';

/** Words of an element. */
const WORDS = K.DEGREE;

/**
 * Allocates the codeword folded by 2, 4 or 8. Its domain is D of the folded height: the image of D_n under x -> x^k.
 * @throws {RangeError} unless 1 <= logArity <= 3 and the result has at least 4 elements
 */
export async function foldCodeword(
  compute: Compute,
  codeword: Codeword,
  logArity: number,
  beta: Ext,
): Promise<Codeword> {
  const { arena, pool } = compute;
  const logHeight = codeword.logHeight - logArity;
  const size = 2 ** (logHeight + codeword.logBlowup);
  if (!(logArity >= 1 && logArity <= 3)) throw new RangeError(`logArity: expected 1 to 3, got ${logArity}`);
  if (size < 4) throw new RangeError(`codeword: expected at least 4 elements after the fold, got ${size}`);
  const address = arena.alloc(4 * WORDS * size);
  const mark = arena.mark();
  const powers = [beta, K.square(beta), K.square(K.square(beta))].map(montgomeryForm);
  const betas = arena.alloc(240);
  arena.u32(betas, 60).set(powers.flatMap((power) => power.flatMap((c) => [c, c, c, c])));
  const scratch = createScratch(compute, 1024);
  const step = Math.max(4, Math.min(2 ** 13, size / (4 * 2 ** Math.ceil(Math.log2(pool.threads)))));
  await pool.run(
    pieces(size, step).map(([first, count]) => ({
      kernel: 'friFold',
      args: [codeword.address, address, codeword.logHeight, logArity, betas, first, count, scratch],
    })),
  );
  arena.release(mark);
  return { address, logHeight, logBlowup: codeword.logBlowup };
}

/**
 * The 2^logHeight coefficients of the polynomial that the codeword is the extension of, lowest degree first; undefined
 * if it has a higher degree.
 */
export function finalPolynomial(arena: Arena, { address, logHeight, logBlowup }: Codeword): Ext[] | undefined {
  const logSize = logHeight + logBlowup;
  const size = 2 ** logSize;
  const data = arena.u32(address, WORDS * size);
  const scale = F.inverse(cosetShift(logHeight));
  const columns = Array.from({ length: WORDS }, (_, k) => {
    const natural = Array.from({ length: size }, (_, i) => data[WORDS * bitReverse(i, logSize) + k] as Felt);
    let power = F.ONE;
    return interpolate(natural).map((c) => {
      const coefficient = F.mul(c, power);
      power = F.mul(power, scale);
      return coefficient;
    });
  });
  if (columns.some((column) => column.some((c, i) => i >= 2 ** logHeight && c !== 0))) return undefined;
  return Array.from({ length: 2 ** logHeight }, (_, i) => K.ext(columns.map((column) => column[i]!)));
}
