import { expect, test } from 'vitest';
import { linearLayer } from '../../model/linear.ts';
import { bf16Bytes } from '../../protocol/bf16-matrix.ts';
import { parseRecord } from '../../protocol/record.ts';
import { encodeSafetensors } from '../../protocol/safetensors.ts';
import { Cli, DIRECTORY, type FakeFile, realEngine } from '../cli.fixture.ts';
import type { Engine } from '../engine.ts';

const SHAPE = { rows: 5, columns: 4, inner: 16 };
/** Patterns of +-1.xx: no sum is infinite, and no product is zero. */
const values = (count: number, from: number): Uint16Array =>
  Uint16Array.from({ length: count }, (_, i) => 0x3f80 + (((i + from) * 37) % 128) + (i % 3 === 0 ? 0x8000 : 0));
const x = values(5 * 16, 1);
const w = values(4 * 16, 2);
const bias = values(4, 3);
const y = linearLayer({ x, w, bias, ...SHAPE });

const file = (shape: number[], data: Uint16Array): Uint8Array =>
  encodeSafetensors({ t: { dtype: 'BF16', shape, data: bf16Bytes(data) } });
const tensors: Readonly<Record<string, FakeFile>> = {
  'x.st': file([5, 16], x),
  'w.st': file([4, 16], w),
  'b.st': file([4], bias),
  'y.st': file([5, 4], y),
};
const LINE = 'layer linear --x x.st --w w.st --y y.st --bias b.st --samples 3 --quiet';
const SEED = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';

/** Runs the guest for real; the proof is a constant. */
const engine: Partial<Engine> = {
  async prove(program, input) {
    const result = realEngine().run(program, input, { record: false });
    if (!result.ok) return result;
    const { publicOutput, exitCode, cycles } = result;
    const rest = { bits: 101, cells: 1, rowsByChip: new Map(), elapsedMs: {}, peakBytes: 1 };
    return { ok: true, proof: Uint8Array.of(1, 2, 3), publicOutput, exitCode, cycles, ...rest };
  },
  verify: () => ({ ok: true, bits: 101, zeroKnowledge: true, parameters: 'fast' }),
};
const layerCli = (files: Readonly<Record<string, FakeFile>> = {}): Cli => new Cli({ ...tensors, ...files }, engine);

/** Roots and seeds are salted, times differ. */
const steady = (text: string): string =>
  text
    .replace(/[0-9a-f]{64,72}/g, '...')
    .replace(/(time +|peak memory +|cycles +).*/g, '$1...')
    .replace(/in \d+ ms/, 'in ... ms');

test('commits, proves, and writes proof and statement', async () => {
  const cli = layerCli();
  const { out, err, code } = await cli.run(`${LINE} --out p.ulp`);
  expect({ err, code }).toEqual({ err: '', code: undefined });
  expect(steady(out)).toMatchInlineSnapshot(`
    "Y = X W^T + bias, X 5 x 16, W 4 x 16, Y 5 x 4
      root X          ...
      root W          ...
      root Y          ...
      root bias       ...
      seed            ... (the hash of the statement)
      samples         3
      proof           3 B, p.ulp
      time            ...
      peak memory     ...
      cycles          ...
      cells           1
      security        101 bits, provable (fast)
      zero-knowledge  yes
      statement       p.ulp.json

    3 sampled entries of 20: the declared product, bit for bit.
    A deviation in a fraction f of all entries escapes with probability (1 - f)^3:
      f = 50 %: 0.13   10 %: 0.73   2 %: 0.94   1 %: 0.97
    The seed is the hash of the statement: who tries 2^g statements multiplies these probabilities by 2^g.
    Not proven: the entries that were not sampled, so a deviation in a few of them; and where X and W come from."
  `);
  const record = parseRecord(cli.text('p.ulp.json'));
  expect(record).toMatchObject({ shape: SHAPE, samples: 3, model: 'hopper', challenge: { mode: 'fiat-shamir' } });
});

test('what was written is accepted, and says what it is worth', async () => {
  const cli = layerCli();
  await cli.run(`${LINE} --out p.ulp`);
  const { out, err, code } = await cli.run('layer verify p.ulp');
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(steady(out)).toMatchInlineSnapshot(`
    "accepted in ... ms
      security        101 bits, provable (fast)
      zero-knowledge  yes
      layer           Y = X W^T + bias, X 5 x 16, W 4 x 16
      root x          ...
      root w          ...
      root y          ...
      root bias       ...
      seed            ... (the hash of the statement)

    3 sampled entries of 20: the declared product, bit for bit.
    A deviation in a fraction f of all entries escapes with probability (1 - f)^3:
      f = 50 %: 0.13   10 %: 0.73   2 %: 0.94   1 %: 0.97
    The seed is the hash of the statement: who tries 2^g statements multiplies these probabilities by 2^g.
    Not proven: the entries that were not sampled, so a deviation in a few of them; and where X and W come from."
  `);
  expect((await cli.run('layer verify p.ulp p.ulp.json --require strong')).err).toMatch(/^rejected \[parameters\]/);
});

test('tiles: every entry of a square around each sample, and the record says so', async () => {
  const cli = layerCli();
  const { out, err, code } = await cli.run(`${LINE} --tile 2 --out p.ulp`);
  expect({ err, code }).toEqual({ err: '', code: undefined });
  expect(out).toContain('  samples         3, tiles of 2 x 2\n');
  const assurance = [
    '3 sampled tiles of 2 x 2 among 20 entries: the declared product, bit for bit.',
    'A deviation in a fraction f of all entries escapes with probability at most (1 - f)^3:',
  ].join('\n');
  expect(out).toContain(assurance);
  expect(parseRecord(cli.text('p.ulp.json'))).toMatchObject({ samples: 3, tile: 2 });
  const verified = await cli.run('layer verify p.ulp');
  expect(verified).toMatchObject({ err: '', code: 0 });
  expect(verified.out).toContain(assurance);
  const { accepted, shape, samples, tile } = JSON.parse((await cli.run('layer verify p.ulp --json')).out);
  expect({ accepted, shape, samples, tile }).toEqual({ accepted: true, shape: SHAPE, samples: 3, tile: 2 });
  cli.files.set('p.ulp.json', cli.text('p.ulp.json').replace('"tile":2', '"tile":4'));
  expect(JSON.parse((await cli.run('layer verify p.ulp --json')).out)).toMatchObject({
    accepted: false,
    code: 'record',
  });
});

test('tiles: a wrong entry beside every sample is refused and named', async () => {
  // A Y of 5 x 4 has two tiles of 4 x 4: the first 16 entries, and the last row.
  const wrong = y.map((pattern, at) => (at < 16 ? pattern ^ 1 : pattern));
  const seed = `${LINE.replace('--samples 3', '--samples 8')} --seed ${SEED}`;
  const { err, code } = await layerCli({ 'y.st': file([5, 4], wrong) }).run(`${seed} --tile 4`);
  expect(code).toBe(2);
  expect(err).toMatch(/help: Y\[0, 0\] is 0x[0-9a-f]{4}; the declared product, .*, is 0x[0-9a-f]{4}$/);
});

test("a seed of the verifier's own: commit, then prove from the same roots", async () => {
  const cli = layerCli();
  const committed = await cli.run(`${LINE} --secret s.hex --commit-only`);
  const rootOfY = /root Y +([0-9a-f]{72})/.exec(committed.out)![1]!;
  expect(cli.text('s.hex')).toMatch(/^[0-9a-f]{64}\n$/);
  expect(cli.files.has('proof.ulp')).toBe(false);
  const proven = await cli.run(`${LINE} --secret s.hex --seed ${SEED}`);
  expect(proven.out).toContain(`${SEED} (the verifier's)`);
  expect(parseRecord(cli.text('proof.ulp.json')).roots.y).toBe(rootOfY);

  const forgotten = await cli.run('layer verify proof.ulp');
  expect(forgotten).toEqual({
    out: '',
    err: 'rejected [seed]: the record says that the verifier chose the seed: give yours with --seed',
    code: 1,
  });
  const other = await cli.run(`layer verify proof.ulp --seed ${SEED.replace('00', '01')}`);
  expect({ code: other.code, err: other.err.slice(0, 15) }).toEqual({ code: 1, err: 'rejected [seed]' });
  expect((await cli.run(`layer verify proof.ulp --seed ${SEED} --root-y ${rootOfY}`)).code).toBe(0);
  const otherRoot = await cli.run(`layer verify proof.ulp --seed ${SEED} --root-y ${rootOfY.replace(/^../, '00')}`);
  expect({ code: otherRoot.code, err: otherRoot.err.slice(0, 15) }).toEqual({ code: 1, err: 'rejected [root]' });
});

test('one JSON object for programs, with the members of the record', async () => {
  const cli = layerCli();
  const committed = JSON.parse((await cli.run(`${LINE} --secret s.hex --commit-only --json`)).out);
  const { err, out } = await cli.run(`${LINE} --secret s.hex --out p.ulp --json`);
  const proven = JSON.parse(out);
  const record = parseRecord(cli.text('p.ulp.json'));
  const { model, shape, samples, roots, challenge } = record;
  expect(err).toBe('');
  expect(committed).toEqual({ model, shape, samples, tile: 1, roots, challenge });
  expect(proven).toMatchObject({ ...committed, proof: 'p.ulp', record: 'p.ulp.json', proofBytes: 3 });
  const { accepted, bits, zeroKnowledge, parameters } = JSON.parse((await cli.run('layer verify p.ulp --json')).out);
  expect({ accepted, bits, zeroKnowledge, parameters }).toEqual({
    accepted: true,
    bits: proven.bits,
    zeroKnowledge: proven.zeroKnowledge,
    parameters: proven.parameters,
  });
});

test('two commitments to the same tensors share nothing', async () => {
  const roots = async (): Promise<string> => (await layerCli().run(`${LINE} --commit-only`)).out;
  const [first, second] = [await roots(), await roots()];
  for (const root of first.match(/[0-9a-f]{72}/g)!) expect(second).not.toContain(root);
});

test('a case file runs like the layer', async () => {
  const cli = layerCli();
  await cli.run(`${LINE} --case case.json`);
  const { publicInput } = JSON.parse(cli.text('case.json'));
  expect(publicInput).toHaveLength(52);
});

test('a wrong entry is named', async () => {
  const wrong = y.map((pattern) => pattern ^ 1);
  const { out, err, code } = await layerCli({ 'y.st': file([5, 4], wrong) }).run(LINE);
  expect({ out: out.includes('proof '), code }).toEqual({ out: false, code: 2 });
  expect(err).toMatch(
    /^error: the program trapped: assertion-failed: a sampled entry of Y is not the declared product/,
  );
  expect(err).toMatch(/help: Y\[\d, \d\] is 0x[0-9a-f]{4}; the declared product, .*, is 0x[0-9a-f]{4}$/);
});

test.each<[string, string, Readonly<Record<string, FakeFile>>]>([
  ['a missing tensor', 'layer linear --x no.st --w w.st --y y.st', {}],
  ['a directory', 'layer linear --x folder --w w.st --y y.st', { folder: DIRECTORY }],
  ['an empty file', LINE, { 'w.st': '' }],
  ['a file that is no safetensors', LINE, { 'x.st': 'this is text, and long enough to be read' }],
  ['a cut file', LINE, { 'x.st': file([5, 16], x).slice(0, 200) }],
  ['a wrong dtype', LINE, { 'x.st': encodeSafetensors({ t: { dtype: 'F16', shape: [5, 16], data: bf16Bytes(x) } }) }],
  [
    'an F32 that is no BF16',
    LINE,
    { 'b.st': encodeSafetensors({ t: { dtype: 'F32', shape: [4], data: new Uint8Array(16).fill(63) } }) },
  ],
  ['a tensor of three dimensions', LINE, { 'x.st': file([5, 4, 4], x) }],
  ['W of another inner dimension', LINE, { 'w.st': file([8, 8], w) }],
  ['Y of another shape', LINE, { 'y.st': file([4, 5], y) }],
  ['a bias of another length', LINE, { 'b.st': file([5], values(5, 1)) }],
  ['an unknown tensor name', LINE.replace('x.st', 'x.st#weight'), {}],
  [
    'several tensors and no name',
    LINE,
    {
      'x.st': encodeSafetensors({
        a: { dtype: 'BF16', shape: [1], data: new Uint8Array(2) },
        b: { dtype: 'BF16', shape: [1], data: new Uint8Array(2) },
      }),
    },
  ],
  ['no tensor at all', 'layer linear --w w.st --y y.st', {}],
  ['a short seed', `${LINE} --seed 00ff`, {}],
  ['a seed that is no hex', `${LINE} --seed ${'x'.repeat(64)}`, {}],
  ['no samples', LINE.replace('--samples 3', '--samples 0'), {}],
  ['an unknown model', `${LINE} --model tpu`, {}],
  ['a tile of three', `${LINE} --tile 3`, {}],
  ['a tile that is no number', `${LINE} --tile 2x2`, {}],
  ['a secret that is none', `${LINE} --secret s.hex`, { 's.hex': 'hello' }],
  ['a directory as proof', `${LINE} --out folder`, { folder: DIRECTORY }],
  ['a directory as case', `${LINE} --case folder`, { folder: DIRECTORY }],
])('%s is one message and exit code 2', async (_, line, files) => {
  const { err, code } = await layerCli(files).run(line);
  expect(code).toBe(2);
  expect(err).toMatchSnapshot();
});

test.each<[string, string, (record: string) => string]>([
  ['a record that is no JSON', 'record', () => 'no'],
  ['a record with another number of samples', 'record', (text) => text.replace('"samples":3', '"samples":2')],
  ['a record with tiles that were not', 'record', (text) => text.replace('"samples":3', '"samples":3,"tile":2')],
  ['a record with another shape', 'record', (text) => text.replace('"rows":5', '"rows":6')],
  ['a record with another root', 'record', (text) => text.replace(/"x":"../, '"x":"00')],
  ['a record that is spelled differently', 'record', (text) => ` ${text}`],
  ['a record of another program', 'program', (text) => text.replace(/"program":"[^"]*"/, `"program":"${SEED}"`)],
  ['a record of another machine', 'key', (text) => text.replace(/"key":"[^"]*"/, `"key":"${SEED}"`)],
  ['a record of another proof', 'proof', (text) => text.replace(/"proof":"[^"]*"/, `"proof":"${SEED}"`)],
])('%s is rejected', async (_, code, change) => {
  const cli = layerCli();
  await cli.run(LINE);
  cli.files.set('proof.ulp.json', change(cli.text('proof.ulp.json')));
  const result = await cli.run('layer verify proof.ulp');
  expect({ code: result.code, out: result.out }).toEqual({ code: 1, out: '' });
  expect(result.err.split(':')[0]).toBe(`rejected [${code}]`);
});

test.each([
  ['layer verify no.ulp', 'error: cannot read no.ulp: no such file or directory'],
  [
    'layer verify x.st',
    'error: cannot read x.st.json: no such file or directory\n  help: it is the public statement that `ulp layer linear` writes beside the proof',
  ],
  ['layer verify', "error: missing required argument 'proof'\n(`ulp layer verify --help` shows how it is used)"],
])('%s is one message and exit code 2', async (line, message) => {
  expect(await layerCli().run(line)).toEqual({ out: '', err: message, code: 2 });
});
