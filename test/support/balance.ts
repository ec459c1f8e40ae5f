/** The kit's what tables leave on a bus, where the chips' tests import it from. */
export * from '../../kit/balance.ts';
