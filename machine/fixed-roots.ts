/** Commitment roots of the machine's fixed tables by parameter set: constants of the verifying key. */
export const FIXED_ROOTS: Readonly<Record<string, string>> = {
  fast: 'ae0b39358fed1f07730e22ba1b832099a2625a7abeb4cadeecba8cbe1f597e69',
  strong: '30066eeb2387eafa455c34684f679ae9afe2d4c775a69699caa4edca2f18b04d',
};
