/** Commitment roots of the machine's fixed tables by parameter set: constants of the verifying key. */
export const FIXED_ROOTS: Readonly<Record<string, string>> = {
  fast: '65236394f10bfbc2897bd90bb3518890b43fad8f129bb4482bf7b099eb3bc23e',
  strong: '6f3fd6c5621ba572a42eb16bccf4df6f4e9c5b43ee8a0a35f9f30cd3e1e8c814',
};
