/** The secret that salts the commitments: who has it can test guesses of the tensors, and prove again from the same roots. */
import { randomBytes } from 'node:crypto';
import { CliError } from '../cli-error.ts';
import { hexText } from '../format.ts';
import type { Io } from '../io.ts';

/** 32 bytes: fresh ones, or those of the file, which is written if it does not exist. @throws {CliError} `file`, `input`. */
export async function secretFrom(io: Io, path: string | undefined): Promise<Uint8Array> {
  const fresh = new Uint8Array(randomBytes(32));
  if (path === undefined) return fresh;
  if (!(await io.exists(path))) {
    await io.writeFile(path, `${hexText(fresh)}\n`, { secret: true });
    return fresh;
  }
  const text = new TextDecoder().decode(await io.readFile(path)).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new CliError('input', `${path}: expected 32 bytes as 64 hex digits`, {
      help: 'name a file that does not exist yet, and a fresh secret is written to it',
    });
  }
  return Uint8Array.from(text.match(/../g)!, (byte) => Number.parseInt(byte, 16));
}
