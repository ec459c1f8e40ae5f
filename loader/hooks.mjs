/**
 * Module hooks: TypeScript is loaded by removing its types, as Node 22.18 and later do by themselves, and `ulpvm/...`
 * is the package that runs, wherever the importing file is. Runs on Node's loader thread, so it is JavaScript.
 *
 * Types are replaced by blanks (swc's stripper, the one inside Node): lines and columns of a stack are those of the
 * source. Syntax that is more than types (enums, namespaces, parameter properties) is refused, as Node refuses it.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/wasm-typescript';

/** The folder of this package, or of what was built from it. */
const OWN = fileURLToPath(new URL('..', import.meta.url));
/** `.ts` where Ulp itself runs from source. */
let ownExtension = '.js';

export function initialize(data) {
  ownExtension = data?.ownExtension ?? ownExtension;
}

export function resolve(specifier, context, nextResolve) {
  const entry = /^ulpvm\/([a-z]+)$/.exec(specifier)?.[1];
  if (entry === undefined) return nextResolve(specifier, context);
  return nextResolve(new URL(`../${entry}/index${ownExtension}`, import.meta.url).href, context);
}

export async function load(url, context, nextLoad) {
  if (!url.startsWith('file:')) return nextLoad(url, context);
  const filename = fileURLToPath(url);
  if (!/\.m?ts$/.test(filename)) {
    // Node does not say where in a module of the user's a syntax error is; the stripper does.
    const isUsers = context.format === 'module' && !filename.startsWith(OWN) && !filename.includes('/node_modules/');
    if (isUsers) stripped(await readFile(filename, 'utf8'), filename);
    return nextLoad(url, context);
  }
  return { format: 'module', shortCircuit: true, source: stripped(await readFile(filename, 'utf8'), filename) };
}

function stripped(source, filename) {
  try {
    return transformSync(source, { mode: 'strip-only', filename }).code;
  } catch (cause) {
    if (cause.startLine === undefined) throw cause;
    throw new SyntaxError(`${filename}:${cause.startLine}:${cause.startColumn + 1}: ${cause.message}`);
  }
}
