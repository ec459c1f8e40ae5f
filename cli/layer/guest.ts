/** The guest programs that ship with the package, assembled on use: a proof is of the text one can read. */
import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blake3 } from '@noble/hashes/blake3.js';
import { assemble, renderAll } from '../../asm/index.ts';
import type { InstructionTable } from '../../vm/isa/table.ts';
import { hexText } from '../format.ts';

/** This file is `cli/layer/guest.ts` in the sources and `dist/cli/layer/guest.js` in the package. */
export const PACKAGE_ROOT = new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url);

const textOf = (path: string): string => readFileSync(fileURLToPath(new URL(path, PACKAGE_ROOT)), 'utf8');

export interface Guest {
  readonly elf: Uint8Array;
  /** BLAKE3 of the ELF file, hex. Paths in its line table are relative to the package, so it is the same everywhere. */
  readonly digest: string;
}

/** `guests/linear.s`: sampled entries of Y = X W^T (+ bias). */
export function linearGuest(table: InstructionTable): Guest {
  const path = 'guests/linear.s';
  const { elf, diagnostics } = assemble(
    { path, text: textOf(path) },
    {
      table,
      read(included, from) {
        const found = posix.join(posix.dirname(from), included);
        return { path: found, text: textOf(found) };
      },
    },
  );
  if (elf === undefined) throw new Error(`${path} does not assemble\n${renderAll(diagnostics)}`);
  return { elf, digest: hexText(blake3(elf)) };
}
