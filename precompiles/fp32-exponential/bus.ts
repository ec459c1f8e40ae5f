/**
 * The exponential relation as a service: whoever sends (U, M) claims that M is e^U, to 37 units of 2^-72.
 *
 *     U = 2^-24 powerUpper + 2^-48 powerMiddle + 2^-72 powerLower
 *     M = 2^-24 valueUpper + 2^-36 value36 + 2^-48 value48 + 2^-72 valueLower
 *
 * The sender answers for: powerUpper is an integer below 2^27 in magnitude, powerMiddle one below 2^29 + 2^24, of any sign,
 * powerLower one in [0, 3 * 2^24). They need not be canonical: sums of table entries, or limbs less multiples of a constant, go here without
 * a carry. It answers for nothing of M.
 * The relation answers for: valueUpper in (2^23, 2^25 + 2^13), value36 and value48 in [0, 2^12), valueLower in [0, 2^24),
 * as integers, and |M - e^U| <= 37 * 2^-72, for every row that is accepted. Those with U in [-0.6, 0.6932] have one.
 *
 * From U to M (exp, exp2, tanh): `exponentialRow` (`row.ts`) tells the M that the chip's trace holds; another accepted
 * one may be any within the bound.
 * From M to U (log): the sender knows the numerator N = 2^24 M and asks with (U; N, 0, 0, e) for an e in [0, 2^8): M is above
 * 2^-24 N by less than 2^8 units, and U within (2^8 + 37) / M of ln(2^-24 N). `exponentialRow` tells the e of a U.
 */
import { defineBus } from '../../stark/air/bus.ts';

export const EXPONENTIAL_BUS = defineBus('fp32-exponential', 'peer', [
  'powerUpper',
  'powerMiddle',
  'powerLower',
  'valueUpper',
  'value36',
  'value48',
  'valueLower',
]);

/** Log of the chip. Event: powerUpper, powerMiddle, powerLower, each an i32. */
export const EXPONENTIAL_CHIP = 'fp32-exponential';
export const EXPONENTIAL_EVENT_WORDS = 3;
