/**
 * Compares exp, exp2, log, rsqrt and tanh with MPFR over all 2^32 operands and stores the digests of the results.
 *
 *   node scripts/check-functions.mjs [--functions exp,log] [--processes 2] [--chunks 0-255]
 *
 *   node scripts/check-functions.mjs --stored [..]      the implementation against the stored digests, without MPFR
 *
 * Needs a C compiler and MPFR (Debian: gcc, libmpfr-dev). A chunk is 2^24 consecutive operands; each is evaluated by a
 * process of its own and by MPFR beside it, in about seven seconds: half an hour a function with one process. The SHA-256
 * of a chunk's results (words of 4 bytes, little-endian, in the order of the operands) goes to
 * test/oracles/correctly-rounded.digests.json as soon as it is known; chunks that are there are not done again. The
 * first difference ends the run with status 1.
 */
import { execFileSync, fork, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const SOURCE = fileURLToPath(new URL('../test/oracles/mpfr-functions.c', import.meta.url));
const DIGESTS = new URL('../test/oracles/correctly-rounded.digests.json', import.meta.url);
const NAMES = ['exp', 'exp2', 'log', 'rsqrt', 'tanh'];
const NUM_CHUNKS = 256;
const CHUNK = 2 ** 24;

const oracle = process.env.ULP_FUNCTION_ORACLE;
if (oracle === undefined) await distribute();
else await serve(oracle);

/** In a worker: one chunk a message, `{ name, chunk }`; answers with the digest or the first difference. */
async function serve(path) {
  register('../loader/hooks.mjs', import.meta.url, { data: { ownExtension: '.ts' } });
  const { resultOf } = await import('../test/oracles/functions.ts');
  process.on('message', async ({ name, chunk, expected }) => {
    const first = chunk * CHUNK;
    if (expected !== undefined) {
      const results = new Uint32Array(CHUNK);
      for (let i = 0; i < CHUNK; i++) results[i] = resultOf(name, first + i);
      const digest = createHash('sha256').update(results).digest('hex');
      process.send(digest === expected ? { name, chunk, digest } : { difference: { name, chunk, expected, digest } });
      return;
    }
    const child = spawn(path, [name, String(first), '1', String(CHUNK)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const hash = createHash('sha256');
    let left = Buffer.alloc(0);
    let operand = first;
    for await (const piece of child.stdout) {
      hash.update(piece);
      const bytes = left.length === 0 ? piece : Buffer.concat([left, piece]);
      const whole = bytes.length - (bytes.length % 4);
      for (let i = 0; i < whole; i += 4, operand++) {
        const expected = bytes.readUInt32LE(i);
        const found = resultOf(name, operand);
        if (found === expected) continue;
        child.kill();
        process.send({ difference: { name, operand, expected, found } });
        return;
      }
      left = bytes.subarray(whole);
    }
    if (operand !== first + CHUNK) throw new Error(`results of MPFR: expected ${CHUNK}, got ${operand - first}`);
    process.send({ name, chunk, digest: hash.digest('hex') });
  });
  process.send({ isReady: true });
}

async function distribute() {
  const { values } = parseArgs({
    options: {
      functions: { type: 'string', default: NAMES.join(',') },
      processes: { type: 'string', default: '2' },
      chunks: { type: 'string', default: `0-${NUM_CHUNKS - 1}` },
      stored: { type: 'boolean', default: false },
    },
  });
  const [firstChunk, lastChunk] = values.chunks.split('-').map(Number);
  const digests = existsSync(DIGESTS) ? JSON.parse(readFileSync(DIGESTS, 'utf8')) : {};
  const jobs = values.functions.split(',').flatMap((name) => {
    if (!NAMES.includes(name)) throw new RangeError(`--functions: expected some of ${NAMES}, got ${name}`);
    digests[name] ??= {};
    const chunks = Array.from({ length: lastChunk - firstChunk + 1 }, (_, i) => firstChunk + i);
    return chunks
      .filter((chunk) => (digests[name][chunk] !== undefined) === values.stored)
      .map((chunk) => ({ name, chunk, ...(values.stored && { expected: digests[name][chunk] }) }));
  });
  const folder = mkdtempSync(join(tmpdir(), 'mpfr-functions-'));
  const path = join(folder, 'mpfr-functions');
  if (!values.stored) execFileSync('cc', ['-O2', '-o', path, SOURCE, '-lmpfr', '-lgmp'], { stdio: 'inherit' });
  const started = Date.now();
  let numDone = 0;
  const store = ({ name, chunk, digest }) => {
    digests[name][chunk] = digest;
    if (!values.stored) writeFileSync(DIGESTS, `${JSON.stringify(digests, null, 2)}\n`);
    numDone++;
    const seconds = (Date.now() - started) / 1000;
    const minutesLeft = ((seconds / numDone) * (numTotal - numDone)) / 60;
    process.stderr.write(`\r${numDone}/${numTotal} chunks, ${name} ${chunk}, ${minutesLeft.toFixed(0)} min left   `);
  };
  const numTotal = jobs.length;
  const work = () =>
    new Promise((resolve, reject) => {
      const worker = fork(fileURLToPath(import.meta.url), { env: { ...process.env, ULP_FUNCTION_ORACLE: path } });
      worker.on('message', (message) => {
        if (message.difference) return reject(new Error(`differs: ${JSON.stringify(message.difference)}`));
        if (message.digest) store(message);
        const next = jobs.shift();
        if (next) worker.send(next);
        else worker.disconnect();
      });
      worker.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`a worker ended with status ${code}`))));
    });
  try {
    await Promise.all(Array.from({ length: Math.min(Number(values.processes), jobs.length) }, work));
    process.stderr.write(`\n${numDone} chunks agree\n`);
  } catch (error) {
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
