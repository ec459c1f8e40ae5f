/**
 * Programs of which the output under `qemu-riscv32` is stored: for machines without the emulator, and for every run. A
 * program runs if the machine has all of its instructions; the names of the others are printed.
 */
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { ulpMachine } from '../../machine/relation.ts';
import { defineInstructionSet, type InstructionSet } from '../../vm/executor/instruction.ts';
import { testedMnemonics } from './generate.ts';
import { assembled, difference, outputOf } from './machines.ts';
import vectors from './qemu.vectors.json' with { type: 'json' };

const { instructions, recorded } = ulpMachine();

const unpack = (packed: string): Uint8Array => new Uint8Array(gunzipSync(Buffer.from(packed, 'base64')));

const programs = vectors.programs.flatMap((stored) => {
  const text = new TextDecoder().decode(unpack(stored.text));
  const missing = /unknown-mnemonic/;
  try {
    return [{ ...stored, text, elf: assembled(text, instructions), expected: unpack(stored.output) }];
  } catch (error) {
    if (!missing.test((error as Error).message)) throw error;
    console.log(`skipped "${stored.name}": the machine does not have all of ${stored.mnemonics.join(' ')}`);
    return [];
  }
});

describe.each(programs)(
  '$name: $numInstructions random instructions (seed $seed) do what qemu-riscv32 does',
  (program) => {
    const { text, elf, expected } = program;

    test('executed fast', () => {
      expect(difference(text, outputOf(elf, instructions), expected)).toBeUndefined();
    });

    test('executed by the chips, for a trace', () => {
      expect(difference(text, outputOf(elf, instructions, recorded), expected)).toBeUndefined();
    });
  },
);

test('the stored programs have every instruction of the machine that the emulator has', () => {
  const stored = new Set(vectors.programs.flatMap(({ mnemonics }) => mnemonics));
  expect(testedMnemonics(instructions.table).filter((mnemonic) => !stored.has(mnemonic))).toEqual([]);
});

describe('the programs find a machine', () => {
  // A fence does nothing.
  const cases = programs.flatMap(({ mnemonics, ...program }) =>
    mnemonics.filter((mnemonic) => mnemonic !== 'fence').map((mnemonic) => ({ mnemonic, program })),
  );
  test.each(cases)('where $mnemonic does nothing', ({ mnemonic, program: { text, elf, expected } }) => {
    const found = (): string | undefined =>
      difference(text, outputOf(elf, withoutEffect(mnemonic), recorded), expected);
    let reason: string | undefined;
    try {
      reason = found();
    } catch (error) {
      // It did not even come to its end.
      reason = (error as Error).message;
    }
    expect(reason).toMatch(/^word \d+: ours|^expected the program to reach/);
  });
});

function withoutEffect(mnemonic: string): InstructionSet {
  const list = [...instructions.byOp.values()];
  return defineInstructionSet(
    list.map((one) => (one.spec.mnemonic === mnemonic ? { ...one, execute: (machine) => machine.next() } : one)),
  );
}
