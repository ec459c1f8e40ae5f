/** Compiled C, proven and verified. */
import { expect, test } from 'vitest';
import { proveProgram, verifyProgram } from '../../machine/prove.ts';
import { FAST } from '../../stark/parameters.ts';
import { built, loaded, machine, textFile } from './guest.ts';

test('the factors of a public number are proven known, and for no other number', async () => {
  const program = loaded(built([textFile('guests/c/crt0.s'), textFile('test/foreign/factor.gcc.s')]));
  const product = 3_000_000_019n * 4_000_000_007n;
  const publicInput = Uint32Array.of(Number(product & 0xffffffffn), Number(product >> 32n));
  const hints = new Uint16Array(Uint32Array.of(3_000_000_019, 4_000_000_007).buffer);
  const proven = await proveProgram(machine, program, { publicInput, hints }, { parameters: FAST });
  if (!proven.ok) throw new Error(proven.trap.detail);
  const values = { publicInput, publicOutput: Uint32Array.of(1), exitCode: 0 };
  expect(verifyProgram(machine, program, values, proven.proof)).toMatchObject({ ok: true });
  const other = { ...values, publicInput: Uint32Array.of(publicInput[0]! + 2, publicInput[1]!) };
  expect(verifyProgram(machine, program, other, proven.proof)).toMatchObject({ ok: false });
});

test('floating point of compiled C is proven', async () => {
  const program = loaded(built([textFile('guests/c/crt0.s'), textFile('test/foreign/normalise.gcc.s')]));
  const publicInput = Uint32Array.of(2, 3, 4);
  const proven = await proveProgram(machine, program, { publicInput }, { parameters: FAST });
  if (!proven.ok) throw new Error(proven.trap.detail);
  const values = { publicInput, publicOutput: Uint32Array.of(0x3f19999a, 0x3f1a, 0x3f4ccccd, 0x3f4d), exitCode: 0 };
  expect(verifyProgram(machine, program, values, proven.proof)).toMatchObject({ ok: true });
});
