/** The kit's the forgeries of the frame, where the chips' tests import it from. */
export * from '../../kit/frame-forgeries.ts';
