import { expect, test, vi } from 'vitest';
import type { Verdict } from '../../stark/verifier/verdict.ts';
import { DIRECTORY, sumCli } from '../cli.fixture.ts';
import type { Engine } from '../engine.ts';

const ACCEPTED: Verdict = { ok: true, bits: 101.2, zeroKnowledge: true, parameters: 'fast' };
const files = {
  'p.ulp': Uint8Array.of(1, 2, 3),
  'public.json': '{"publicInput": [5], "publicOutput": [150], "exitCode": 0}',
};
const LINE = 'verify sum.elf p.ulp --public public.json';
const verifies = (verdict: Verdict) => vi.fn<Engine['verify']>(() => verdict);

test('an accepted proof exits 0', async () => {
  const verify = verifies(ACCEPTED);
  const cli = await sumCli(files, { verify });
  const { out, err, code } = await cli.run(LINE);
  expect({ err, code }).toEqual({ err: '', code: 0 });
  expect(out.replace(/in \d+ ms/, 'in ... ms')).toMatchInlineSnapshot(`
    "accepted in ... ms
      security        101.2 bits, provable (fast)
      zero-knowledge  yes
      exit code       0"
  `);
  expect(verify.mock.calls[0]!.slice(1)).toEqual([
    { publicInput: Uint32Array.of(5), publicOutput: Uint32Array.of(150), exitCode: 0 },
    files['p.ulp'],
  ]);
});

test('a rejected proof exits 1, with its code', async () => {
  const cli = await sumCli(files, { verify: verifies({ ok: false, why: { code: 'fri-fold', round: 2, query: 17 } }) });
  expect(await cli.run(LINE)).toEqual({
    out: '',
    err: 'rejected [fri-fold]: query 17: the fold of round 2 is not in the next codeword',
    code: 1,
  });
});

test('a proof with a weaker set than required is rejected', async () => {
  const cli = await sumCli(files, { verify: verifies(ACCEPTED) });
  expect(await cli.run(`${LINE} --require strong`)).toEqual({
    out: '',
    err: 'rejected [parameters]: 101.2 provable bits with the set fast, strong (128) is required',
    code: 1,
  });
  expect((await cli.run(`${LINE} --require fast`)).code).toBe(0);
});

test('--json prints one object either way', async () => {
  const accepted = await sumCli(files, { verify: verifies(ACCEPTED) });
  expect(JSON.parse((await accepted.run(`${LINE} --json`)).out)).toEqual({
    accepted: true,
    bits: 101.2,
    zeroKnowledge: true,
    parameters: 'fast',
    elapsedMs: expect.any(Number),
  });
  const rejected = await sumCli(files, { verify: verifies({ ok: false, why: { code: 'bus-unbalanced' } }) });
  expect(JSON.parse((await rejected.run(`${LINE} --json`)).out)).toMatchObject({
    accepted: false,
    code: 'bus-unbalanced',
  });
});

test('an empty proof is rejected by the verifier, not an error', async () => {
  const cli = await sumCli({ ...files, 'p.ulp': new Uint8Array(0) });
  const { err, code } = await cli.run(LINE);
  expect({ err: err.slice(0, 21), code }).toEqual({ err: 'rejected [malformed]:', code: 1 });
});

test.each([
  'verify sum.elf p.ulp',
  'verify sum.elf --public public.json',
  'verify sum.elf missing.ulp --public public.json',
  'verify sum.elf folder --public public.json',
  'verify missing.elf p.ulp --public public.json',
  'verify p.ulp p.ulp --public public.json',
  'verify sum.elf p.ulp --public case.json',
  'verify sum.elf p.ulp --public public.json --require paranoid',
])('%s is one message and exit code 2', async (line) => {
  const cli = await sumCli({ ...files, folder: DIRECTORY });
  const { out, err, code } = await cli.run(line);
  expect({ out, code }).toEqual({ out: '', code: 2 });
  expect(err).toMatchSnapshot();
});
