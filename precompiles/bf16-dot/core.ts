/** The numbers of the tensor-core models, for airs and semantics alike. What they mean: `semantics.ts`. */
/** Products in one hint block. */
export const BLOCK = 16;
/** Terms are integers in units of 2^-25 at most, relative to the window. */
export const WINDOW_BITS = 25;

/** What a generation of tensor cores adds up at once, and how exactly. */
export interface TensorCore {
  /** Products in one sum: a divisor of BLOCK. */
  readonly products: number;
  /** Fractional bits that an aligned term keeps below the largest exponent. */
  readonly fractionBits: number;
  /** The largest exponent of a sum counts as at least this. */
  readonly floor: number;
}

/** Also Blackwell. */
export const HOPPER: TensorCore = { products: BLOCK, fractionBits: WINDOW_BITS, floor: -133 };
/** Also Ada. */
export const AMPERE: TensorCore = { products: 8, fractionBits: 24, floor: -132 };
