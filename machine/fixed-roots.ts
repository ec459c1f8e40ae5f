/** Commitment roots of the machine's fixed tables by parameter set: constants of the verifying key. */
export const FIXED_ROOTS: Readonly<Record<string, string>> = {
  fast: 'f929830464811ff65bef6b2220e7a715eabf0b930d4fc75a8199eec48dfc659f',
  strong: 'd0a1d3499ec63fec2c9356d27ed295c54d96c4d77d5523ebef84996b35c31636',
};
