/** Commitment roots of the machine's fixed tables by parameter set: constants of the verifying key. */
export const FIXED_ROOTS: Readonly<Record<string, string>> = {
  fast: 'cfe8a26a3e363cd0ab1c2a9904cb0056ee7e7f0caee916b274e29d6e887ea713',
  strong: 'ab595aa293f9fc89be29e167f95dd3e912c79142d629a6cae352a5ef555544cd',
};
