/**
 * Nanoseconds per row and per cell of the argument's kernels on a real table: `npm run build && node dist/bench/argument.js
 * [threads] [logHeight]`. The data is random, so this times the work but makes no proof. Least of five runs.
 */
import { performance } from 'node:perf_hooks';
import { bf16DotAir } from '../precompiles/bf16-dot/air.ts';
import type { Air } from '../stark/air/air.ts';
import { compileLookups, compileQuotient } from '../stark/air/compile.ts';
import { batchCodeword } from '../stark/deep/batch.ts';
import { openColumns, openingWeights } from '../stark/deep/open.ts';
import { type Felt, P } from '../stark/field/koala-bear.ts';
import type { Ext } from '../stark/field/quintic.ts';
import * as K from '../stark/field/quintic.ts';
import { foldCodeword } from '../stark/fri/fold-codeword.ts';
import { createBackend } from '../stark/kernels/backend.ts';
import { type Lde, words } from '../stark/kernels/matrix.ts';
import { buildAux } from '../stark/logup/aux.ts';
import { lookupLayout, numConstraints } from '../stark/logup/layout.ts';
import { quotientChunks } from '../stark/quotient/chunks.ts';
import { addQuotient, allocQuotientSum, liftAdd } from '../stark/quotient/quotient.ts';
import { zerofiers } from '../stark/quotient/zerofiers.ts';

const [threads = 1, logHeight = 16] = process.argv.slice(2).map(Number);
const height = 2 ** logHeight;
const BLINDING_ROWS = 180;
const BLOWUP = 4;

let state = 1;
const next = (): Felt => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return (state % P) as Felt;
};
const ext = (): Ext => [next(), next(), next(), next(), next()];

const backend = createBackend({ threads });
const { arena } = backend;

async function time<T>(what: string, rows: number, cells: number, work: () => Promise<T>): Promise<T> {
  let least = Number.POSITIVE_INFINITY;
  let result: T | undefined;
  for (let run = 0; run < 5; run++) {
    const mark = arena.mark();
    const start = performance.now();
    result = await work();
    least = Math.min(least, performance.now() - start);
    if (run < 4) arena.release(mark);
  }
  const perRow = ((least * 1e6) / rows).toFixed(1);
  console.log(
    `${what.padEnd(26)} ${least.toFixed(1)} ms  ${perRow} ns/row  ${((least * 1e6) / cells).toFixed(2)} ns/cell`,
  );
  return result as T;
}

const air = bf16DotAir as unknown as Air;
const layout = lookupLayout([air]);
const lookups = layout.tables[0]!;
const challenges = { alpha: ext(), betas: Array.from({ length: layout.tupleWidth + 1 }, ext) };
const input = { air, lookups, layout, challenges };
const weights = Array.from({ length: numConstraints(air, lookups) }, ext);
const width = air.main.length;
const cells = (width + lookups.auxWidth) * height;
const opcodes = (code: Uint32Array): string => {
  const names = ['add', 'sub', 'mul', '+c', 'c-', 'scale', 'K*K', 'K*F', 'fill', 'dot4', 'dot3', 'dot2', 'dot1', 'inv'];
  const counts = new Map<string, number>();
  for (let i = 0; i < code.length; i += 8) counts.set(names[code[i]!]!, (counts.get(names[code[i]!]!) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
};
const compileStart = performance.now();
const [one, two] = [compileLookups(input), compileQuotient(input, weights, ext())];
console.log(
  `${air.name}: ${width} main, ${lookups.auxWidth} aux, ${air.constraints.length} constraints, ${air.interactions.length} interactions, ${threads} thread(s), 2^${logHeight} rows`,
);
console.log(`compiled in ${(performance.now() - compileStart).toFixed(1)} ms`);
console.log(`lookups: ${opcodes(one.emit(256, false))}; ${one.numSlots} slots`);
console.log(`quotient: ${opcodes(two.emit(256, false))}; ${two.numSlots} slots`);

const main = backend.allocMatrix(height, width);
words(arena, main).forEach((_, i, data) => {
  data[i] = i % main.stride < width ? next() : 0;
});
const aux = (await time('auxiliary trace', height, lookups.auxWidth * height, () =>
  buildAux(backend, input, { main }, BLINDING_ROWS, (count) => Uint32Array.from({ length: count }, next)),
))!;
const mainLde = await time('main extension', height, width * height, () => backend.lde(main, BLOWUP));
const auxLde = await backend.lde(aux.trace, BLOWUP);
const classes = await time('zerofiers', height, cells, () => zerofiers(backend, logHeight, BLINDING_ROWS));
const sum = allocQuotientSum(backend, height);
await time('constraints (4 n rows)', 4 * height, cells, () =>
  addQuotient(backend, input, { main: mainLde, aux: auxLde }, weights, aux.terminal, classes, sum),
);
await time('lift', height, cells, () => liftAdd(backend, sum, sum));
await time('quotient chunks', height, cells, () =>
  quotientChunks(backend, sum, 85, (count) => Uint32Array.from({ length: count }, next)),
);
const openings = await time('weights', height, cells, () => openingWeights(backend, logHeight, ext()));
const flags = Array.from({ length: width }, (_, i) => i % 8 === 0);
await time('open main at z', height, width * height, () => openColumns(backend, mainLde, openings));
await time('open main at z, some next', height, width * height, () => openColumns(backend, mainLde, openings, flags));
const columnsOf = (lde: Lde) =>
  Array.from({ length: lde.width }, (_, column) => ({ column, gamma: ext(), next: false }));
const maskTrace = backend.allocMatrix(height, 5);
const mask = await backend.lde(maskTrace, BLOWUP);
const values = { localSum: ext(), lineAtZ: ext(), lineAtNext: ext() };
const matrices = [mainLde, auxLde].map((lde) => ({ lde, columns: columnsOf(lde) }));
await time('DEEP without columns', BLOWUP * height, cells, () => batchCodeword(backend, [], mask, values, ext()));
const codeword = await time('DEEP batch', BLOWUP * height, cells, () =>
  batchCodeword(backend, matrices, mask, values, ext()),
);
await time('fold by 8', BLOWUP * height, cells, () => foldCodeword(backend, codeword, 3, K.ONE));
await backend.close();
