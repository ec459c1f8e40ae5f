/** `mpfr-functions.c`, built where a C compiler and MPFR are installed (Debian: gcc, libmpfr-dev). */
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionName } from './reference.ts';

/** Results of operands, or of count operands from first on by a stride. */
export interface Oracle {
  of(name: FunctionName, operands: readonly number[]): Uint32Array;
  along(name: FunctionName, first: number, stride: number, count: number): Uint32Array;
}

/** Undefined where it cannot be built. */
export function buildOracle(): Oracle | undefined {
  const path = join(mkdtempSync(join(tmpdir(), 'mpfr-functions-')), 'mpfr-functions');
  const source = join(import.meta.dirname, 'mpfr-functions.c');
  try {
    execFileSync('cc', ['-O2', '-o', path, source, '-lmpfr', '-lgmp'], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  const run = (options: readonly string[], input: Uint8Array): Uint32Array => {
    const bytes = execFileSync(path, options, { input, maxBuffer: 2 ** 28 });
    return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readUInt32LE(4 * i));
  };
  return {
    of: (name, operands) => run([name], new Uint8Array(Uint32Array.from(operands).buffer)),
    along: (name, first, stride, count) => run([name, `${first}`, `${stride}`, `${count}`], new Uint8Array()),
  };
}
