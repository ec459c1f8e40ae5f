import { expect, test, vi } from 'vitest';
import type { ProvenProgram } from '../../machine/prove.ts';
import { MemoryLimitError } from '../../stark/kernels/memory.ts';
import { FAST, STRONG } from '../../stark/parameters.ts';
import { ShapeError } from '../../stark/prover/prove.ts';
import { DIRECTORY, sumCli } from '../cli.fixture.ts';
import type { Engine } from '../engine.ts';

const proven: ProvenProgram = {
  ok: true,
  proof: new Uint8Array(300_000),
  publicOutput: Uint32Array.of(150),
  exitCode: 0,
  cycles: 41,
  bits: 101.2,
  cells: 1_234_567,
  rowsByChip: new Map([['add', 25]]),
  elapsedMs: { execute: 1 },
  peakBytes: 2 ** 28,
};
const proves = (result: Partial<ProvenProgram> = {}) =>
  vi.fn<Engine['prove']>(async (_program, _input, { onPhase }) => {
    onPhase?.('execute', 0);
    onPhase?.('trace', 0.5);
    return { ...proven, ...result };
  });
const fails = (cause: unknown): Partial<Engine> => ({ prove: async () => Promise.reject(cause) });

/** Times and memory of this process differ from run to run. */
const steady = (text: string): string =>
  text
    .replace(/(time +).*/, '$1...')
    .replace(/(peak memory +)[^,]*/, '$1...')
    .replace(/\d+ ms$/gm, '... ms');

test('writes the proof and its public values, and says what it took', async () => {
  const prove = proves();
  const cli = await sumCli({}, { prove });
  const { out, err, code } = await cli.run('prove sum.elf --input case.json -o out/p.ulp');
  expect(code).toBe(undefined);
  expect(cli.read('out/p.ulp')).toEqual(proven.proof);
  expect(cli.text('out/public.json')).toMatchInlineSnapshot(`
    "{
      "publicInput": [5],
      "publicOutput": [150],
      "exitCode": 0
    }
    "
  `);
  expect(steady(out)).toMatchInlineSnapshot(`
    "  proof           292.97 KiB, p.ulp
      time            ...
      peak memory     ..., kernels 256.00 MiB
      cycles          41
      cells           1,234,567
      security        101.2 bits, provable (fast)
      zero-knowledge  yes"
  `);
  expect(steady(err)).toMatchInlineSnapshot(`
    "  execute      ... ms
      trace        ... ms"
  `);
  expect(prove.mock.calls[0]![2]).toMatchObject({
    parameters: FAST,
    zeroKnowledge: true,
    threads: 2,
    maxMemory: 2 ** 32,
  });
});

test('one JSON object for programs', async () => {
  const cli = await sumCli({}, { prove: proves() });
  const { out, err } = await cli.run('prove sum.elf --input case.json -o out/p.ulp --quiet --json');
  const { elapsedMs, peakBytes, ...rest } = JSON.parse(out);
  expect({ err, elapsedMs, peakBytes }).toEqual({
    err: '',
    elapsedMs: expect.any(Number),
    peakBytes: expect.any(Number),
  });
  expect(rest).toEqual({
    ...{ proof: 'out/p.ulp', public: 'out/public.json', exitCode: 0, publicOutput: [150], proofBytes: 300_000 },
    ...{ bits: 101.2, zeroKnowledge: true, parameters: 'fast', cycles: 41, cells: 1_234_567, kernelBytes: 2 ** 28 },
  });
});

test('options reach the prover', async () => {
  const prove = proves();
  const cli = await sumCli({}, { prove });
  const line =
    'prove sum.elf --input case.json -o p.ulp --public v.json --params strong --no-zk --threads 4 --max-memory 512MiB --quiet';
  const { out, err } = await cli.run(line);
  expect(prove.mock.calls[0]![2]).toMatchObject({
    parameters: STRONG,
    zeroKnowledge: false,
    threads: 4,
    maxMemory: 2 ** 29,
  });
  expect(err).toBe('');
  expect(out).toMatch(/zero-knowledge +no: the proof may reveal private inputs/);
  expect(cli.files.has('v.json')).toBe(true);
});

test('a proof of a failed program says so', async () => {
  const cli = await sumCli({}, { prove: proves({ exitCode: 3 }) });
  const { err } = await cli.run('prove sum.elf -o p.ulp --quiet');
  expect(err).toBe('note: the program ended with exit code 3, and the proof says so');
});

test('a trap has no proof', async () => {
  const cli = await sumCli({ 'case.json': '{"publicInput": [5], "hints": [100, 8]}' });
  const { err, code } = await cli.run('prove sum.elf --input case.json -o p.ulp --quiet');
  expect({ code, written: cli.files.has('p.ulp') }).toEqual({ code: 2, written: false });
  expect(err).toMatchInlineSnapshot(`
    "error: the program trapped: assertion-failed: the second hint is not 7: 8 is not 7
      at sum.s:15, pc 0x00010024, cycle 36
      help: only a run that ends with an exit code can be proven"
  `);
});

test.each([
  ['too little memory', new MemoryLimitError(700 * 2 ** 20, 2 ** 29)],
  ['a system without memory', new RangeError('Array buffer allocation failed')],
  [
    'a run that is too long',
    new ShapeError({ code: 'shape', what: 'log height of add', expected: '9 to 22', got: '23' }),
  ],
  ['a bug', new Error('index out of bounds')],
])('%s is one message and exit code 2', async (_, cause) => {
  const cli = await sumCli({}, fails(cause));
  const { out, err, code } = await cli.run('prove sum.elf -o p.ulp --quiet');
  expect({ out, code, written: cli.files.has('p.ulp') }).toEqual({ out: '', code: 2, written: false });
  expect(err).toMatchSnapshot();
});

test.each([
  'prove sum.elf',
  'prove sum.elf -o folder --quiet',
  'prove sum.elf -o p.ulp --params weak',
  'prove sum.elf -o p.ulp --threads 0',
  'prove sum.elf -o p.ulp --threads two',
  'prove sum.elf -o p.ulp --max-memory 8GiB',
  'prove sum.elf -o p.ulp --max-memory 4KiB',
  'prove sum.elf -o p.ulp --max-memory lots',
  'prove sum.elf -o p.ulp --input folder',
  'prove sum.elf -o p.ulp --input wrong.json',
])('%s is one message and exit code 2', async (line) => {
  const cli = await sumCli({ folder: DIRECTORY, 'wrong.json': '{"hints": "not base64!"}' }, { prove: proves() });
  const { out, err, code } = await cli.run(line);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toMatchSnapshot();
});
