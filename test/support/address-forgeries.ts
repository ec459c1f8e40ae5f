/** The kit's the forgeries of an address, where the chips' tests import it from. */
export * from '../../kit/address-forgeries.ts';
