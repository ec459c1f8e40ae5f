/** Commitment roots of the machine's fixed tables by parameter set: constants of the verifying key. */
export const FIXED_ROOTS: Readonly<Record<string, string>> = {
  fast: '27d3ff525ab0b8eb86dcad9cf58bf253641e1cf25e89bfecbce8bf92c82de43b',
  'fast bf16-gelu-tanh-table': '6f03c8c9d988788187a2971e41fb76c11ca814c5fbf961f16d84ef92e0e17987',
  'fast bf16-gelu-erf-table': '48a35f8d4ae4d3e88b704a777f816e0151249cc0a7a52ab7d59ec8bc4795ed68',
  'fast bf16-silu-table': 'ce9b4b168adb4194ec4bc2b76d272f1a45d5c81a2fa3a54ca84994976586570b',
  'fast bf16-gelu-tanh-grad-table': '661bdb5d7fa2b38294539ef3c23bfbdd211df8ab3765ccfdd5aae048b8ff1db0',
  'fast bf16-gelu-erf-grad-table': '434a5d0a68eef1aa6eb60d167dff02b4c90aa20e165139c6f66c641186d210f8',
  'fast bf16-silu-grad-table': 'da03ae2563a85bf65106f95e9f211de67fbc143fa4421da892f74ee224e023c6',
  'fast bf16-exp2-table': '4b74c2cb76238adc57fbe47aa97cf64b683992743eb1858fba3a956f85613a3c',
  strong: '0b76e7fd09fde0c36dd57da39d1a5c9dc9957ee552e5e130c61007fb36ed3a2f',
  'strong bf16-gelu-tanh-table': 'd07d9bbd2251d613ab14b796ae1332c72a33ae63c8a27c4ebfe0f043894fb314',
  'strong bf16-gelu-erf-table': 'b893920db63acf651299bc935feecb1c2df3dcb05f5acb3dc22c7874a888c199',
  'strong bf16-silu-table': '987a6f67b0b0bea60c707f6152a0413aaa1768081d28f40cd67a7bb5f52acc25',
  'strong bf16-gelu-tanh-grad-table': 'e0039d2dc2321837819d3bdefd8703350f78e0dba6b0b189d26d63b7c3b426da',
  'strong bf16-gelu-erf-grad-table': 'd46fd500dc48881b021e42534a5016df463d27fb6b58a684ef1b8ffbeb4fd5d8',
  'strong bf16-silu-grad-table': 'f80785c8fe4b25d5c884ea4d9fd767cc9218af7f67b65afa5d424bd2aff9fb59',
  'strong bf16-exp2-table': '9fc3c4dae42dce6cb11332261d8b4032e0916495c754e309244c2fefb80e713c',
};
