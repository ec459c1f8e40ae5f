/** Commitment roots of the machine's fixed tables by parameter set: constants of the verifying key. */
export const FIXED_ROOTS: Readonly<Record<string, string>> = {
  fast: '1d3808d19c6ad0a3146b7c63fa3b51506f8955ae712f9b409f94fc5e567a0c7a',
  strong: '5ded1df6541367e6d2969a5abae5eb23be5be4cc72bbfccc59b33ae9849877ad',
};
