/**
 * Inverse zerofiers of every class on the 4n-point domain of the quotient: the first four blocks of an extension, in
 * the order of its rows. One planar vector of 4n words per class. Reference: `classes.ts`.
 */
import type { Compute } from '../air/job.ts';
import { pieces } from '../air/job.ts';
import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import { allocMatrix } from '../kernels/matrix.ts';
import type { Transforms } from '../kernels/transform.ts';
import { domainPoint } from '../poly/domain.ts';
import { rowOfClass, traceDomainPoint, ZEROFIER_CLASSES, type ZerofierClass } from './classes.ts';

/** Blocks of the extension on which the quotient is computed: its degree is below 4n. */
export const NUM_BLOCKS = 4;
const LOG_BLOCKS = 2;

/** Coefficients of prod_{i=n-h}^{n-1} (X - omega^i), lowest degree first: h + 1 of them. */
export function blindingPolynomial(logHeight: number, blindingRows: number): Felt[] {
  const generator = F.rootOfUnity(logHeight);
  let root = traceDomainPoint(logHeight, 2 ** logHeight - blindingRows);
  let coefficients: Felt[] = [F.ONE];
  for (let i = 0; i < blindingRows; i++, root = F.mul(root, generator)) {
    const product = [F.ZERO, ...coefficients];
    coefficients.forEach((c, at) => {
      product[at] = F.sub(product[at]!, F.mul(c, root));
    });
    coefficients = product;
  }
  return coefficients;
}

/**
 * Allocates the vectors, by class name.
 * @param logHeight log2 n, at least 9
 */
export async function zerofiers(
  compute: Compute & Pick<Transforms, 'ldeFromCoefficients'>,
  logHeight: number,
  blindingRows: number,
): Promise<ReadonlyMap<ZerofierClass, number>> {
  const { arena, pool } = compute;
  const height = 2 ** logHeight;
  const addresses = ZEROFIER_CLASSES.map(() => arena.alloc(4 * NUM_BLOCKS * height));
  const mark = arena.mark();
  const coefficients = allocMatrix(arena, height, 1);
  const words = arena.u32(coefficients.address, height * coefficients.stride);
  blindingPolynomial(logHeight, blindingRows).forEach((c, i) => {
    words[i * coefficients.stride] = c;
  });
  const blinding = await compute.ldeFromCoefficients(coefficients, NUM_BLOCKS);

  const single = (['first', 'last', 'final', 'wrap'] as const).map((where) =>
    traceDomainPoint(logHeight, rowOfClass(where, height, blindingRows)),
  );
  const job = arena.alloc(4 * 32);
  // Shift of each block, and the inverse of x^n - 1, which is constant on a block.
  const shifts = Array.from({ length: NUM_BLOCKS }, (_, block) => domainPoint(logHeight, LOG_BLOCKS, block * height));
  const inverses = shifts.map((shift) => F.inverse(F.sub(F.pow(shift, height), F.ONE)));
  arena
    .u32(job, 32)
    .set([...[logHeight, blinding.address, 4 * blinding.stride, 0], ...addresses, ...single, ...shifts, ...inverses]);
  await pool.run(
    Array.from({ length: NUM_BLOCKS }, (_, block) =>
      pieces(height / 4, 2 ** 14).map(([first, count]) => ({
        kernel: 'inverseZerofiers',
        args: [job, block, first, count],
      })),
    ).flat(),
  );
  arena.release(mark);
  return new Map(ZEROFIER_CLASSES.map((where, i) => [where, addresses[i]!]));
}
