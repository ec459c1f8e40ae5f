/**
 * The FRI fold at one point: f(x) = sum_{i<k} x^i g_i(x^k) becomes sum_i beta^i g_i(x^k). The verifier's version, and the
 * reference of `fold-codeword.ts`. It interpolates: the k values at x w^rev(t), w of order k, are those of the polynomial
 * sum_i (g_i x^i) w^(i rev(t)), whose coefficients are found by one inverse transform per group.
 */

import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { bitReverse, log2Exact } from '../poly/domain.ts';

/**
 * @param group f at x w^rev(t) for t = 0 .. k-1, k = 2, 4 or 8: a group of a codeword in bit-reversed order
 * @param x the point of the first value
 * @throws {RangeError} if the group's length is not a power of two or x is zero
 */
export function foldGroup(group: readonly Ext[], x: Felt, beta: Ext): Ext {
  const size = group.length;
  const logSize = log2Exact(size, 'group.length');
  const inverseRoot = F.inverse(F.rootOfUnity(logSize));
  const point = K.mulBase(beta, F.inverse(x));
  // c_i = 1/k sum_t f_t w^(-i rev(t)) = g_i x^i; then sum_i c_i (beta / x)^i.
  const coefficients = group.map((_, i) =>
    group.reduce<Ext>(
      (sum, value, t) => K.add(sum, K.mulBase(value, F.pow(inverseRoot, (i * bitReverse(t, logSize)) % size))),
      K.ZERO,
    ),
  );
  return K.mulBase(K.evaluate(coefficients, point), F.inverse(F.reduce(size)));
}
