/** The kit's the search for a second witness, where the chips' tests import it from. */
export * from '../../kit/determinism.ts';
