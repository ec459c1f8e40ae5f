/** The kit's reproducible draws, where the chips' tests import it from. */
export * from '../../kit/random.ts';
