/** Commitment roots of the machine's fixed tables by parameter set: constants of the verifying key. */
export const FIXED_ROOTS: Readonly<Record<string, string>> = {
  fast: '27d3ff525ab0b8eb86dcad9cf58bf253641e1cf25e89bfecbce8bf92c82de43b',
  strong: '0b76e7fd09fde0c36dd57da39d1a5c9dc9957ee552e5e130c61007fb36ed3a2f',
};
