/** The kit's single instructions on a machine made for the test, where the chips' tests import it from. */
export * from '../../kit/step.ts';
