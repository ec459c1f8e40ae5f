/** Where in a user's own files an error came from: the first place on its stack that is neither Ulp, Node nor a package. */
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../layer/guest.ts';

const OWN = fileURLToPath(PACKAGE_ROOT);

/** "chips/fp8/air.ts:12:5", relative to the working directory; undefined if no user's file took part. */
export function userPlaceOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  for (const [, path, line, column] of cause.stack?.matchAll(/(?:file:\/\/|\(|at )(\/[^\s():]+):(\d+):(\d+)\)?$/gm) ??
    []) {
    const file = decodeURIComponent(path!);
    if (file.startsWith(OWN) || file.includes('/node_modules/')) continue;
    return `${shown(file)}:${line}:${column}`;
  }
  return undefined;
}

/** A path as its author would write it. */
export const shown = (path: string): string => {
  const near = relative(process.cwd(), path);
  return near.startsWith('..') ? path : near;
};
