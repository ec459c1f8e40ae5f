import { expect, test, vi } from 'vitest';
import type { DemoTensors } from '../../model/demo.ts';
import { linearLayer } from '../../model/linear.ts';
import { Cli, realEngine } from '../cli.fixture.ts';
import { CliError } from '../cli-error.ts';
import type { Engine } from '../engine.ts';
import type { Io } from '../io.ts';
import { runDemo } from './demo.ts';

/** Small tensors instead of the trained ones: the rest of the demo is the real one. */
function smallTensors(onStep?: (step: number, loss: number) => void): DemoTensors {
  const shape = { rows: 4, columns: 6, inner: 16 };
  const values = (count: number, from: number): Uint16Array =>
    Uint16Array.from({ length: count }, (_, i) => 0x3f80 + (((i + from) * 37) % 128));
  const [x, w] = [values(4 * 16, 1), values(6 * 16, 2)];
  onStep?.(0, 6.24);
  onStep?.(1, 4.03);
  return { passage: 'Call me Ishmael.', x, w, y: linearLayer({ x, w, ...shape }), ...shape, passageLoss: 3.9 };
}

async function demo(engine: Engine, keep?: string) {
  const lines: string[] = [];
  const errors: string[] = [];
  const files = new Map<string, Uint8Array | string>();
  let code: number | undefined;
  const io: Io = {
    out: (line) => void lines.push(line),
    err: (line) => void errors.push(line),
    readFile: async () => new Uint8Array(),
    openFile: async () => Promise.reject(new Error('no tensors are read')),
    requireWritable: async () => {},
    writeFile: async (path, bytes) => void files.set(path, bytes),
    makeFolder: async (path) => {
      if (path === 'file') throw new CliError('file', 'cannot create file: it is in the way');
    },
    exists: async () => false,
    exitCode: (value) => {
      code = value;
    },
    interactive: false,
    colours: false,
  };
  const options = { samples: 2, params: 'fast', threads: 2, maxMemory: 2 ** 32, zk: true, quiet: true } as const;
  await runDemo(io, engine, { ...options, ...(keep !== undefined && { keep }) }, smallTensors);
  return { out: lines.join('\n'), err: errors.join('\n'), files, code };
}

/** Digests, times, memory and the sampled place are other ones in every run. */
const steady = (text: string): string =>
  text
    .replace(/[0-9a-f]{24}\.\.\./g, '...')
    .replace(/\d+(\.\d+)? m?s\b/g, '... ms')
    .replace(/[\d.]+ [KMG]iB/g, '... MiB')
    .replace(/Y\[.*/, 'Y[...')
    .replace(/: \d+ is not \d+/g, '')
    .replace(/[\d,]+ instructions, [\d,]+ cells/, '...');

test('everything happens as promised', async () => {
  const { out, err, files, code } = await demo(realEngine(), 'folder');
  expect(code).toBe(0);
  expect(err).not.toContain('error');
  expect(steady(out)).toMatchInlineSnapshot(`
    "1  Train a character model on Moby Dick
       loss 6.24 -> 4.03 in ... ms
       on text it never saw 3.90: "Call me Ishmael...."
    2  Commit to its output layer Y = X W^T, derive the challenge
       X 4 x 16       root ...
       W 6 x 16       root ...
       Y 4 x 6        root ...
       seed ... (the hash of the statement) picks 2 of 24 entries
    3  Prove 2 sampled entries, accumulated in the order of a Hopper tensor core
       ... ms, ...
    4  Verify
       ✓ accepted in ... ms, proof ... MiB
         security 101 bits, provable; zero-knowledge yes
    5  Flip one bit of a sampled entry of Y
       Y[...
       ✓ committed anew: no proof, the guest traps: a sampled entry of Y is not the declared product (guests/linear.s:332)
       ✓ under the old commitment: no proof, the guest traps: the opened leaf does not belong to the committed root (guests/lib/opening.s:20)
       ✓ old proof, new commitment: rejected [bus-unbalanced]
    What the proof says
       2 sampled entries of 24: the declared product, bit for bit.
       A deviation in a fraction f of all entries escapes with probability (1 - f)^2:
         f = 50 %: 0.25   10 %: 0.81   2 %: 0.96   1 %: 0.98
       The seed is the hash of the statement: who tries 2^g statements multiplies these probabilities by 2^g.
       Not proven: the entries that were not sampled, so a deviation in a few of them; and where X and W come from.
       files are in folder
    Done in ... ms, peak memory ... MiB, kernels ... MiB"
  `);

  // What it keeps is input of the other commands.
  const cli = new Cli(Object.fromEntries(files));
  expect((await cli.run('layer verify folder/proof.ulp')).code).toBe(0);
  expect(JSON.parse((await cli.run('run folder/linear.elf --input folder/case.json --json')).out)).toMatchObject({
    publicOutput: [2],
  });
  const line = 'layer linear --x folder/x.safetensors --w folder/w.safetensors --y folder/y.safetensors --commit-only';
  expect((await cli.run(line)).code).toBe(undefined);
});

test('a folder that cannot be made is said before the work', async () => {
  const prove = vi.fn<Engine['prove']>();
  await expect(demo({ ...realEngine(), prove }, 'file')).rejects.toThrow('cannot create file');
  expect(prove).not.toHaveBeenCalled();
});

const believesEverything: Engine = {
  ...realEngine(),
  prove: async (program, input) => {
    const result = realEngine().run(program, input, { record: false });
    if (!result.ok) return result;
    const rest = { bits: 101, cells: 1, rowsByChip: new Map(), elapsedMs: {}, peakBytes: 1 };
    return { ...result, proof: new Uint8Array(1), ...rest };
  },
  verify: () => ({ ok: true, bits: 101, zeroKnowledge: true, parameters: 'fast' }),
};

test('a verifier that accepts the old proof for the new commitment breaks the promise', async () => {
  const { out, err, code } = await demo(believesEverything);
  expect({ err: err.split('\n').at(-1), code }).toEqual({ err: 'error: the demo did not go as promised', code: 1 });
  expect(out).toContain('✗ old proof, new commitment: accepted');
});

test('a verifier that rejects the honest proof breaks the promise', async () => {
  const { out, code } = await demo({
    ...believesEverything,
    verify: () => ({ ok: false, why: { code: 'bus-unbalanced' } }),
  });
  expect(code).toBe(1);
  expect(out).toContain('✗ rejected [bus-unbalanced]');
});

test('a prover that proves the forgery breaks the promise', async () => {
  const { out, code } = await demo({
    ...believesEverything,
    prove: async () => ({
      ok: true,
      proof: new Uint8Array(1),
      publicOutput: Uint32Array.of(2),
      exitCode: 0,
      cycles: 1,
      bits: 101,
      cells: 1,
      rowsByChip: new Map(),
      elapsedMs: {},
      peakBytes: 1,
    }),
  });
  expect(code).toBe(1);
  expect(out).toContain('✗ committed anew: a proof came');
});
