/** Commitment roots of the machine's fixed tables by parameter set: constants of the verifying key. */
export const FIXED_ROOTS: Readonly<Record<string, string>> = {
  fast: '76bb03642a21d194463cb99a629ba8401ef6c19c09cb8efff7eeea677a66f1a8',
  strong: '38d725699186a98a010a8e274417ed7e08ec9c85a921d3d9660f0ea46a6167d9',
};
